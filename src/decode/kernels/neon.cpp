// SPDX-License-Identifier: Apache-2.0
// decode: the kernel for 64-bit ARM, which always has NEON: 64 bytes of text a step, one token a
// register.
#if defined(__aarch64__)

#include <arm_neon.h>

#include <bit>

#include "decode/kernels/kernels.hpp"
#include "decode/kernels/quad_patterns.hpp"

namespace weir::decode::kernel::neon {
namespace {

constexpr std::size_t kStep = 64;

/// One bit for each of 64 bytes.
using Bits = std::uint64_t;
using Text64 = uint8x16x4_t;

/// Bytes of all ones or zeros -> bits: each byte keeps the bit of its place, neighbours are added.
inline Bits to_bits(const Text64& masks) noexcept {
  const uint8x16_t places = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t low = vpaddq_u8(vandq_u8(masks.val[0], places), vandq_u8(masks.val[1], places));
  const uint8x16_t high = vpaddq_u8(vandq_u8(masks.val[2], places), vandq_u8(masks.val[3], places));
  const uint8x16_t sums = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

inline Text64 load_text(const char* text) noexcept {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text);
  return {{vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)}};
}

inline Bits equal_bits(const Text64& text, char byte) noexcept {
  const uint8x16_t wanted = vdupq_n_u8(static_cast<std::uint8_t>(byte));
  return to_bits({{vceqq_u8(text.val[0], wanted), vceqq_u8(text.val[1], wanted),
                   vceqq_u8(text.val[2], wanted), vceqq_u8(text.val[3], wanted)}});
}

/// Bytes up to 0x20: the space and what is no text.
inline Bits low_bits(const Text64& text) noexcept {
  const uint8x16_t space = vdupq_n_u8(' ');
  return to_bits({{vcleq_u8(text.val[0], space), vcleq_u8(text.val[1], space),
                   vcleq_u8(text.val[2], space), vcleq_u8(text.val[3], space)}});
}

/// Keeps the bits of bytes that belong to the text.
inline Bits within(Bits bits, std::size_t base, std::size_t size) noexcept {
  const std::size_t left = size - base;
  return left >= kStep ? bits : bits & ((Bits{1} << left) - 1);
}

/// Writes the position of each bit. Most steps have few, which are written without a branch each.
inline std::size_t write_positions(Bits bits, std::size_t base, std::uint32_t* positions) noexcept {
  const auto count = static_cast<std::size_t>(std::popcount(bits));
  const auto first = static_cast<std::uint32_t>(base);
  for (std::size_t i = 0; i < 8; ++i, bits &= bits - 1) {
    positions[i] = first + static_cast<std::uint32_t>(std::countr_zero(bits));
  }
  for (std::size_t i = 8; i < count; ++i, bits &= bits - 1) {
    positions[i] = first + static_cast<std::uint32_t>(std::countr_zero(bits));
  }
  return count;
}

Separators separators(const char* text, std::size_t size, std::uint32_t* positions) {
  Separators found;
  Bits before = 1;  // the line before the text ended
  Bits odd = 0;
  for (std::size_t base = 0; base < size; base += kStep) {
    const Text64 bytes = load_text(text + base);
    const Bits newlines = within(equal_bits(bytes, '\n'), base, size);
    const Bits marks = within(equal_bits(bytes, ' '), base, size) | newlines;
    odd |= within(low_bits(bytes), base, size) ^ marks;
    odd |= marks & (marks << 1 | before);
    before = marks >> 63;
    found.newlines += static_cast<std::size_t>(std::popcount(newlines));
    found.count += write_positions(marks, base, positions + found.count);
  }
  found.odd = odd != 0;
  return found;
}

std::size_t edges(const char* text, std::size_t size, std::uint32_t* positions) {
  std::size_t count = 0;
  Bits before = 1;
  for (std::size_t base = 0; base < size; base += kStep) {
    const Text64 bytes = load_text(text + base);
    const Bits blanks = equal_bits(bytes, ' ') | equal_bits(bytes, '\n') | equal_bits(bytes, '\t') |
                        equal_bits(bytes, '\r');
    const Bits changes = within(blanks ^ (blanks << 1 | before), base, size);
    before = blanks >> 63;
    count += write_positions(changes, base, positions + count);
  }
  return count;
}

std::size_t newlines(const char* text, std::size_t size, std::uint32_t* positions) {
  std::size_t count = 0;
  for (std::size_t base = 0; base < size; base += kStep) {
    Bits bits = within(equal_bits(load_text(text + base), '\n'), base, size);
    for (; bits != 0; bits &= bits - 1) {
      positions[count++] =
          static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(std::countr_zero(bits));
    }
  }
  return count;
}

/// Sixteen digits -> their value: pairs, fours, eights.
inline std::uint64_t value_of(uint8x16_t digits) noexcept {
  const uint8x16_t split = vuzp1q_u8(digits, digits);  // digits of even places
  const uint8x16_t units = vuzp2q_u8(digits, digits);
  const uint8x8_t pairs = vmla_u8(vget_low_u8(units), vget_low_u8(split), vdup_n_u8(10));
  const uint8x8_t even_pairs = vuzp1_u8(pairs, pairs);
  const uint8x8_t odd_pairs = vuzp2_u8(pairs, pairs);
  const uint16x4_t fours = vget_low_u16(vaddw_u8(vmull_u8(even_pairs, vdup_n_u8(100)), odd_pairs));
  const uint16x4_t even_fours = vuzp1_u16(fours, fours);
  const uint16x4_t odd_fours = vuzp2_u16(fours, fours);
  const uint32x2_t eights = vget_low_u32(vaddw_u16(vmull_n_u16(even_fours, 10'000), odd_fours));
  return std::uint64_t{vget_lane_u32(eights, 0)} * 100'000'000 + vget_lane_u32(eights, 1);
}

std::size_t numbers(const TokenColumn& tokens, std::uint64_t max, std::uint64_t* values,
                    std::uint16_t* exceptions) {
  const uint8x16_t places = {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; ++row) {
    const std::uint32_t end = tokens.end(row);
    const std::uint32_t length = end - tokens.begin(row);
    const auto* const last = reinterpret_cast<const std::uint8_t*>(tokens.text + end - 16);
    const uint8x16_t kept =
        vcltq_u8(places, vdupq_n_u8(static_cast<std::uint8_t>(length < 16 ? length : 16)));
    const uint8x16_t digits = vandq_u8(veorq_u8(vld1q_u8(last), vdupq_n_u8('0')), kept);
    values[row] = value_of(digits);
    const bool good = (length - 1 < kMostDigits) & (vmaxvq_u8(digits) <= 9) & (values[row] <= max);
    exceptions[count] = static_cast<std::uint16_t>(row);
    count += good ? 0 : 1;
  }
  return count;
}

std::size_t addresses(const TokenColumn& tokens, Ip* values, std::uint16_t* exceptions) {
  const uint8x16_t places = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x8_t weights = {0, 100, 10, 1, 0, 100, 10, 1};
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; ++row) {
    const std::uint32_t begin = tokens.begin(row);
    const std::uint32_t length = tokens.end(row) - begin;
    const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const std::uint8_t*>(tokens.text + begin));
    const uint8x16_t dots = vandq_u8(vceqq_u8(bytes, vdupq_n_u8('.')), places);
    const std::uint32_t dot_bits =
        vaddv_u8(vget_low_u8(dots)) | std::uint32_t{vaddv_u8(vget_high_u8(dots))} << 8;
    const std::uint32_t end_bit = 1U << (length & 31);
    const std::uint32_t marks = (dot_bits & (end_bit - 1)) | end_bit;
    const std::uint32_t slot = quad_slot(marks);
    const uint8x16_t digits =
        vqtbl1q_u8(veorq_u8(bytes, vdupq_n_u8('0')), vld1q_u8(kQuadTable.shuffles[slot].data()));
    const uint16x8_t pairs =
        vpaddq_u16(vmull_u8(vget_low_u8(digits), weights), vmull_u8(vget_high_u8(digits), weights));
    const uint16x4_t numbers = vget_low_u16(vpaddq_u16(pairs, pairs));
    const uint8x8_t low_bytes = vmovn_u16(vcombine_u16(numbers, numbers));
    const std::uint32_t address = vget_lane_u32(vreinterpret_u32_u8(low_bytes), 0);
    values[row] = Ip::from_ipv4(__builtin_bswap32(address));
    const bool good = (kQuadTable.marks[slot] == marks) & (length <= kMostQuadBytes) &
                      (vmaxvq_u8(digits) <= 9) & (vmaxv_u16(numbers) <= 255);
    exceptions[count] = static_cast<std::uint16_t>(row);
    count += good ? 0 : 1;
  }
  return count;
}

}  // namespace

const Table kTable = {.kernel = base::Kernel::neon,
                      .separators = separators,
                      .edges = edges,
                      .newlines = newlines,
                      .numbers = numbers,
                      .addresses = addresses};

}  // namespace weir::decode::kernel::neon

#endif
