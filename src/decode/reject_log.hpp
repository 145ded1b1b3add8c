// SPDX-License-Identifier: Apache-2.0
// decode: counts and samples what is no record, and turns the first one into an error when told to.
#pragma once

#include <optional>
#include <string>

#include "weir/decode.hpp"

namespace weir {

/// Bytes of a line that a reject keeps.
inline constexpr std::size_t kRejectTextBytes = 4096;

class RejectLog {
 public:
  RejectLog(std::string object, const DecodeOptions& options, DecodeReport& report)
      : object_(std::move(object)), options_(options), report_(report) {}

  void add(Reject reject);
  /// Remembers what ends the object; the first failure stays.
  void fail(Error error);
  bool failed() const noexcept { return failure_.has_value(); }
  /// True if reading goes on after a reject.
  bool forgives() const noexcept { return !options_.strict; }
  std::optional<Error> take_failure() { return std::exchange(failure_, std::nullopt); }

 private:
  std::string object_;
  const DecodeOptions& options_;
  DecodeReport& report_;
  std::optional<Error> failure_;
  std::uint64_t failed_line_ = 0;  // of the reject that became failure_, 0 if none did
};

}  // namespace weir
