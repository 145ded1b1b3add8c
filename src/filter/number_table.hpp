// SPDX-License-Identifier: Apache-2.0
// filter: sets of numbers that tell in constant time whether a number is a member.
#pragma once

#include <cstdint>
#include <vector>

#include "base/range_set.hpp"

namespace weir::filter {

/// A bit for each number up to 65535: ports and protocols.
/// Memory: 8 KiB.
class NumberBitmap {
 public:
  static constexpr std::uint64_t kLargest = 65535;

  explicit NumberBitmap(const base::RangeSet<std::uint64_t>& ranges);
  bool contains(std::uint64_t value) const noexcept {
    const std::uint64_t index = value & kLargest;
    return ((value <= kLargest) & (words_[index / 64] >> (index % 64))) != 0;
  }

 private:
  std::vector<std::uint64_t> words_;
};

/// Any numbers: single ones in a hash table, ranges sorted.
/// Cost: contains() takes constant time for single numbers, and time logarithmic in the number of
/// proper ranges if there are any.
/// Memory: 16 to 48 bytes a number.
class NumberTable {
 public:
  explicit NumberTable(const base::RangeSet<std::uint64_t>& ranges);
  bool contains(std::uint64_t value) const noexcept;

 private:
  std::size_t slot_of(std::uint64_t value) const noexcept;

  base::RangeSet<std::uint64_t> wide_;  // ranges of more than one number
  std::vector<std::uint64_t> slots_;    // 0 where empty, which 0 itself never is: it counts as wide
  int shift_ = 0;
};

}  // namespace weir::filter
