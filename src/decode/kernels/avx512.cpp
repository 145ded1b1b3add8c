// SPDX-License-Identifier: Apache-2.0
// decode: the kernel for x86-64 with AVX-512 (VBMI2: Ice Lake, Zen 4): 64 bytes of text a step,
// four tokens a register.
#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12's own header warns about the operands that it leaves undefined on purpose (GCC bug
// 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <array>

#include "decode/kernels/kernels.hpp"
#include "decode/kernels/quad_patterns.hpp"

#define WEIR_AVX512                                                         \
  [[gnu::target(                                                            \
      "avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi," \
      "avx512vbmi2")]]

namespace weir::kernel {
namespace {

constexpr std::size_t kStep = 64;

alignas(64) constexpr auto kByteNumbers = [] {
  std::array<std::uint8_t, 64> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::uint8_t>(i);
  return numbers;
}();

/// Bytes of a step that belong to the text.
inline __mmask64 within(std::size_t base, std::size_t size) noexcept {
  const std::size_t left = size - base;
  return left >= kStep ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
}

/// Writes sixteen positions, given as bytes that count from `first`.
WEIR_AVX512 inline void store_positions(__m128i bytes, __m512i first,
                                        std::uint32_t* positions) noexcept {
  _mm512_storeu_si512(positions, _mm512_add_epi32(_mm512_cvtepu8_epi32(bytes), first));
}

/// Writes the position of each bit: the numbers of the marked bytes are moved together and widened.
WEIR_AVX512 inline std::size_t write_positions(__mmask64 bits, std::size_t base,
                                               std::uint32_t* positions) noexcept {
  const auto count = static_cast<std::size_t>(_mm_popcnt_u64(bits));
  const __m512i marked = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(kByteNumbers.data()));
  const __m512i first = _mm512_set1_epi32(static_cast<int>(base));
  store_positions(_mm512_castsi512_si128(marked), first, positions);
  if (count > 16) [[unlikely]] {
    store_positions(_mm512_extracti32x4_epi32(marked, 1), first, positions + 16);
    store_positions(_mm512_extracti32x4_epi32(marked, 2), first, positions + 32);
    store_positions(_mm512_extracti32x4_epi32(marked, 3), first, positions + 48);
  }
  return count;
}

/// What separators() carries from step to step.
struct SeparatorStep {
  __mmask64 before = 1;  // the line before the text ended
  __mmask64 odd = 0;
};

WEIR_AVX512 inline void find_separators(const char* text, std::size_t base, __mmask64 inside,
                                        SeparatorStep& step, Separators& found,
                                        std::uint32_t* positions) noexcept {
  const __m512i space = _mm512_set1_epi8(' ');
  const __m512i bytes = _mm512_loadu_si512(text + base);
  const __mmask64 newlines = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')) & inside;
  const __mmask64 marks = (_mm512_cmpeq_epi8_mask(bytes, space) & inside) | newlines;
  // Everything up to the space: blanks and what is no text.
  const __mmask64 blanks = _mm512_cmple_epu8_mask(bytes, space) & inside;
  step.odd |= (blanks ^ marks) | (marks & (marks << 1 | step.before));
  step.before = marks >> 63;
  found.newlines += static_cast<std::size_t>(_mm_popcnt_u64(newlines));
  found.count += write_positions(marks, base, positions + found.count);
}

WEIR_AVX512 Separators separators(const char* text, std::size_t size, std::uint32_t* positions) {
  Separators found;
  SeparatorStep step;
  std::size_t base = 0;
  for (; base + kStep <= size; base += kStep) {
    find_separators(text, base, ~__mmask64{0}, step, found, positions);
  }
  if (base < size) find_separators(text, base, within(base, size), step, found, positions);
  found.odd = step.odd != 0;
  return found;
}

WEIR_AVX512 std::size_t edges(const char* text, std::size_t size, std::uint32_t* positions) {
  std::size_t count = 0;
  __mmask64 before = 1;
  for (std::size_t base = 0; base < size; base += kStep) {
    const __m512i bytes = _mm512_loadu_si512(text + base);
    const __mmask64 blanks = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' ')) |
                             _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')) |
                             _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\t')) |
                             _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r'));
    const __mmask64 changes = (blanks ^ (blanks << 1 | before)) & within(base, size);
    before = blanks >> 63;
    count += write_positions(changes, base, positions + count);
  }
  return count;
}

