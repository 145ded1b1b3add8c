// SPDX-License-Identifier: Apache-2.0
// filter: the loop inside every test of a column: 64 values at a time -> 64 bits.
//
// A test fills an array of bytes, a loop that the compiler turns into SIMD where it can, and the
// bytes are packed into bits. range_kernels.hpp has blocks written by hand for the hottest tests.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>

#include "filter/node.hpp"

namespace weir::filter {

inline constexpr std::size_t kBlockRows = RowBits::kWordRows;

/// The column at a position of the format, or null if nobody asked for it.
inline const Column* decoded_column(const Batch& batch, std::size_t index) {
  if (index >= batch.columns.size() || !batch.columns[index].decoded) return nullptr;
  return &batch.columns[index];
}

/// A test of one column; null where the column is.
class ColumnNode : public BoundFilter::Node {
 public:
  explicit ColumnNode(std::size_t column) : column_(column) {}
  void keep(const Batch& batch, Answer wanted, RowBits& rows) const final {
    const Column* column = decoded_column(batch, column_);
    if (column == nullptr) {
      rows = RowBits::none(batch.rows);
    } else {
      test(*column, batch.rows, wanted, rows);
    }
  }

 protected:
  virtual void test(const Column& column, std::size_t count, Answer wanted,
                    RowBits& rows) const = 0;

 private:
  std::size_t column_;
};

/// Packs 64 bytes that are 0 or 1 into bits, the first byte lowest.
inline std::uint64_t pack_bits(const std::uint8_t* bytes) noexcept {
  // The product moves the low bit of byte i to bit 56 + i; no two of its terms meet.
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kGather = 0x0102'0408'1020'4080;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kBlockRows / 8; ++i) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes + 8 * i, 8);
    bits |= (eight * kGather >> 56) << (8 * i);
  }
  return bits;
}

/// What looking at one more row takes.
enum class RowCost {
  little,  ///< a few instructions on a value of any row: testing a whole block is cheapest
  much,    ///< time, or a value that is there: only rows that are asked for are looked at
};

/// Tests the rows `first` + i, i < `count`, whose bit i is in `asked`; may test others, too, if
/// that costs little.
template <RowCost kCost, class Test>
std::uint64_t judge_block(std::size_t first, std::size_t count, std::uint64_t asked, Test& test) {
  constexpr int kFew = 8;  // rows for which looking at each is cheaper than looking at all
  const bool each =
      kCost == RowCost::much ? asked != ~std::uint64_t{0} : std::popcount(asked) <= kFew;
  if (each) {
    std::uint64_t bits = 0;
    for (; asked != 0; asked &= asked - 1) {
      const auto row = static_cast<std::size_t>(std::countr_zero(asked));
      bits |= std::uint64_t{test(first + row)} << row;
    }
    return bits;
  }
  std::uint8_t bytes[kBlockRows];
  if (count == kBlockRows) {
    for (std::size_t i = 0; i < kBlockRows; ++i) bytes[i] = test(first + i);
  } else {
    std::fill(std::begin(bytes), std::end(bytes), std::uint8_t{0});
    for (std::size_t i = 0; i < count; ++i) bytes[i] = test(first + i);
  }
  return pack_bits(bytes);
}

/// Keeps the rows that `judge_rows`, a function (first row, count, bits asked for) -> bits, answers
/// as wanted.
template <class JudgeRows>
void judge_blocks(const NullMask& nulls, std::size_t count, Answer wanted, RowBits& rows,
                  JudgeRows judge_rows) {
  const std::uint64_t turned = wanted == Answer::yes ? 0 : ~std::uint64_t{0};
  for (std::size_t word = 0; word < rows.words(); ++word) {
    std::uint64_t asked = rows.word(word) & ~nulls.word(word);
    if (asked != 0) {
      const std::size_t first = word * kBlockRows;
      asked &= judge_rows(first, std::min(kBlockRows, count - first), asked) ^ turned;
    }
    rows.word(word) = asked;
  }
}

/// Keeps the rows that `test`, a function row -> bool, answers as wanted. Nulls go.
template <RowCost kCost, class Test>
void judge(const NullMask& nulls, std::size_t count, Answer wanted, RowBits& rows, Test test) {
  judge_blocks(nulls, count, wanted, rows,
               [&test](std::size_t first, std::size_t block, std::uint64_t asked) {
                 return judge_block<kCost>(first, block, asked, test);
               });
}

}  // namespace weir::filter
