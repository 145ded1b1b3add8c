// SPDX-License-Identifier: Apache-2.0
// render: number -> decimal digits.
//
// Eight digits are made at once in one 64-bit word, without a branch on how many there are: a
// number is cut into halves, quarters and digits by multiplications that work on all pieces
// together.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/ip_text.hpp"

namespace weir::render {

// A word's lowest byte is the first digit of the text.
static_assert(std::endian::native == std::endian::little);

/// The eight digits of a number below 10^8, 0 to 9, most significant digit in the lowest byte.
inline std::uint64_t eight_digits(std::uint32_t value) noexcept {
  // Two numbers below 10^4, four below 100, eight below 10: x / 100 is x * 10486 >> 20 for all x
  // below 10^4, and x / 10 is x * 103 >> 10 for all x below 100.
  const std::uint32_t upper = value / 10'000;
  const std::uint64_t fours = upper | std::uint64_t{value - upper * 10'000} << 32;
  const std::uint64_t hundreds = (fours * 10486 >> 20) & 0x0000'007f'0000'007f;
  // (fours - hundreds * 100) << 16 | hundreds, and the same one level down.
  const std::uint64_t twos = (fours << 16) - hundreds * ((100 << 16) - 1);
  const std::uint64_t tens = (twos * 103 >> 10) & 0x000f'000f'000f'000f;
  return (twos << 8) - tens * ((10 << 8) - 1);
}

/// `0` in each byte: turns digits into text.
inline constexpr std::uint64_t kZeroDigits = 0x3030'3030'3030'3030;

/// Writes all eight digits of a number below 10^8.
inline char* write_eight_digits(std::uint32_t value, char* out) noexcept {
  const std::uint64_t text = eight_digits(value) | kZeroDigits;
  std::memcpy(out, &text, sizeof text);
  return out + sizeof text;
}

/// Writes a number below 10^8 and returns where it ends. Uses eight bytes of `out`.
inline char* write_short_number(std::uint32_t value, char* out) noexcept {
  const std::uint64_t digits = eight_digits(value);
  // Zero has one digit: the last byte always counts.
  const auto zeros = static_cast<unsigned>(std::countr_zero(digits | std::uint64_t{1} << 56)) / 8;
  const std::uint64_t text = (digits | kZeroDigits) >> 8 * zeros;
  std::memcpy(out, &text, sizeof text);
  return out + sizeof text - zeros;
}

/// Bytes that write_number() may use: three pieces of eight.
inline constexpr std::size_t kMaxNumberText = 24;

/// Writes a number and returns where it ends. What `out` holds behind it, up to kMaxNumberText, is
/// lost.
inline char* write_number(std::uint64_t value, char* out) noexcept {
  constexpr std::uint64_t step = 100'000'000;
  if (value < step) return write_short_number(static_cast<std::uint32_t>(value), out);
  const std::uint64_t upper = value / step;
  const auto lower = static_cast<std::uint32_t>(value % step);
  if (upper < step) {
    out = write_short_number(static_cast<std::uint32_t>(upper), out);
  } else {
    out = write_short_number(static_cast<std::uint32_t>(upper / step), out);
    out = write_eight_digits(static_cast<std::uint32_t>(upper % step), out);
  }
  return write_eight_digits(lower, out);
}

/// The same for a number that is nearly always below 256.
inline char* write_byte(std::uint64_t value, char* out) noexcept {
  if (value >= base::kOctetTexts.size()) return write_number(value, out);
  const base::OctetText& octet = base::kOctetTexts[value];
  std::memcpy(out, octet.text.data(), octet.text.size());
  return out + octet.length - 1;
}

/// All but the last four digits of the time before: they stay for hours.
struct LastTime {
  std::uint64_t upper = ~std::uint64_t{0};
  std::uint64_t text = 0;
  std::uint32_t length = 0;
};

/// The same for Unix seconds that lie close to those before.
inline char* write_time(std::uint64_t value, LastTime& last, char* out) noexcept {
  const std::uint64_t upper = value / 10'000;
  if (upper != last.upper) {
    if (upper == 0 || upper >= 100'000'000) return write_number(value, out);
    char text[8];
    last.upper = upper;
    last.length = static_cast<std::uint32_t>(
        write_short_number(static_cast<std::uint32_t>(upper), text) - text);
    std::memcpy(&last.text, text, sizeof text);
  }
  std::memcpy(out, &last.text, sizeof last.text);
  out += last.length;
  // As in eight_digits(), with half the pieces.
  const auto lower = static_cast<std::uint32_t>(value - upper * 10'000);
  const std::uint32_t hundreds = lower * 10486 >> 20;
  const std::uint32_t twos = (lower << 16) - hundreds * ((100 << 16) - 1);
  const std::uint32_t tens = (twos * 103 >> 10) & 0x000f'000f;
  const std::uint32_t digits = ((twos << 8) - tens * ((10 << 8) - 1)) | 0x3030'3030;
  std::memcpy(out, &digits, sizeof digits);
  return out + sizeof digits;
}

/// Most digits of a 128-bit number, and the bytes that write_number() may use for one.
inline constexpr std::size_t kMaxWideNumberText = 48;

/// The same for 128 bits, in steps of 16 digits.
inline char* write_number(unsigned __int128 value, char* out) noexcept {
  constexpr std::uint64_t step = 10'000'000'000'000'000;
  if (value <= ~std::uint64_t{0}) return write_number(static_cast<std::uint64_t>(value), out);
  const auto last = static_cast<std::uint64_t>(value % step);
  out = write_number(value / step, out);
  out = write_eight_digits(static_cast<std::uint32_t>(last / 100'000'000), out);
  return write_eight_digits(static_cast<std::uint32_t>(last % 100'000'000), out);
}

/// Plain digits.
inline std::string decimal_text(unsigned __int128 value) {
  std::array<char, kMaxWideNumberText> digits;
  return {digits.data(), write_number(value, digits.data())};
}

}  // namespace weir::render
