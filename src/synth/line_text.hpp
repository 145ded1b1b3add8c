// SPDX-License-Identifier: Apache-2.0
// synth: values -> their text in a line, each with the blank behind it.
//
// Writes whole blocks and lets the next value overwrite what was too much, so both sides need room.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::synth {

/// Bytes that may be read behind a text, and written behind a line.
inline constexpr std::size_t kCopySlack = 32;

/// A short text with its blank, ready to be copied.
class Word {
 public:
  Word() : Word("-") {}
  explicit Word(std::string_view text) noexcept { assign(text); }
  /// `text` has at most 46 bytes.
  void assign(std::string_view text) noexcept {
    std::memcpy(bytes_.data(), text.data(), text.size());
    bytes_[text.size()] = ' ';
    length_ = static_cast<std::uint8_t>(text.size() + 1);
  }
  std::string_view text() const noexcept { return {bytes_.data(), length_ - std::size_t{1}}; }

  /// Where a word is composed in place; set_length() counts the blank.
  char* bytes() noexcept { return bytes_.data(); }
  void set_length(std::size_t length) noexcept { length_ = static_cast<std::uint8_t>(length); }

  char* write(char* out) const noexcept {
    std::memcpy(out, bytes_.data(), 16);
    if (length_ > 16) std::memcpy(out + 16, bytes_.data() + 16, 32);
    return out + length_;
  }

 private:
  std::array<char, 48> bytes_{};
  std::uint8_t length_ = 0;
};

/// Copies text that has kCopySlack readable bytes behind it.
inline char* write_padded(char* out, const char* text, std::size_t length) noexcept {
  for (std::size_t done = 0; done < length; done += 32) std::memcpy(out + done, text + done, 32);
  return out + length;
}

inline constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

/// Writes a decimal number and its blank.
inline char* write_number(char* out, std::uint64_t value) noexcept {
  std::size_t digits = 1;
  for (std::uint64_t rest = value; rest >= 10; rest /= 100) digits += rest >= 100 ? 2 : 1;
  char* place = out + digits;
  *place = ' ';
  char* const end = place + 1;
  for (; value >= 100; value /= 100) {
    place -= 2;
    std::memcpy(place, kPairs.data() + 2 * (value % 100), 2);
  }
  if (value >= 10) {
    std::memcpy(place - 2, kPairs.data() + 2 * value, 2);
  } else {
    place[-1] = static_cast<char>('0' + value);
  }
  return end;
}

}  // namespace weir::synth
