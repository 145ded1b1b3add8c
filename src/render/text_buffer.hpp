// SPDX-License-Identifier: Apache-2.0
// render: text on its way into a sink, gathered in one block. The inner loop of every writer.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "weir/ip.hpp"
#include "weir/result.hpp"
#include "weir/source.hpp"

namespace weir {

/// Appends values to a block of memory and hands it to the sink when it is full.
///
/// Memory: the block size plus one record.
/// Threads: one at a time.
class TextBuffer {
 public:
  explicit TextBuffer(ByteSink& sink) : sink_(&sink) {}

  /// Makes room for `count` bytes and returns where they go; advance() takes what was used.
  char* room(std::size_t count) {
    if (capacity_ - size_ < count) grow(count);
    return bytes_.get() + size_;
  }
  void advance(std::size_t count) noexcept { size_ += count; }

  void append(char byte) {
    *room(1) = byte;
    ++size_;
  }
  void append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void append_ip(const Ip& address) { size_ += write_ip(address, room(kMaxIpText)); }
  void append_number(std::uint64_t value);
  void append_number(unsigned __int128 value);

  /// Called after each record: writes once the block is full.
  Result<void> flush_when_full() { return size_ < kFlushBytes ? Result<void>() : flush(); }
  Result<void> flush() {
    const std::string_view text(bytes_.get(), size_);
    size_ = 0;
    return text.empty() ? Result<void>() : sink_->write(text);
  }

 private:
  static constexpr std::size_t kFlushBytes = std::size_t{256} << 10;

  void grow(std::size_t count) {
    const std::size_t capacity = std::max(kFlushBytes + (kFlushBytes >> 2), (size_ + count) * 2);
    std::unique_ptr<char[]> bytes(new char[capacity]);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  ByteSink* sink_;
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// `00` to `99`, so that one division gives two digits.
inline constexpr std::array<char, 200> kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

/// Writes decimal digits that end at `end` and returns where they begin.
inline char* write_digits_before(char* end, std::uint64_t value) noexcept {
  while (value >= 100) {
    end -= 2;
    std::memcpy(end, kDigitPairs.data() + 2 * (value % 100), 2);
    value /= 100;
  }
  if (value >= 10) {
    end -= 2;
    std::memcpy(end, kDigitPairs.data() + 2 * value, 2);
    return end;
  }
  *--end = static_cast<char>('0' + value);
  return end;
}

/// Most digits of a 128-bit number.
inline constexpr std::size_t kMaxDigits = 39;

/// The same for 128 bits, in steps of 18 digits that 64-bit arithmetic can write.
inline char* write_digits_before(char* end, unsigned __int128 value) noexcept {
  constexpr std::uint64_t step = 1'000'000'000'000'000'000;
  while (value >= step) {
    char* const begin = write_digits_before(end, static_cast<std::uint64_t>(value % step));
    end -= 18;
    std::memset(end, '0', static_cast<std::size_t>(begin - end));
    value /= step;
  }
  return write_digits_before(end, static_cast<std::uint64_t>(value));
}

inline void TextBuffer::append_number(std::uint64_t value) {
  char digits[kMaxDigits];
  char* const begin = write_digits_before(digits + kMaxDigits, value);
  append(std::string_view(begin, static_cast<std::size_t>(digits + kMaxDigits - begin)));
}

inline void TextBuffer::append_number(unsigned __int128 value) {
  char digits[kMaxDigits];
  char* const begin = write_digits_before(digits + kMaxDigits, value);
  append(std::string_view(begin, static_cast<std::size_t>(digits + kMaxDigits - begin)));
}

}  // namespace weir
