// SPDX-License-Identifier: Apache-2.0
// filter: the test of ranges for each instruction set.
//
// SSE2 cannot compare 64-bit numbers, so that the portable loops leave most of an x86 CPU idle.
// ARM's NEON can, and the compiler uses it: there is nothing to write by hand.
#include "filter/range_kernels.hpp"

#include "filter/judge.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace weir::filter {
namespace {

bool lies_in(std::uint64_t value, const OffsetRange& range) {
  return value - range.low <= range.width;
}
bool lies_in(const Ip& value, const OffsetRange& range) {
  return ((value.high == 0) & (value.low - range.low <= range.width)) != 0;
}

template <class Value>
std::uint64_t in_ranges_scalar(const Value* values, std::size_t count,
                               std::span<const OffsetRange> ranges) {
  std::uint8_t bytes[kBlockRows] = {};
  for (const OffsetRange range : ranges) {
    if (count == kBlockRows) {
      for (std::size_t i = 0; i < kBlockRows; ++i) bytes[i] |= lies_in(values[i], range);
    } else {
      for (std::size_t i = 0; i < count; ++i) bytes[i] |= lies_in(values[i], range);
    }
  }
  return pack_bits(bytes);
}

#if defined(__x86_64__)

// An address is two numbers, first `high`, which has to be 0, then `low`. Comparing both gives two
// bits an address; the pairs of ones are wanted:
//
//   address      0    1    2   ...
//   fits        hl   hl   hl          h, l: high and low are in their range
//   fits & fits >> 1 & 01 01 01       one where both are
constexpr std::uint64_t kEvenBits = 0x5555'5555'5555'5555;

std::uint64_t pairs_of(std::uint64_t fits) { return fits & (fits >> 1) & kEvenBits; }

/// Moves bit 2i to bit i. (PEXT does it at once, and takes hundreds of cycles on Zen 2.)
std::uint64_t gather_even_bits(std::uint64_t bits) {
  bits = (bits | bits >> 1) & 0x3333'3333'3333'3333;
  bits = (bits | bits >> 2) & 0x0f0f'0f0f'0f0f'0f0f;
  bits = (bits | bits >> 4) & 0x00ff'00ff'00ff'00ff;
  bits = (bits | bits >> 8) & 0x0000'ffff'0000'ffff;
  return (bits | bits >> 16) & 0xffff'ffff;
}

// ---- AVX2: compares as signed, so the highest bit is turned around on both sides ----

constexpr long long kSign = std::numeric_limits<long long>::min();

[[gnu::target("avx2,bmi2")]] std::uint64_t numbers_avx2(const std::uint64_t* values,
                                                        std::size_t count,
                                                        std::span<const OffsetRange> ranges) {
  std::uint64_t hits = 0;
  for (const OffsetRange range : ranges) {
    const __m256i low = _mm256_set1_epi64x(static_cast<long long>(range.low) ^ kSign);
    const __m256i width = _mm256_set1_epi64x(static_cast<long long>(range.width) ^ kSign);
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
      const __m256i four = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + i));
      // Subtracting with the bit turned is subtracting, and then turning it.
      const __m256i beyond = _mm256_cmpgt_epi64(_mm256_sub_epi64(four, low), width);
      const auto misses = static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(beyond)));
      hits |= std::uint64_t{~misses & 0xfU} << i;
    }
    for (; i < count; ++i) hits |= std::uint64_t{lies_in(values[i], range)} << i;
  }
  return hits;
}

[[gnu::target("avx2,bmi2")]] std::uint64_t addresses_avx2(const Ip* values, std::size_t count,
                                                          std::span<const OffsetRange> ranges) {
  constexpr std::size_t kHalf = kBlockRows / 2;
  std::uint64_t hits = 0;
  for (const OffsetRange range : ranges) {
    const long long first = static_cast<long long>(range.low) ^ kSign;
    const long long last = static_cast<long long>(range.width) ^ kSign;
    const __m256i low = _mm256_set_epi64x(first, kSign, first, kSign);
    const __m256i width = _mm256_set_epi64x(last, kSign, last, kSign);
    for (std::size_t begin = 0; begin < kBlockRows; begin += kHalf) {
      const std::size_t end = count < begin + kHalf ? count : begin + kHalf;
      std::uint64_t fits = 0;
      std::size_t i = begin;
      for (; i + 2 <= end; i += 2) {
        const __m256i two = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + i));
        const __m256i beyond = _mm256_cmpgt_epi64(_mm256_sub_epi64(two, low), width);
        const auto misses = static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(beyond)));
        fits |= std::uint64_t{~misses & 0xfU} << (2 * (i - begin));
      }
      hits |= gather_even_bits(pairs_of(fits)) << begin;
      if (i < end) hits |= std::uint64_t{lies_in(values[i], range)} << i;
    }
  }
  return hits;
}

