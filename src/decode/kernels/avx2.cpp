// SPDX-License-Identifier: Apache-2.0
// decode: the kernel for x86-64 with AVX2: 64 bytes of text a step, two tokens a register.
#if defined(__x86_64__)

#include <immintrin.h>

#include "decode/kernels/kernels.hpp"
#include "decode/kernels/quad_patterns.hpp"

#define WEIR_AVX2 [[gnu::target("avx2,bmi,bmi2,popcnt,lzcnt")]]

namespace weir::kernel {
namespace {

constexpr std::size_t kStep = 64;

/// A bit a byte of 64 bytes.
using Bits = std::uint64_t;

struct Text64 {
  __m256i low;
  __m256i high;
};

WEIR_AVX2 inline Text64 load_text(const char* text) noexcept {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
}

WEIR_AVX2 inline Bits to_bits(__m256i low, __m256i high) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         Bits{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32;
}

WEIR_AVX2 inline Bits equal_bits(const Text64& text, char byte) noexcept {
  const __m256i wanted = _mm256_set1_epi8(byte);
  return to_bits(_mm256_cmpeq_epi8(text.low, wanted), _mm256_cmpeq_epi8(text.high, wanted));
}

/// Keeps the bits of bytes that belong to the text.
inline Bits within(Bits bits, std::size_t base, std::size_t size) noexcept {
  const std::size_t left = size - base;
  return left >= kStep ? bits : bits & ((Bits{1} << left) - 1);
}

/// Writes the position of each bit. Nearly all steps have up to twelve, which need no branch.
WEIR_AVX2 inline std::size_t write_positions(Bits bits, std::size_t base,
                                             std::uint32_t* positions) noexcept {
  constexpr std::size_t kUsual = 12;
  const auto count = static_cast<std::size_t>(_mm_popcnt_u64(bits));
  const auto first = static_cast<std::uint32_t>(base);
  for (std::size_t i = 0; i < kUsual; ++i, bits = _blsr_u64(bits)) {
    positions[i] = first + static_cast<std::uint32_t>(_tzcnt_u64(bits));
  }
  if (count <= kUsual) [[likely]]
    return count;
  for (std::size_t i = kUsual; i < count; ++i, bits = _blsr_u64(bits)) {
    positions[i] = first + static_cast<std::uint32_t>(_tzcnt_u64(bits));
  }
  return count;
}

/// What separators() carries from step to step.
struct SeparatorStep {
  Bits before = 1;  // the line before the text ended
  Bits odd = 0;
};

WEIR_AVX2 inline void find_separators(const char* text, std::size_t base, Bits inside,
                                      SeparatorStep& step, Separators& found,
                                      std::uint32_t* positions) noexcept {
  const __m256i space = _mm256_set1_epi8(' ');
  const __m256i newline = _mm256_set1_epi8('\n');
  const Text64 bytes = load_text(text + base);
  const __m256i low_newlines = _mm256_cmpeq_epi8(bytes.low, newline);
  const __m256i high_newlines = _mm256_cmpeq_epi8(bytes.high, newline);
  const Bits newlines = to_bits(low_newlines, high_newlines) & inside;
  const Bits marks = to_bits(_mm256_or_si256(_mm256_cmpeq_epi8(bytes.low, space), low_newlines),
                             _mm256_or_si256(_mm256_cmpeq_epi8(bytes.high, space), high_newlines)) &
                     inside;
  // Everything up to the space: blanks and what is no text.
  const Bits blanks = to_bits(_mm256_cmpeq_epi8(_mm256_max_epu8(bytes.low, space), space),
                              _mm256_cmpeq_epi8(_mm256_max_epu8(bytes.high, space), space)) &
                      inside;
  step.odd |= (blanks ^ marks) | (marks & (marks << 1 | step.before));
  step.before = marks >> 63;
  found.newlines += static_cast<std::size_t>(_mm_popcnt_u64(newlines));
  found.count += write_positions(marks, base, positions + found.count);
}

WEIR_AVX2 Separators separators(const char* text, std::size_t size, std::uint32_t* positions) {
  Separators found;
  SeparatorStep step;
  std::size_t base = 0;
  for (; base + kStep <= size; base += kStep) {
    find_separators(text, base, ~Bits{0}, step, found, positions);
  }
  if (base < size)
    find_separators(text, base, within(~Bits{0}, base, size), step, found, positions);
  found.odd = step.odd != 0;
  return found;
}

WEIR_AVX2 std::size_t edges(const char* text, std::size_t size, std::uint32_t* positions) {
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

WEIR_AVX2 std::size_t newlines(const char* text, std::size_t size, std::uint32_t* positions) {
  std::size_t count = 0;
  for (std::size_t base = 0; base < size; base += kStep) {
    Bits bits = within(equal_bits(load_text(text + base), '\n'), base, size);
    for (; bits != 0; bits = _blsr_u64(bits)) {
      positions[count++] = static_cast<std::uint32_t>(base + _tzcnt_u64(bits));
    }
  }
  return count;
}

/// Row n: sixteen bytes of which the last n are ones.
struct LastBytes {
  alignas(64) std::uint8_t rows[kMostDigits + 1][16];
};
consteval LastBytes make_last_bytes() {
  LastBytes table{};
  for (std::size_t count = 0; count <= kMostDigits; ++count) {
    for (std::size_t i = 0; i < count; ++i) table.rows[count][15 - i] = 0xff;
  }
  return table;
}
constexpr LastBytes kLastBytes = make_last_bytes();

/// One token of a pair: its sixteen last bytes, and which of them count.
struct Digits {
  __m128i bytes;
  __m128i kept;
  bool fits;
};

WEIR_AVX2 inline Digits load_digits(const TokenColumn& tokens, std::size_t row) noexcept {
  const std::uint32_t end = tokens.end(row);
  const std::uint32_t length = end - tokens.begin(row);
  const bool fits = length <= kMostDigits;
  return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(tokens.text + end - 16)),
          _mm_load_si128(
              reinterpret_cast<const __m128i*>(kLastBytes.rows[fits ? length : kMostDigits])),
          fits && length > 0};
}

WEIR_AVX2 std::size_t numbers(const TokenColumn& tokens, std::uint64_t max, std::uint64_t* values,
                              std::uint16_t* exceptions) {
  const __m256i tens = _mm256_set1_epi16(0x010a);           // 10, 1
  const __m256i hundreds = _mm256_set1_epi32(0x0001'0064);  // 100, 1
  const __m256i myriads = _mm256_set1_epi32(0x0001'2710);   // 10000, 1
  const __m256i hundred_millions = _mm256_set1_epi64x(100'000'000);
  const __m256i nine = _mm256_set1_epi8(9);
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; row += 2) {
    const std::size_t next = row + 1 < tokens.rows ? row + 1 : row;
    const Digits a = load_digits(tokens, row);
    const Digits b = load_digits(tokens, next);
    const __m256i text = _mm256_set_m128i(b.bytes, a.bytes);
    const __m256i digits = _mm256_and_si256(_mm256_xor_si256(text, _mm256_set1_epi8('0')),
                                            _mm256_set_m128i(b.kept, a.kept));
    const __m256i good = _mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine);
    const __m256i pairs = _mm256_maddubs_epi16(digits, tens);
    const __m256i fours = _mm256_madd_epi16(pairs, hundreds);
    const __m256i packed = _mm256_packus_epi32(fours, fours);
    const __m256i eights = _mm256_madd_epi16(packed, myriads);  // high, low, high, low
    const __m256i high = _mm256_mul_epu32(eights, hundred_millions);
    const __m256i value = _mm256_add_epi64(high, _mm256_srli_epi64(eights, 32));
    values[row] = static_cast<std::uint64_t>(_mm256_extract_epi64(value, 0));
    values[row + 1] = static_cast<std::uint64_t>(_mm256_extract_epi64(value, 2));
    const auto good_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(good));
    const bool first_good = a.fits && (good_bits & 0xffff) == 0xffff && values[row] <= max;
    const bool second_good = b.fits && good_bits >> 16 == 0xffff && values[row + 1] <= max;
    exceptions[count] = static_cast<std::uint16_t>(row);
    count += first_good ? 0 : 1;
    exceptions[count] = static_cast<std::uint16_t>(row + 1);
    count += second_good || next == row ? 0 : 1;
  }
  return count;
}

