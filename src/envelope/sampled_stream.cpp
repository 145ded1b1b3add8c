// SPDX-License-Identifier: Apache-2.0
// envelope: a byte stream whose first bytes can be looked at before they are read.
#include "envelope/sampled_stream.hpp"

#include <algorithm>

namespace weir::envelope {

Result<void> SampledStream::fill() {
  sample_.resize(kSampleBytes);
  std::size_t size = 0;
  while (size < kSampleBytes) {
    Result<std::size_t> got = stream_.read(std::span(sample_).subspan(size));
    if (!got) error_ = std::move(got.error());
    ended_ = error_.has_value() || *got == 0;
    if (ended_) break;
    size += *got;
  }
  sample_.resize(size);
  if (error_ && size == 0) return Unexpected(*std::exchange(error_, std::nullopt));
  return {};
}

Result<std::size_t> SampledStream::read(std::span<char> out) {
  if (position_ < sample_.size()) {
    const std::size_t size = std::min(out.size(), sample_.size() - position_);
    std::copy_n(sample_.data() + position_, size, out.data());
    position_ += size;
    if (position_ == sample_.size()) sample_ = std::string(), position_ = 0;
    return size;
  }
  if (error_) return Unexpected(*std::exchange(error_, std::nullopt));
  if (ended_) return std::size_t{0};
  return stream_.read(out);
}

}  // namespace weir::envelope
