// SPDX-License-Identifier: Apache-2.0
// envelope: pieces that are not records.
#include "envelope/reject.hpp"

#include <fmt/format.h>

#include <limits>

namespace weir {

std::string_view reject_reason_name(RejectReason reason) noexcept {
  switch (reason) {
    case RejectReason::field_count:
      return "field-count";
    case RejectReason::number:
      return "number";
    case RejectReason::time:
      return "time";
    case RejectReason::address:
      return "address";
    case RejectReason::encoding:
      return "encoding";
    case RejectReason::too_long:
      return "too-long";
    case RejectReason::json:
      return "json";
    case RejectReason::csv:
      return "csv";
    case RejectReason::cut_off:
      return "cut-off";
    case RejectReason::no_format:
      return "no-format";
    case RejectReason::other_log:
      return "other-log";
  }
  return "unknown";
}

Reject envelope::make_reject(RejectReason reason, LineOrigin place, std::string detail,
                             std::string_view text) {
  constexpr std::uint32_t kLastColumn = std::numeric_limits<std::uint32_t>::max();
  return {.reason = reason,
          .line = place.line,
          .column = place.column == kLastColumn ? kLastColumn : place.column + 1,
          .detail = std::move(detail),
          .text = std::string(text.substr(0, envelope::kRejectTextBytes))};
}

Reject envelope::too_long_reject(LineOrigin place, std::size_t limit, std::string_view text) {
  Reject reject = envelope::make_reject(RejectReason::too_long, place,
                                        fmt::format("longer than {} MiB", limit >> 20), text);
  reject.column = 0;
  return reject;
}

Reject envelope::cut_off_reject(LineOrigin place, std::string_view text) {
  Reject reject = envelope::make_reject(RejectReason::cut_off, place,
                                        "breaks off, since the object is damaged after it", text);
  reject.column = 0;
  return reject;
}

std::uint32_t envelope::to_column(std::uint64_t offset) noexcept {
  constexpr std::uint64_t kLastColumn = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(offset < kLastColumn ? offset : kLastColumn);
}

}  // namespace weir
