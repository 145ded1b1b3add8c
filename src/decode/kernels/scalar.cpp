// SPDX-License-Identifier: Apache-2.0
// decode: the portable kernel, and the oracle of the others. Eight bytes at a time.
#include <bit>
#include <cstring>

#include "decode/kernels/kernels.hpp"

namespace weir::decode::kernel::scalar {
namespace {

static_assert(std::endian::native == std::endian::little, "loads below put the first byte lowest");

constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;

std::uint64_t load_eight(const char* bytes) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// The high bit of each byte that equals `byte`.
std::uint64_t equal_bytes(std::uint64_t word, char byte) noexcept {
  const std::uint64_t differ = word ^ (kOnes * static_cast<unsigned char>(byte));
  // No byte carries into the next: the sum of seven bits stays within eight.
  return ~(((differ & ~kHighBits) + ~kHighBits) | differ) & kHighBits;
}

/// The high bit of each byte below 0x20.
std::uint64_t control_bytes(std::uint64_t word) noexcept {
  return ~(((word & ~kHighBits) + kOnes * 0x60) | word) & kHighBits;
}

/// Calls `take` with the position of each high bit of `marks`.
template <class Take>
void for_each_mark(std::uint64_t marks, std::size_t base, Take take) {
  for (; marks != 0; marks &= marks - 1) {
    take(static_cast<std::uint32_t>(base) +
         static_cast<std::uint32_t>(std::countr_zero(marks)) / 8);
  }
}

/// Marks beyond the end of the text are none.
std::uint64_t within(std::uint64_t marks, std::size_t base, std::size_t size) noexcept {
  const std::size_t left = size - base;
  return left >= 8 ? marks : marks & ((std::uint64_t{1} << (8 * left)) - 1);
}

Separators separators(const char* text, std::size_t size, std::uint32_t* positions) {
  Separators found;
  std::uint64_t before = kHighBits;  // the line before the text ended
  std::uint64_t odd = 0;
  for (std::size_t base = 0; base < size; base += 8) {
    const std::uint64_t word = load_eight(text + base);
    const std::uint64_t newlines = within(equal_bytes(word, '\n'), base, size);
    const std::uint64_t marks = within(equal_bytes(word, ' '), base, size) | newlines;
    odd |= within(control_bytes(word), base, size) ^ newlines;
    odd |= marks & (marks << 8 | before >> 56);
    before = marks;
    found.newlines += static_cast<std::size_t>(std::popcount(newlines));
    for_each_mark(marks, base, [&](std::uint32_t at) { positions[found.count++] = at; });
  }
  found.odd = odd != 0;
  return found;
}

std::size_t edges(const char* text, std::size_t size, std::uint32_t* positions) {
  std::size_t count = 0;
  std::uint64_t before = kHighBits;
  for (std::size_t base = 0; base < size; base += 8) {
    const std::uint64_t word = load_eight(text + base);
    const std::uint64_t blanks = equal_bytes(word, ' ') | equal_bytes(word, '\n') |
                                 equal_bytes(word, '\t') | equal_bytes(word, '\r');
    const std::uint64_t changes = within(blanks ^ (blanks << 8 | before >> 56), base, size);
    before = blanks;
    for_each_mark(changes & kHighBits, base, [&](std::uint32_t at) { positions[count++] = at; });
  }
  return count;
}

std::size_t newlines(const char* text, std::size_t size, std::uint32_t* positions) {
  std::size_t count = 0;
  for (std::size_t base = 0; base < size; base += 8) {
    const std::uint64_t marks = within(equal_bytes(load_eight(text + base), '\n'), base, size);
    for_each_mark(marks, base, [&](std::uint32_t at) { positions[count++] = at; });
  }
  return count;
}

/// Eight bytes that should be digits -> their value; `bad` gets bits if one is none.
std::uint64_t eight_digits(std::uint64_t digits, std::uint64_t& bad) noexcept {
  // A digit without the bits of '0' has no high nibble, neither by itself nor six larger.
  bad |= (digits | (digits + kOnes * 6)) & (kOnes * 0xf0);
  digits = digits * 10 + (digits >> 8);  // pairs, in the even bytes
  constexpr std::uint64_t kPairs = 0x0000'00ff'0000'00ff;
  constexpr std::uint64_t kHundreds = 100 + (std::uint64_t{1'000'000} << 32);
  constexpr std::uint64_t kUnits = 1 + (std::uint64_t{10'000} << 32);
  return ((digits & kPairs) * kHundreds + (digits >> 16 & kPairs) * kUnits) >> 32;
}

/// The last eight bytes before `end` as digits, of which `length` (1 to 8) are there.
std::uint64_t last_digits(const char* end, std::uint32_t length, std::uint64_t& bad) noexcept {
  // Not a difference: that would borrow from the digits when a blank stands before them.
  const std::uint64_t word = load_eight(end - 8) ^ (kOnes * '0');
  return eight_digits(word >> (64 - 8 * length) << (64 - 8 * length), bad);
}

std::size_t numbers(const TokenColumn& tokens, std::uint64_t max, std::uint64_t* values,
                    std::uint16_t* exceptions) {
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; ++row) {
    const std::uint32_t end = tokens.end(row);
    const std::uint32_t length = end - tokens.begin(row);
    std::uint64_t bad = length - 1 >= kMostDigits ? 1 : 0;
    std::uint64_t value = 0;
    if (length <= 8) {
      value = last_digits(tokens.text + end, length == 0 ? 1 : length, bad);
    } else {
      value = last_digits(tokens.text + end, 8, bad);
      value += last_digits(tokens.text + end - 8, length < 16 ? length - 8 : 8, bad) * 100'000'000;
    }
    values[row] = value;
    exceptions[count] = static_cast<std::uint16_t>(row);
    count += static_cast<std::size_t>((bad != 0) | (value > max));
  }
  return count;
}

/// Reads a dotted quad; false for everything else.
bool read_quad(const char* at, const char* end, std::uint32_t& address) noexcept {
  address = 0;
  for (int part = 0; part < 4; ++part) {
    std::uint32_t value = static_cast<unsigned char>(*at++) - std::uint32_t{'0'};
    if (value > 9) return false;
    for (int digits = 1; digits < 3; ++digits) {
      const std::uint32_t digit = static_cast<unsigned char>(*at) - std::uint32_t{'0'};
      if (at == end || digit > 9) break;
      value = value * 10 + digit;
      ++at;
    }
    if (value > 255) return false;
    address = address << 8 | value;
    if (part < 3 && (at == end || *at++ != '.')) return false;
    if (part < 3 && at == end) return false;
  }
  return at == end;
}

std::size_t addresses(const TokenColumn& tokens, Ip* values, std::uint16_t* exceptions) {
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; ++row) {
    std::uint32_t address = 0;
    const std::uint32_t begin = tokens.begin(row);
    const std::uint32_t end = tokens.end(row);
    const bool good = begin < end && read_quad(tokens.text + begin, tokens.text + end, address);
    values[row] = Ip::from_ipv4(address);
    exceptions[count] = static_cast<std::uint16_t>(row);
    count += good ? 0 : 1;
  }
  return count;
}

}  // namespace

const Table kTable = {.kernel = base::Kernel::scalar,
                      .separators = separators,
                      .edges = edges,
                      .newlines = newlines,
                      .numbers = numbers,
                      .addresses = addresses};

}  // namespace weir::decode::kernel::scalar