/// One token of a pair, its digits moved to where they count.
struct Quad {
  __m128i digits;
  bool fits;
};

WEIR_AVX2 inline Quad load_quad(const TokenColumn& tokens, std::size_t row) noexcept {
  const std::uint32_t begin = tokens.begin(row);
  const std::uint32_t length = tokens.end(row) - begin;
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tokens.text + begin));
  const auto dots =
      static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))));
  const std::uint32_t marks = _bzhi_u32(dots, length) | 1U << (length & 31);
  const std::uint32_t slot = quad_slot(marks);
  const __m128i shuffle =
      _mm_load_si128(reinterpret_cast<const __m128i*>(kQuadTable.shuffles[slot].data()));
  return {_mm_shuffle_epi8(_mm_xor_si128(bytes, _mm_set1_epi8('0')), shuffle),
          kQuadTable.marks[slot] == marks && length <= kMostQuadBytes};
}

WEIR_AVX2 std::size_t addresses(const TokenColumn& tokens, Ip* values, std::uint16_t* exceptions) {
  const __m256i weights = _mm256_set1_epi32(0x010a'6400);  // 0, 100, 10, 1
  const __m256i ones = _mm256_set1_epi16(1);
  const __m256i nine = _mm256_set1_epi8(9);
  const __m256i largest = _mm256_set1_epi32(255);
  // The low bytes of the four numbers, last first, into the low half of Ip::low.
  const __m256i gather =
      _mm256_set_epi8(-1, -1, -1, -1, 0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                      0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1);
  const __m256i prefix = _mm256_set_epi64x(Ip::kIpv4Prefix, 0, Ip::kIpv4Prefix, 0);
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; row += 2) {
    const std::size_t next = row + 1 < tokens.rows ? row + 1 : row;
    const Quad a = load_quad(tokens, row);
    const Quad b = load_quad(tokens, next);
    const __m256i digits = _mm256_set_m128i(b.digits, a.digits);
    const __m256i digit_good = _mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine);
    const __m256i numbers = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, weights), ones);
    const __m256i too_large = _mm256_cmpgt_epi32(numbers, largest);
    const auto good_bits = static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_andnot_si256(too_large, digit_good)));
    const __m256i address = _mm256_or_si256(_mm256_shuffle_epi8(numbers, gather), prefix);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(values + row), address);
    exceptions[count] = static_cast<std::uint16_t>(row);
    count += a.fits && (good_bits & 0xffff) == 0xffff ? 0 : 1;
    exceptions[count] = static_cast<std::uint16_t>(row + 1);
    count += (b.fits && good_bits >> 16 == 0xffff) || next == row ? 0 : 1;
  }
  return count;
}

}  // namespace

const Table kAvx2Table = {.kernel = Kernel::avx2,
                          .separators = separators,
                          .edges = edges,
                          .newlines = newlines,
                          .numbers = numbers,
                          .addresses = addresses};

}  // namespace weir::kernel

#undef WEIR_AVX2

#endif
