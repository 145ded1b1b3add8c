// SPDX-License-Identifier: Apache-2.0
// decode: the kernel for x86-64 with AVX-512 (VBMI2: Ice Lake, Zen 4): 64 bytes of text a step,
// eight numbers or four addresses a register.
#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12's own header warns about the operands that it leaves undefined on purpose (GCC bug
// 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <algorithm>
#include <array>

#include "decode/kernels/kernels.hpp"
#include "decode/kernels/quad_patterns.hpp"
#include "decode/kernels/token_words.hpp"

#define WEIR_AVX512                                                         \
  [[gnu::target(                                                            \
      "avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi," \
      "avx512vbmi2")]]

namespace weir::decode::kernel::avx512 {
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

/// Digits at the end of eight words -> their values; what is before the digits does not count.
struct EightNumbers {
  __m512i values;
  __m512i odd;  // a byte that is not zero in each word that has something else than digits
};
WEIR_AVX512 inline EightNumbers read_digits(const std::uint64_t* words, __m512i lengths) noexcept {
  const __m512i tens = _mm512_set1_epi16(0x010a);           // 10, 1
  const __m512i hundreds = _mm512_set1_epi32(0x0001'0064);  // 100, 1
  const __m512i myriad = _mm512_set1_epi64(10'000);
  const __m512i unused = _mm512_slli_epi64(_mm512_sub_epi64(_mm512_set1_epi64(8), lengths), 3);
  const __m512i used = _mm512_sllv_epi64(_mm512_set1_epi64(-1), unused);
  const __m512i digits =
      _mm512_and_si512(_mm512_xor_si512(_mm512_loadu_si512(words), _mm512_set1_epi8('0')), used);
  const __m512i fours = _mm512_madd_epi16(_mm512_maddubs_epi16(digits, tens), hundreds);
  return {_mm512_add_epi64(_mm512_mul_epu32(fours, myriad), _mm512_srli_epi64(fours, 32)),
          _mm512_subs_epu8(digits, _mm512_set1_epi8(9))};
}

WEIR_AVX512 std::size_t numbers(const TokenColumn& tokens, std::uint64_t max, std::uint64_t* values,
                                std::uint16_t* exceptions) {
  const __m512i eight = _mm512_set1_epi64(8);
  const __m512i one = _mm512_set1_epi64(1);
  const __m512i most = _mm512_set1_epi64(kMostDigits - 1);
  const __m512i hundred_millions = _mm512_set1_epi64(100'000'000);
  const __m512i largest = _mm512_set1_epi64(static_cast<long long>(max));
  TokenEnds ends;
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; row += kBlockTokens) {
    const std::size_t block = std::min(tokens.rows - row, kBlockTokens);
    const bool some_long = ends.fetch(tokens, row, block);
    std::uint64_t odd = 0;
    for (std::size_t i = 0; i < block; i += 8) {
      const __m512i lengths = _mm512_load_si512(&ends.lengths[i]);
      EightNumbers read = read_digits(&ends.last[i], _mm512_min_epu64(lengths, eight));
      if (some_long) {
        const __m512i rest = _mm512_sub_epi64(_mm512_max_epu64(lengths, eight), eight);
        const EightNumbers high = read_digits(&ends.before[i], _mm512_min_epu64(rest, eight));
        read.values =
            _mm512_add_epi64(read.values, _mm512_mul_epu32(high.values, hundred_millions));
        read.odd = _mm512_or_si512(read.odd, high.odd);
      }
      _mm512_storeu_si512(values + row + i, read.values);
      const __mmask8 no_number = _mm512_test_epi64_mask(read.odd, read.odd);
      const __mmask8 no_length = _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(lengths, one), most);
      const __mmask8 too_large = _mm512_cmpgt_epu64_mask(read.values, largest);
      odd |= std::uint64_t{static_cast<__mmask8>(no_number | no_length | too_large)} << i;
    }
    count += list_rows(odd & first_bits(block), row, exceptions + count);
  }
  return count;
}

/// Puts four sixteen-byte values side by side.
WEIR_AVX512 inline __m512i join(__m128i a, __m128i b, __m128i c, __m128i d) noexcept {
  __m512i all = _mm512_inserti32x4(_mm512_castsi128_si512(a), b, 1);
  all = _mm512_inserti32x4(all, c, 2);
  return _mm512_inserti32x4(all, d, 3);
}

/// The slot of a quad in the table, from where dots are in sixteen bytes.
WEIR_AVX512 inline std::uint32_t slot_of(std::uint64_t dots, std::uint32_t length,
                                         std::uint64_t& odd, std::size_t place) noexcept {
  const std::uint32_t marks =
      _bzhi_u32(static_cast<std::uint32_t>(dots & 0xffff), length) | 1U << length;
  const std::uint32_t slot = quad_slot(marks);
  odd |= std::uint64_t{kQuadTable.marks[slot] != marks} << place;
  return slot;
}

WEIR_AVX512 inline __m128i shuffle_of(std::uint32_t slot) noexcept {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(kQuadTable.shuffles[slot].data()));
}