// ---- AVX-512: compares unsigned into bits; lanes that are masked out are not read ----

/// The first `count` of eight lanes, of fewer than eight.
__mmask8 lanes_of(std::size_t count) { return static_cast<__mmask8>((1U << count) - 1); }

[[gnu::target("avx512f,avx512dq,bmi2")]] std::uint64_t numbers_avx512(
    const std::uint64_t* values, std::size_t count, std::span<const OffsetRange> ranges) {
  std::uint64_t hits = 0;
  for (const OffsetRange range : ranges) {
    const __m512i low = _mm512_set1_epi64(static_cast<long long>(range.low));
    const __m512i width = _mm512_set1_epi64(static_cast<long long>(range.width));
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
      const __m512i eight = _mm512_loadu_si512(values + i);
      const __mmask8 fits = _mm512_cmple_epu64_mask(_mm512_sub_epi64(eight, low), width);
      hits |= std::uint64_t{fits} << i;
    }
    if (i < count) {
      const __mmask8 lanes = lanes_of(count - i);
      const __m512i some = _mm512_maskz_loadu_epi64(lanes, values + i);
      const __mmask8 fits = _mm512_mask_cmple_epu64_mask(lanes, _mm512_sub_epi64(some, low), width);
      hits |= std::uint64_t{fits} << i;
    }
  }
  return hits;
}

[[gnu::target("avx512f,avx512dq,bmi2")]] std::uint64_t addresses_avx512(
    const Ip* values, std::size_t count, std::span<const OffsetRange> ranges) {
  constexpr std::size_t kHalf = kBlockRows / 2;
  std::uint64_t hits = 0;
  for (const OffsetRange range : ranges) {
    const auto first = static_cast<long long>(range.low);
    const auto last = static_cast<long long>(range.width);
    const __m512i low = _mm512_set_epi64(first, 0, first, 0, first, 0, first, 0);
    const __m512i width = _mm512_set_epi64(last, 0, last, 0, last, 0, last, 0);
    for (std::size_t begin = 0; begin < kBlockRows; begin += kHalf) {
      const std::size_t end = count < begin + kHalf ? count : begin + kHalf;
      std::uint64_t fits = 0;
      std::size_t i = begin;
      for (; i + 4 <= end; i += 4) {
        const __m512i four = _mm512_loadu_si512(values + i);
        const __mmask8 both = _mm512_cmple_epu64_mask(_mm512_sub_epi64(four, low), width);
        fits |= std::uint64_t{both} << (2 * (i - begin));
      }
      if (i < end) {
        const __mmask8 lanes = lanes_of(2 * (end - i));
        const __m512i some = _mm512_maskz_loadu_epi64(lanes, values + i);
        const __mmask8 both =
            _mm512_mask_cmple_epu64_mask(lanes, _mm512_sub_epi64(some, low), width);
        fits |= std::uint64_t{both} << (2 * (i - begin));
      }
      hits |= _pext_u64(pairs_of(fits), kEvenBits) << begin;
    }
  }
  return hits;
}

#endif

}  // namespace

RangeKernel<std::uint64_t> number_range_kernel([[maybe_unused]] base::Kernel kernel) noexcept {
#if defined(__x86_64__)
  if (kernel == base::Kernel::avx512) return numbers_avx512;
  if (kernel == base::Kernel::avx2) return numbers_avx2;
#endif
  return in_ranges_scalar<std::uint64_t>;
}

RangeKernel<Ip> ipv4_range_kernel([[maybe_unused]] base::Kernel kernel) noexcept {
#if defined(__x86_64__)
  if (kernel == base::Kernel::avx512) return addresses_avx512;
  if (kernel == base::Kernel::avx2) return addresses_avx2;
#endif
  return in_ranges_scalar<Ip>;
}

}  // namespace weir::filter
