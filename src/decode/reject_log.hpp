// SPDX-License-Identifier: Apache-2.0
// decode: counts and samples what is not a record, and turns the first one into an error under
// --strict.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "decode/block_outcome.hpp"
#include "weir/decode.hpp"

namespace weir::decode {

class RejectLog {
 public:
  RejectLog(std::string object, const DecodeOptions& options, DecodeReport& report)
      : object_(std::move(object)), options_(options), report_(report) {}

  /// Takes what a block rejected; blocks come in their order.
  void add(BlockOutcome& outcome);
  /// Remembers what ends the object; the first failure stays.
  void fail(Error error);
  bool failed() const noexcept { return failure_.has_value(); }
  /// True if reading goes on after a reject.
  bool forgives() const noexcept { return !options_.strict; }
  std::optional<Error> take_failure() { return std::exchange(failure_, std::nullopt); }

 private:
  void take(Reject reject);

  std::string object_;
  const DecodeOptions& options_;
  DecodeReport& report_;
  std::optional<Error> failure_;
  std::array<std::uint64_t, kRejectReasons> samples_{};
};

}  // namespace weir::decode
