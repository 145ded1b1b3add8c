// SPDX-License-Identifier: Apache-2.0
// source: the packed bytes of one object, before anything unpacks them.
#include "source/packed_bytes.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir::source {

Result<bool> PackedBytes::need(std::size_t length) {
  while (window_.size() < length) {
    if (!stream_) return false;
    if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(kWindowBytes);
    if (!window_.empty()) std::memmove(buffer_.get(), window_.data(), window_.size());
    const std::size_t kept = window_.size();
    auto taken = stream_->read({buffer_.get() + kept, kWindowBytes - kept});
    window_ = {buffer_.get(), kept + (taken ? *taken : 0)};
    if (!taken || *taken == 0) stream_.reset();
    if (!taken) return Unexpected(std::move(taken.error()));
  }
  return true;
}

Result<std::size_t> PackedBytes::read(std::span<char> out) {
  if (window_.empty() && stream_) {
    auto taken = stream_->read(out);
    if (!taken || *taken == 0) stream_.reset();
    if (taken) offset_ += *taken;
    return taken;
  }
  const std::size_t length = std::min(out.size(), window_.size());
  std::copy_n(window_.data(), length, out.data());
  consume(length);
  return length;
}

}  // namespace weir::source
