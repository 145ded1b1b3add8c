// SPDX-License-Identifier: Apache-2.0
// source: the bytes of one archive, as libarchive asks for them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "weir/source.hpp"

namespace weir::source {

/// Bytes for libarchive, from a file at any place or from whatever can be read once.
class ArchiveFeed {
 public:
  explicit ArchiveFeed(std::unique_ptr<Object> object)
      : object_(std::move(object)), size_(object_->archive_size()) {}

  const Object& object() const { return *object_; }
  bool can_seek() const { return size_.has_value(); }
  std::uint64_t packed_bytes() const {
    return can_seek() ? std::min(taken_, *size_) : object_->packed_bytes();
  }
  /// Zeros at the end of what has been read so far.
  std::uint64_t last_zeros() const { return last_zeros_; }
  std::string_view tail() const { return tail_; }

  Result<std::string_view> read() {
    Result<std::size_t> length =
        can_seek() ? object_->read_at(position_, buffer_) : object_->read(buffer_);
    if (!length) return Unexpected(std::move(length.error()));
    const std::string_view bytes(buffer_.data(), *length);
    position_ += bytes.size();
    taken_ += bytes.size();
    note_end(bytes);
    return bytes;
  }

  /// How many bytes it could go forward.
  std::uint64_t skip(std::uint64_t length) {
    if (!can_seek()) return 0;
    const std::uint64_t skipped = std::min(length, *size_ - std::min(position_, *size_));
    position_ += skipped;
    taken_ += skipped;
    last_zeros_ = 0;
    return skipped;
  }

  std::optional<std::uint64_t> seek(std::int64_t offset, int whence) {
    if (!can_seek()) return std::nullopt;
    const std::uint64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position_ : *size_;
    const std::int64_t place = static_cast<std::int64_t>(base) + offset;
    if (place < 0) return std::nullopt;
    return position_ = static_cast<std::uint64_t>(place);
  }

  /// Reads what is left, so that damage in it is met.
  Result<void> drain() {
    while (!can_seek()) {
      const Result<std::string_view> bytes = read();
      if (!bytes) return Unexpected(bytes.error());
      if (bytes->empty()) break;
    }
    return {};
  }

 private:
  void note_end(std::string_view bytes) {
    const std::size_t last = bytes.find_last_not_of('\0');
    last_zeros_ =
        last == std::string_view::npos ? last_zeros_ + bytes.size() : bytes.size() - last - 1;
    constexpr std::size_t kTailBytes = std::size_t{4} << 10;
    tail_ += bytes.substr(bytes.size() - std::min(bytes.size(), kTailBytes));
    if (tail_.size() > kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
  }

  std::unique_ptr<Object> object_;
  std::optional<std::uint64_t> size_;
  std::uint64_t position_ = 0;  // of a file
  std::uint64_t taken_ = 0;
  std::uint64_t last_zeros_ = 0;
  std::string tail_;
  std::array<char, std::size_t{64} * 1024> buffer_{};
};

}  // namespace weir::source
