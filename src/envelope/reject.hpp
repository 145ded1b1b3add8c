// SPDX-License-Identifier: Apache-2.0
// envelope: pieces that are not records.
#pragma once

#include <string>
#include <string_view>

#include "weir/envelope.hpp"

namespace weir::envelope {

/// As much of a rejected line as is kept.
inline constexpr std::size_t kRejectTextBytes = 4096;

/// Rejects that may wait before an envelope hands them out, with or without lines.
inline constexpr std::size_t kMaxWaitingRejects = 256;

Reject make_reject(RejectReason reason, LineOrigin place, std::string detail,
                   std::string_view text);
/// A line, cell or JSON value that is longer than `limit` bytes; `text` is its beginning.
Reject too_long_reject(LineOrigin place, std::size_t limit, std::string_view text);
/// What stood unfinished before the damage.
Reject cut_off_reject(LineOrigin place, std::string_view text);

/// `offset` bytes into a line, as LineOrigin::column has it.
std::uint32_t to_column(std::uint64_t offset) noexcept;

}  // namespace weir::envelope
