// SPDX-License-Identifier: Apache-2.0
// filter: the loop under every test of a column: values, 64 at a time -> bits.
//
// A test fills an array of bytes, a loop that the compiler turns into SIMD, and the bytes are
// packed into bits. A hand-written kernel can replace judge_block() without its callers knowing.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>

#include "filter/node.hpp"

namespace weir {

inline constexpr std::size_t kBlockRows = 64;

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

/// What looking at one more row costs.
enum class RowCost {
  little,  ///< a few instructions without a branch: testing a whole block is cheapest
  much,    ///< each row that need not be looked at is a gain
};

/// Tests the rows of `wanted`, which lie in [first, first + count); may test others, too.
template <RowCost kCost, class Test>
std::uint64_t judge_block(std::size_t first, std::size_t count, std::uint64_t wanted, Test& test) {
  constexpr int kFew = 8;  // rows for which looking at each is cheaper than looking at all
  if (kCost == RowCost::much || std::popcount(wanted) <= kFew) {
    std::uint64_t bits = 0;
    for (; wanted != 0; wanted &= wanted - 1) {
      const auto row = static_cast<std::size_t>(std::countr_zero(wanted));
      bits |= std::uint64_t{test(first + row)} << row;
    }
    return bits;
  }
  std::uint8_t bytes[kBlockRows] = {};
  if (count == kBlockRows) {
    for (std::size_t i = 0; i < kBlockRows; ++i) bytes[i] = test(first + i);
  } else {
    for (std::size_t i = 0; i < count; ++i) bytes[i] = test(first + i);
  }
  return pack_bits(bytes);
}

/// Judges the rows in `live` with `test`, a function row -> bool. Nulls stay open.
template <RowCost kCost, class Test>
Truth judge(const NullMask& nulls, std::size_t rows, const RowBits& live, Test test) {
  Truth truth;
  for (std::size_t word = 0; word * kBlockRows < rows; ++word) {
    const std::uint64_t wanted = live.words[word] & ~nulls.word(word);
    if (wanted == 0) continue;
    const std::size_t first = word * kBlockRows;
    const std::uint64_t hits =
        judge_block<kCost>(first, std::min(kBlockRows, rows - first), wanted, test);
    truth.yes.words[word] = hits & wanted;
    truth.no.words[word] = ~hits & wanted;
  }
  return truth;
}

}  // namespace weir
