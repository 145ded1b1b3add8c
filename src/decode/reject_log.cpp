// SPDX-License-Identifier: Apache-2.0
// decode: what happens to input that is not a record.
#include "decode/reject_log.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir::decode {
namespace {

/// The line with a caret under the place, cut to what fits a screen.
std::string excerpt_of(const Reject& reject) {
  constexpr std::size_t kShown = 100;
  constexpr std::size_t kBefore = 60;
  if (reject.text.empty()) return {};
  const std::size_t column = reject.column == 0 ? 0 : reject.column - 1;
  const std::size_t begin = column > kBefore && column < reject.text.size() ? column - kBefore : 0;
  std::string shown = reject.text.substr(begin, kShown);
  std::replace_if(
      shown.begin(), shown.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  if (reject.column == 0 || column >= begin + kShown) return shown;
  return fmt::format("{}\n{:>{}}", shown, '^', column - begin + 1);
}

}  // namespace

void RejectLog::add(BlockOutcome& outcome) {
  for (std::size_t reason = 0; reason < kRejectReasons; ++reason) {
    report_.rejected += outcome.rejected()[reason];
    report_.rejected_by_reason[reason] += outcome.rejected()[reason];
  }
  for (Reject& reject : outcome.rejects) take(std::move(reject));
  outcome.rejects.clear();
}

void RejectLog::take(Reject reject) {
  if (options_.on_reject) options_.on_reject(object_, reject);
  if (options_.strict && !failure_) {
    failure_ = Error{.code = ErrorCode::malformed,
                     .message = reject.detail,
                     .where = reject.column == 0
                                  ? fmt::format("{}:{}", object_, reject.line)
                                  : fmt::format("{}:{}:{}", object_, reject.line, reject.column),
                     .excerpt = excerpt_of(reject),
                     .hint = "without --strict such lines are skipped and counted"};
  }
  if (++samples_[static_cast<std::size_t>(reject.reason)] <= kRejectSamples) {
    report_.samples.push_back(std::move(reject));
  }
}

void RejectLog::fail(Error error) {
  if (!failure_) failure_ = std::move(error);
}

}  // namespace weir::decode
