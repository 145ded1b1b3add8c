// SPDX-License-Identifier: Apache-2.0
// base: a set of numbers or addresses as sorted, disjoint ranges.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "weir/ip.hpp"

namespace weir::base {

/// Values from `low` up to and including `high`.
template <class Value>
struct ValueRange {
  Value low{};
  Value high{};
  friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

/// The next value; of the last one, the first.
constexpr std::uint16_t successor(std::uint16_t value) noexcept {
  return static_cast<std::uint16_t>(value + 1);
}
constexpr std::uint32_t successor(std::uint32_t value) noexcept { return value + 1; }
constexpr std::uint64_t successor(std::uint64_t value) noexcept { return value + 1; }
constexpr Ip successor(const Ip& value) noexcept {
  return {.high = value.high + (value.low == std::numeric_limits<std::uint64_t>::max() ? 1 : 0),
          .low = value.low + 1};
}

/// Ranges for which comparing with each is as fast as looking a value up.
inline constexpr std::size_t kFewRanges = 4;

/// Cost: contains() takes logarithmic time in the number of ranges.
template <class Value>
class RangeSet {
 public:
  RangeSet() = default;
  explicit RangeSet(std::vector<ValueRange<Value>> ranges) : ranges_(std::move(ranges)) {
    std::sort(ranges_.begin(), ranges_.end(),
              [](const auto& a, const auto& b) { return a.low < b.low; });
    std::size_t count = 0;
    for (const ValueRange<Value>& range : ranges_) {
      if (count > 0 && joins(ranges_[count - 1], range)) {
        ranges_[count - 1].high = std::max(ranges_[count - 1].high, range.high);
      } else {
        ranges_[count++] = range;
      }
    }
    ranges_.resize(count);
    ranges_.shrink_to_fit();
  }

  bool contains(const Value& value) const noexcept {
    const auto after =
        std::upper_bound(ranges_.begin(), ranges_.end(), value,
                         [](const Value& wanted, const auto& range) { return wanted < range.low; });
    return after != ranges_.begin() && !(std::prev(after)->high < value);
  }

  const std::vector<ValueRange<Value>>& ranges() const noexcept { return ranges_; }

 private:
  // `next` does not begin before `range`.
  static bool joins(const ValueRange<Value>& range, const ValueRange<Value>& next) {
    return !(range.high < next.low) || successor(range.high) == next.low;
  }

  std::vector<ValueRange<Value>> ranges_;
};

}  // namespace weir::base
