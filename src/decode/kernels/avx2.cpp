// SPDX-License-Identifier: Apache-2.0
// decode: the kernel for x86-64 with AVX2: 64 bytes of text a step, four numbers or
// two addresses a register.
#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <limits>

#include "decode/kernels/kernels.hpp"
#include "decode/kernels/quad_patterns.hpp"
#include "decode/kernels/token_words.hpp"

#define WEIR_AVX2 [[gnu::target("avx2,bmi,bmi2,popcnt,lzcnt")]]

namespace weir::decode::kernel::avx2 {
namespace {

constexpr std::size_t kStep = 64;

/// One bit for each of 64 bytes.
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

WEIR_AVX2 inline __m256i load_words(const std::uint64_t* words) noexcept {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(words));
}

/// A bit for each of four words that has all of its bits set.
WEIR_AVX2 inline std::uint32_t word_bits(__m256i words) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(words)));
}

/// Digits at the end of four words -> their values; what is before the digits does not count.
struct FourNumbers {
  __m256i values;
  __m256i odd;  // a byte that is not zero in each word that has something else than digits
};
WEIR_AVX2 inline FourNumbers read_digits(const std::uint64_t* words, __m256i lengths) noexcept {
  const __m256i tens = _mm256_set1_epi16(0x010a);           // 10, 1
  const __m256i hundreds = _mm256_set1_epi32(0x0001'0064);  // 100, 1
  const __m256i myriad = _mm256_set1_epi64x(10'000);
  const __m256i unused = _mm256_slli_epi64(_mm256_sub_epi64(_mm256_set1_epi64x(8), lengths), 3);
  const __m256i used = _mm256_sllv_epi64(_mm256_set1_epi64x(-1), unused);
  const __m256i digits =
      _mm256_and_si256(_mm256_xor_si256(load_words(words), _mm256_set1_epi8('0')), used);
  const __m256i fours = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
  return {_mm256_add_epi64(_mm256_mul_epu32(fours, myriad), _mm256_srli_epi64(fours, 32)),
          _mm256_subs_epu8(digits, _mm256_set1_epi8(9))};
}

WEIR_AVX2 std::size_t numbers(const TokenColumn& tokens, std::uint64_t max, std::uint64_t* values,
                              std::uint16_t* exceptions) {
  // Lengths have 32 bits, the high halves of their words are zero.
  const __m256i eight = _mm256_set1_epi64x(8);
  const __m256i one = _mm256_set1_epi64x(1);
  const __m256i most = _mm256_set1_epi64x(kMostDigits - 1);
  const __m256i hundred_millions = _mm256_set1_epi64x(100'000'000);
  // A value has 16 digits at most, so that signed comparison does.
  constexpr auto kLargest = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
  const __m256i largest = _mm256_set1_epi64x(static_cast<long long>(std::min(max, kLargest)));
  TokenEnds ends;
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; row += kBlockTokens) {
    const std::size_t block = std::min(tokens.rows - row, kBlockTokens);
    const bool some_long = ends.fetch(tokens, row, block);
    std::uint64_t good = 0;
    for (std::size_t i = 0; i < block; i += 4) {
      const __m256i lengths = load_words(&ends.lengths[i]);
      FourNumbers read = read_digits(&ends.last[i], _mm256_min_epu32(lengths, eight));
      if (some_long) {
        const __m256i rest = _mm256_sub_epi64(_mm256_max_epu32(lengths, eight), eight);
        const FourNumbers high = read_digits(&ends.before[i], _mm256_min_epu32(rest, eight));
        read.values =
            _mm256_add_epi64(read.values, _mm256_mul_epu32(high.values, hundred_millions));
        read.odd = _mm256_or_si256(read.odd, high.odd);
      }
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(values + row + i), read.values);
      const __m256i less = _mm256_sub_epi32(lengths, one);
      const __m256i has_length = _mm256_cmpeq_epi64(_mm256_min_epu32(less, most), less);
      const __m256i is_number = _mm256_cmpeq_epi64(read.odd, _mm256_setzero_si256());
      const __m256i too_large = _mm256_cmpgt_epi64(read.values, largest);
      const __m256i fits = _mm256_andnot_si256(too_large, _mm256_and_si256(has_length, is_number));
      good |= std::uint64_t{word_bits(fits)} << i;
    }
    count += list_rows(~good & first_bits(block), row, exceptions + count);
  }
  return count;
}

/// The slot of a quad in the table, from where dots are in sixteen bytes.
WEIR_AVX2 inline std::uint32_t slot_of(std::uint32_t dots, std::uint32_t length, std::uint64_t& odd,
                                       std::size_t place) noexcept {
  const std::uint32_t marks = _bzhi_u32(dots & 0xffff, length) | 1U << length;
  const std::uint32_t slot = quad_slot(marks);
  odd |= std::uint64_t{kQuadTable.marks[slot] != marks} << place;
  return slot;
}

WEIR_AVX2 inline __m128i shuffle_of(std::uint32_t slot) noexcept {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(kQuadTable.shuffles[slot].data()));
}

WEIR_AVX2 std::size_t addresses(const TokenColumn& tokens, Ip* values, std::uint16_t* exceptions) {
  const __m256i dot = _mm256_set1_epi8('.');
  const __m256i zero_digit = _mm256_set1_epi8('0');
  const __m256i nine = _mm256_set1_epi8(9);
  const __m256i weights = _mm256_set1_epi32(0x010a'6400);  // 0, 100, 10, 1
  const __m256i ones = _mm256_set1_epi16(1);
  // The low bytes of the four numbers, last first, into the low half of Ip::low.
  const __m256i gather =
      _mm256_set_epi8(-1, -1, -1, -1, 0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                      0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1);
  const __m256i prefix = _mm256_set_epi64x(Ip::kIpv4Prefix, 0, Ip::kIpv4Prefix, 0);
  TokenStarts starts;
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; row += kBlockTokens) {
    const std::size_t block = std::min(tokens.rows - row, kBlockTokens);
    starts.fetch(tokens, row, block);
    std::uint64_t odd = 0;
    for (std::size_t i = 0; i < block; i += 2) {
      const __m256i bytes = load_words(starts.bytes[i].data());
      const auto dots =
          static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, dot)));
      const std::uint32_t a = slot_of(dots, starts.lengths[i], odd, i);
      const std::uint32_t b = slot_of(dots >> 16, starts.lengths[i + 1], odd, i + 1);
      const __m256i digits = _mm256_shuffle_epi8(_mm256_xor_si256(bytes, zero_digit),
                                                 _mm256_set_m128i(shuffle_of(b), shuffle_of(a)));
      const __m256i numbers = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, weights), ones);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(values + row + i),
                          _mm256_or_si256(_mm256_shuffle_epi8(numbers, gather), prefix));
      const __m256i beyond =
          _mm256_or_si256(_mm256_subs_epu8(digits, nine), _mm256_srli_epi32(numbers, 8));
      const std::uint32_t halves =
          ~word_bits(_mm256_cmpeq_epi64(beyond, _mm256_setzero_si256())) & 0xf;
      const std::uint32_t either = halves | halves >> 1;
      odd |= std::uint64_t{(either & 1) | (either >> 1 & 2)} << i;
    }
    count += list_rows(odd & first_bits(block), row, exceptions + count);
  }
  return count;
}

}  // namespace

const Table kTable = {.kernel = base::Kernel::avx2,
                      .separators = separators,
                      .edges = edges,
                      .newlines = newlines,
                      .numbers = numbers,
                      .addresses = addresses};

}  // namespace weir::decode::kernel::avx2

#undef WEIR_AVX2

#endif