WEIR_AVX512 std::size_t newlines(const char* text, std::size_t size, std::uint32_t* positions) {
  const __m512i newline = _mm512_set1_epi8('\n');
  std::size_t count = 0;
  for (std::size_t base = 0; base < size; base += kStep) {
    __mmask64 bits =
        _mm512_mask_cmpeq_epi8_mask(within(base, size), _mm512_loadu_si512(text + base), newline);
    for (; bits != 0; bits &= bits - 1) {
      positions[count++] = static_cast<std::uint32_t>(base + _tzcnt_u64(bits));
    }
  }
  return count;
}

/// Puts four sixteen-byte values side by side.
WEIR_AVX512 inline __m512i join(__m128i a, __m128i b, __m128i c, __m128i d) noexcept {
  __m512i all = _mm512_inserti32x4(_mm512_castsi128_si512(a), b, 1);
  all = _mm512_inserti32x4(all, c, 2);
  return _mm512_inserti32x4(all, d, 3);
}

/// A bit for each of four lanes in which all sixteen bits are set.
constexpr std::uint32_t full_lanes(std::uint64_t bits) noexcept {
  std::uint32_t lanes = 0;
  for (std::uint32_t lane = 0; lane < 4; ++lane) {
    lanes |= static_cast<std::uint32_t>((bits >> (16 * lane) & 0xffff) == 0xffff) << lane;
  }
  return lanes;
}

/// Lists those of four rows that are not in `good`.
WEIR_AVX512 inline std::size_t list_exceptions(std::uint32_t good, std::size_t row,
                                               std::size_t rows,
                                               std::uint16_t* exceptions) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < 4 && row + i < rows; ++i) {
    exceptions[count] = static_cast<std::uint16_t>(row + i);
    count += (good >> i & 1) == 0 ? 1 : 0;
  }
  return count;
}

/// The digits of a token at the end of sixteen bytes, zeros before them. What lies before the token
/// is not read.
WEIR_AVX512 inline __m128i load_digits(const TokenColumn& tokens, std::size_t row,
                                       std::uint32_t& fitting) noexcept {
  const std::uint32_t end = tokens.end(row);
  const std::uint32_t length = end - tokens.begin(row);
  fitting = fitting << 1 | static_cast<std::uint32_t>(length - 1 < kMostDigits);
  const auto wanted = static_cast<__mmask16>(0xffff'0000U >> (length & 31));
  return _mm_mask_loadu_epi8(_mm_set1_epi8('0'), wanted, tokens.text + end - 16);
}

/// `fitting` has the first of four tokens as its highest bit.
constexpr std::uint32_t reverse_four(std::uint32_t bits) noexcept {
  return 0xf7b3'd591'e6a2'c480 >> (bits * 4) & 0xf;
}

WEIR_AVX512 std::size_t numbers(const TokenColumn& tokens, std::uint64_t max, std::uint64_t* values,
                                std::uint16_t* exceptions) {
  const __m512i zero_digit = _mm512_set1_epi8('0');
  const __m512i nine = _mm512_set1_epi8(9);
  const __m512i tens = _mm512_set1_epi16(0x010a);           // 10, 1
  const __m512i hundreds = _mm512_set1_epi32(0x0001'0064);  // 100, 1
  const __m512i myriads = _mm512_set1_epi32(0x0001'2710);   // 10000, 1
  const __m512i hundred_millions = _mm512_set1_epi64(100'000'000);
  const __m512i largest = _mm512_set1_epi64(static_cast<long long>(max));
  const __m512i first_halves = _mm512_set_epi64(6, 4, 2, 0, 6, 4, 2, 0);
  const std::size_t last = tokens.rows - 1;
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; row += 4) {
    std::uint32_t fitting = 0;
    const __m128i a = load_digits(tokens, row, fitting);
    const __m128i b = load_digits(tokens, row + 1 < last ? row + 1 : last, fitting);
    const __m128i c = load_digits(tokens, row + 2 < last ? row + 2 : last, fitting);
    const __m128i d = load_digits(tokens, row + 3 < last ? row + 3 : last, fitting);
    const __m512i digits = _mm512_xor_si512(join(a, b, c, d), zero_digit);
    const __mmask64 good = _mm512_cmple_epu8_mask(digits, nine);
    const __m512i fours = _mm512_madd_epi16(_mm512_maddubs_epi16(digits, tens), hundreds);
    const __m512i eights = _mm512_madd_epi16(_mm512_packus_epi32(fours, fours), myriads);
    const __m512i value =
        _mm512_add_epi64(_mm512_mul_epu32(eights, hundred_millions), _mm512_srli_epi64(eights, 32));
    const __m512i four_values = _mm512_permutexvar_epi64(first_halves, value);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(values + row),
                        _mm512_castsi512_si256(four_values));
    const std::uint32_t small = _mm512_cmple_epu64_mask(four_values, largest);
    if ((fitting & small & 0xf) == 0xf && good == ~__mmask64{0}) [[likely]]
      continue;
    count += list_exceptions(full_lanes(good) & small & reverse_four(fitting), row, tokens.rows,
                             exceptions + count);
  }
  return count;
}

/// A token with its digits moved to where they count.
WEIR_AVX512 inline __m128i load_quad(const TokenColumn& tokens, std::size_t row,
                                     std::uint32_t& fitting) noexcept {
  const std::uint32_t begin = tokens.begin(row);
  const std::uint32_t length = tokens.end(row) - begin;
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tokens.text + begin));
  const std::uint32_t dots = _mm_cmpeq_epi8_mask(bytes, _mm_set1_epi8('.'));
  const std::uint32_t marks = _bzhi_u32(dots, length) | 1U << (length & 31);
  const std::uint32_t slot = quad_slot(marks);
  fitting = fitting << 1 | static_cast<std::uint32_t>((kQuadTable.marks[slot] == marks) &
                                                      (length <= kMostQuadBytes));
  return _mm_shuffle_epi8(
      _mm_xor_si128(bytes, _mm_set1_epi8('0')),
      _mm_load_si128(reinterpret_cast<const __m128i*>(kQuadTable.shuffles[slot].data())));
}

