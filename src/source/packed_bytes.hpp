// SPDX-License-Identifier: Apache-2.0
// source: the packed bytes of one object, before anything unpacks them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "weir/source.hpp"

namespace weir::source {

/// The packed bytes of one object, seen through a window that only moves forward, so that a pipe
/// works like a file.
///
/// Memory: kWindowBytes; nothing for bytes that lie in memory already.
class PackedBytes {
 public:
  static constexpr std::size_t kWindowBytes = std::size_t{128} * 1024;

  explicit PackedBytes(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}
  explicit PackedBytes(std::string_view bytes) : window_(bytes) {}

  /// The bytes at hand, possibly none.
  std::string_view window() const noexcept { return window_; }
  /// Position of the window's first byte in the object.
  std::uint64_t offset() const noexcept { return offset_; }
  void consume(std::size_t length) noexcept {
    window_.remove_prefix(length);
    offset_ += length;
  }

  /// Reads until the window holds `length` bytes, at most kWindowBytes; false if the object ends
  /// before that. Never reads when they are at hand.
  Result<bool> need(std::size_t length);
  /// Hands bytes out as they are, past the window when it is empty; 0 is the end.
  Result<std::size_t> read(std::span<char> out);

 private:
  std::unique_ptr<ByteStream> stream_;  // null at the end, and for bytes in memory
  std::unique_ptr<char[]> buffer_;      // what window_ shows, unless that lies in memory
  std::string_view window_;
  std::uint64_t offset_ = 0;
};

}  // namespace weir::source
