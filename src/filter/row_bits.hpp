// SPDX-License-Identifier: Apache-2.0
// filter: a set of rows of one batch as bits.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/cpu.hpp"
#include "weir/batch.hpp"

namespace weir::filter {

/// One bit per row. Only the words that the batch has rows for exist; a batch of 600 rows costs
/// ten.
class RowBits {
 public:
  static constexpr std::size_t kWordRows = 64;

  /// No row of a batch.
  static RowBits none(std::size_t batch_rows) noexcept {
    RowBits bits(batch_rows);
    std::fill_n(bits.words_.begin(), bits.count_, std::uint64_t{0});
    return bits;
  }
  static RowBits of(const Selection& selection, std::size_t batch_rows) noexcept;

  RowBits(const RowBits& other) noexcept : count_(other.count_) {  // NOLINT: half of it is unused
    std::copy_n(other.words_.begin(), count_, words_.begin());
  }
  RowBits& operator=(const RowBits& other) noexcept {  // NOLINT
    count_ = other.count_;
    std::copy_n(other.words_.begin(), count_, words_.begin());
    return *this;
  }

  std::size_t words() const noexcept { return count_; }
  std::uint64_t& word(std::size_t index) noexcept { return words_[index]; }
  std::uint64_t word(std::size_t index) const noexcept { return words_[index]; }

  void add(const RowBits& more) noexcept {
    for (std::size_t i = 0; i < count_; ++i) words_[i] |= more.words_[i];
  }
  void remove(const RowBits& removed) noexcept {
    for (std::size_t i = 0; i < count_; ++i) words_[i] &= ~removed.words_[i];
  }
  bool empty() const noexcept {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < count_; ++i) all |= words_[i];
    return all == 0;
  }

  /// Writes the rows, ascending.
  void write(base::Kernel kernel, Selection& selection) const noexcept;

 private:
  explicit RowBits(std::size_t batch_rows) noexcept
      : count_((batch_rows + kWordRows - 1) / kWordRows) {}

  std::size_t count_;
  std::array<std::uint64_t, kBatchRows / kWordRows> words_;
};

}  // namespace weir::filter