WEIR_AVX512 std::size_t addresses(const TokenColumn& tokens, Ip* values,
                                  std::uint16_t* exceptions) {
  const __m512i nine = _mm512_set1_epi8(9);
  const __m512i weights = _mm512_set1_epi32(0x010a'6400);  // 0, 100, 10, 1
  const __m512i ones = _mm512_set1_epi16(1);
  const __m512i largest = _mm512_set1_epi32(255);
  // The low bytes of the four numbers, last first, into the low half of Ip::low.
  const __m512i gather = _mm512_broadcast_i32x4(
      _mm_set_epi8(-1, -1, -1, -1, 0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1));
  const __m512i prefix =
      _mm512_broadcast_i32x4(_mm_set_epi64x(static_cast<long long>(Ip::kIpv4Prefix), 0));
  const std::size_t last = tokens.rows - 1;
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; row += 4) {
    std::uint32_t fitting = 0;
    const __m128i a = load_quad(tokens, row, fitting);
    const __m128i b = load_quad(tokens, row + 1 < last ? row + 1 : last, fitting);
    const __m128i c = load_quad(tokens, row + 2 < last ? row + 2 : last, fitting);
    const __m128i d = load_quad(tokens, row + 3 < last ? row + 3 : last, fitting);
    const __m512i digits = join(a, b, c, d);
    const __mmask64 good = _mm512_cmple_epu8_mask(digits, nine);
    const __m512i numbers = _mm512_madd_epi16(_mm512_maddubs_epi16(digits, weights), ones);
    const __mmask16 small = _mm512_cmple_epi32_mask(numbers, largest);
    _mm512_storeu_si512(values + row,
                        _mm512_or_si512(_mm512_shuffle_epi8(numbers, gather), prefix));
    if (fitting == 0xf && small == 0xffff && good == ~__mmask64{0}) [[likely]]
      continue;
    std::uint32_t small_lanes = 0;
    for (std::uint32_t lane = 0; lane < 4; ++lane) {
      small_lanes |= static_cast<std::uint32_t>((small >> (4 * lane) & 0xf) == 0xf) << lane;
    }
    count += list_exceptions(full_lanes(good) & small_lanes & reverse_four(fitting), row,
                             tokens.rows, exceptions + count);
  }
  return count;
}

}  // namespace

const Table kAvx512Table = {.kernel = Kernel::avx512,
                            .separators = separators,
                            .edges = edges,
                            .newlines = newlines,
                            .numbers = numbers,
                            .addresses = addresses};

}  // namespace weir::kernel

#undef WEIR_AVX512

#endif
