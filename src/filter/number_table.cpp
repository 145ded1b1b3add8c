// SPDX-License-Identifier: Apache-2.0
// filter: ranges of numbers -> a bitmap or a hash table.
#include "filter/number_table.hpp"

#include <bit>

#include "base/hash.hpp"

namespace weir::filter {

NumberBitmap::NumberBitmap(const base::RangeSet<std::uint64_t>& ranges)
    : words_((kLargest + 1) / 64) {
  for (const auto& [low, high] : ranges.ranges()) {
    for (std::uint64_t value = low; value <= high; ++value) {
      words_[value / 64] |= std::uint64_t{1} << (value % 64);
    }
  }
}

NumberTable::NumberTable(const base::RangeSet<std::uint64_t>& ranges) {
  std::vector<base::ValueRange<std::uint64_t>> wide;
  std::vector<std::uint64_t> single;
  for (const auto& range : ranges.ranges()) {
    if (range.low == range.high && range.low != 0) {
      single.push_back(range.low);
    } else {
      wide.push_back(range);
    }
  }
  wide_ = base::RangeSet(std::move(wide));
  // At most half full, so that a value that is absent meets an empty slot soon.
  slots_.resize(std::bit_ceil(2 * single.size() + 2));
  shift_ = 64 - std::countr_zero(slots_.size());
  for (const std::uint64_t value : single) slots_[slot_of(value)] = value;
}

std::size_t NumberTable::slot_of(std::uint64_t value) const noexcept {
  std::size_t slot = base::scatter_high(value) >> shift_;
  while (slots_[slot] != 0 && slots_[slot] != value) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

bool NumberTable::contains(std::uint64_t value) const noexcept {
  if (slots_[slot_of(value)] == value && value != 0) return true;
  return !wide_.ranges().empty() && wide_.contains(value);
}

}  // namespace weir::filter
