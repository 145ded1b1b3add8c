// SPDX-License-Identifier: Apache-2.0
// filter: row numbers -> bits -> row numbers.
#include "filter/row_bits.hpp"

#include <bit>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace weir::filter {
namespace {

constexpr std::uint64_t kEveryRow = ~std::uint64_t{0};

#if defined(__x86_64__)
/// Pushes 32 row numbers at a time together, those whose bit is set.
[[gnu::target("avx512f,avx512bw,avx512vbmi2,popcnt")]] std::size_t write_avx512(
    const RowBits& bits, std::uint16_t* rows) noexcept {
  constexpr std::size_t kStep = 32;
  alignas(64) std::uint16_t first[kStep];
  for (std::size_t i = 0; i < kStep; ++i) first[i] = static_cast<std::uint16_t>(i);
  __m512i numbers = _mm512_load_si512(first);
  const __m512i step = _mm512_set1_epi16(kStep);
  std::size_t count = 0;
  for (std::size_t word = 0; word < bits.words(); ++word) {
    for (std::size_t half = 0; half < 2; ++half) {
      const auto mask = static_cast<__mmask32>(bits.word(word) >> (kStep * half));
      // Fewer rows than lie before this step are written yet: 32 more cannot pass the end.
      _mm512_storeu_si512(rows + count, _mm512_maskz_compress_epi16(mask, numbers));
      count += static_cast<std::size_t>(std::popcount(mask));
      numbers = _mm512_add_epi16(numbers, step);
    }
  }
  return count;
}
#endif

std::size_t write_scalar(const RowBits& bits, std::uint16_t* rows) noexcept {
  std::size_t count = 0;
  for (std::size_t word = 0; word < bits.words(); ++word) {
    const std::size_t first = word * RowBits::kWordRows;
    std::uint64_t left = bits.word(word);
    if (left == kEveryRow) {
      for (std::size_t i = 0; i < RowBits::kWordRows; ++i) {
        rows[count + i] = static_cast<std::uint16_t>(first + i);
      }
      count += RowBits::kWordRows;
      continue;
    }
    for (; left != 0; left &= left - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(left));
      rows[count++] = static_cast<std::uint16_t>(first + bit);
    }
  }
  return count;
}

}  // namespace

RowBits RowBits::of(const Selection& selection, std::size_t batch_rows) noexcept {
  RowBits bits = none(batch_rows);
  if (selection.count == batch_rows) {  // ascending and distinct: every row
    std::fill_n(bits.words_.begin(), batch_rows / kWordRows, kEveryRow);
    const std::size_t rest = batch_rows % kWordRows;
    if (rest != 0) bits.words_[bits.count_ - 1] = (std::uint64_t{1} << rest) - 1;
    return bits;
  }
  // Ascending: a word is complete before the next one begins, and is stored once.
  for (std::size_t i = 0; i < selection.count;) {
    const std::size_t index = selection.rows[i] / kWordRows;
    std::uint64_t word = 0;
    do {
      word |= std::uint64_t{1} << (selection.rows[i] % kWordRows);
      ++i;
    } while (i < selection.count && selection.rows[i] / kWordRows == index);
    bits.words_[index] = word;
  }
  return bits;
}

void RowBits::write([[maybe_unused]] base::Kernel kernel, Selection& selection) const noexcept {
#if defined(__x86_64__)
  if (kernel == base::Kernel::avx512) {
    selection.count = write_avx512(*this, selection.rows.data());
    return;
  }
#endif
  selection.count = write_scalar(*this, selection.rows.data());
}

}  // namespace weir::filter
