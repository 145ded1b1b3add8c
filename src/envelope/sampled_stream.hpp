// SPDX-License-Identifier: Apache-2.0
// envelope: a byte stream whose first bytes can be looked at before they are read.
#pragma once

#include <optional>
#include <string>

#include "weir/source.hpp"

namespace weir::envelope {

/// As much as is looked at to recognise a shape.
inline constexpr std::size_t kSampleBytes = std::size_t{64} << 10;

class SampledStream final : public ByteStream {
 public:
  explicit SampledStream(ByteStream& stream) : stream_(stream) {}

  /// Reads the sample. A failure after some bytes is kept for read().
  Result<void> fill();
  std::string_view sample() const noexcept { return std::string_view(sample_).substr(position_); }
  /// True if the sample is the whole object, undamaged.
  bool complete() const noexcept { return ended_ && !error_; }
  /// Leaves out bytes of the sample, such as a byte order mark.
  void skip(std::size_t bytes) noexcept { position_ += bytes; }

  Result<std::size_t> read(std::span<char> out) override;

 private:
  ByteStream& stream_;
  std::string sample_;
  std::size_t position_ = 0;
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace weir::envelope
