// SPDX-License-Identifier: Apache-2.0
// compute: keys of a fixed number of 64-bit words -> totals. Open addressing, linear probing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/aggregate.hpp"

namespace weir {

class GroupTable {
 public:
  explicit GroupTable(std::size_t words) : words_(words), slots_(kFirstSlots, kEmpty) {}

  /// Totals of a key, new if it was not there. Valid until the next call.
  GroupTotals& at(std::span<const std::uint64_t> key);

  std::size_t size() const noexcept { return totals_.size(); }
  std::span<const std::uint64_t> key(std::size_t group) const noexcept {
    return std::span(keys_).subspan(group * words_, words_);
  }
  const GroupTotals& totals(std::size_t group) const noexcept { return totals_[group]; }

 private:
  void grow();

  static constexpr std::uint32_t kEmpty = ~std::uint32_t{0};
  static constexpr std::size_t kFirstSlots = 1024;

  std::size_t words_;
  std::vector<std::uint32_t> slots_;  // index of a group, or kEmpty; a power of two of them
  std::vector<std::uint64_t> keys_;   // words_ of each group
  std::vector<std::uint64_t> hashes_;
  std::vector<GroupTotals> totals_;
};

}  // namespace weir