WEIR_AVX512 std::size_t addresses(const TokenColumn& tokens, Ip* values,
                                  std::uint16_t* exceptions) {
  const __m512i dot = _mm512_set1_epi8('.');
  const __m512i zero_digit = _mm512_set1_epi8('0');
  const __m512i nine = _mm512_set1_epi8(9);
  const __m512i weights = _mm512_set1_epi32(0x010a'6400);  // 0, 100, 10, 1
  const __m512i ones = _mm512_set1_epi16(1);
  // The low bytes of the four numbers, last first, into the low half of Ip::low.
  const __m512i gather = _mm512_broadcast_i32x4(
      _mm_set_epi8(-1, -1, -1, -1, 0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1));
  const __m512i prefix =
      _mm512_broadcast_i32x4(_mm_set_epi64x(static_cast<long long>(Ip::kIpv4Prefix), 0));
  TokenStarts starts;
  std::size_t count = 0;
  for (std::size_t row = 0; row < tokens.rows; row += kBlockTokens) {
    const std::size_t block = std::min(tokens.rows - row, kBlockTokens);
    starts.fetch(tokens, row, block);
    std::uint64_t odd = 0;
    for (std::size_t i = 0; i < block; i += 4) {
      const __m512i bytes = _mm512_load_si512(&starts.bytes[i]);
      const std::uint64_t dots = _mm512_cmpeq_epi8_mask(bytes, dot);
      const std::uint32_t* const lengths = &starts.lengths[i];
      const __m128i a = shuffle_of(slot_of(dots, lengths[0], odd, i));
      const __m128i b = shuffle_of(slot_of(dots >> 16, lengths[1], odd, i + 1));
      const __m128i c = shuffle_of(slot_of(dots >> 32, lengths[2], odd, i + 2));
      const __m128i d = shuffle_of(slot_of(dots >> 48, lengths[3], odd, i + 3));
      const __m512i digits =
          _mm512_shuffle_epi8(_mm512_xor_si512(bytes, zero_digit), join(a, b, c, d));
      const __m512i numbers = _mm512_madd_epi16(_mm512_maddubs_epi16(digits, weights), ones);
      _mm512_storeu_si512(values + row + i,
                          _mm512_or_si512(_mm512_shuffle_epi8(numbers, gather), prefix));
      const __m512i beyond =
          _mm512_or_si512(_mm512_subs_epu8(digits, nine), _mm512_srli_epi32(numbers, 8));
      const std::uint32_t halves = _mm512_test_epi64_mask(beyond, beyond);
      odd |= std::uint64_t{_pext_u32(halves | halves >> 1, 0x55)} << i;
    }
    count += list_rows(odd & first_bits(block), row, exceptions + count);
  }
  return count;
}

}  // namespace

const Table kTable = {.kernel = base::Kernel::avx512,
                      .separators = separators,
                      .edges = edges,
                      .newlines = newlines,
                      .numbers = numbers,
                      .addresses = addresses};

}  // namespace weir::decode::kernel::avx512

#undef WEIR_AVX512

#endif
