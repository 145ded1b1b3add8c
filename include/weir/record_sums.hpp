// SPDX-License-Identifier: Apache-2.0
// What records add up to, wherever some of them are told together.
//
// Two others keep a layout of their own, since an answer may have millions of them: GroupTotals,
// which knows how many records had packets at all, and ConversationWay.
#pragma once

#include <algorithm>
#include <cstdint>

namespace weir {

/// Sums over records, none of which stands for a window alone (NODATA, SKIPDATA). 128 bits wide, so
/// that they cannot overflow. Times are Unix seconds.
struct RecordSums {
  std::uint64_t flows = 0;  ///< records
  unsigned __int128 packets = 0;
  unsigned __int128 bytes = 0;
  std::int64_t first = 0;  ///< earliest start; meaningful if there are flows
  std::int64_t last = 0;   ///< latest end

  constexpr void add(const RecordSums& other) noexcept {
    if (other.flows == 0) return;
    first = flows == 0 ? other.first : std::min(first, other.first);
    last = flows == 0 ? other.last : std::max(last, other.last);
    flows += other.flows;
    packets += other.packets;
    bytes += other.bytes;
  }
  /// Of what has the same members, as the rows of an answer do.
  template <class Row>
  constexpr void copy_to(Row& row) const noexcept {
    row.flows = flows;
    row.packets = packets;
    row.bytes = bytes;
    row.first = first;
    row.last = last;
  }
};

}  // namespace weir
