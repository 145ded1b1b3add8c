// SPDX-License-Identifier: Apache-2.0
// policy: a value for each interval of ports or addresses.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace weir::policy {

/// Every key has a value; intervals reach up to the next one's start.
/// Cost: find() takes logarithmic time in the number of intervals, and no branch that can be
/// mispredicted.
template <class Key, class Value>
class IntervalMap {
 public:
  /// Every key has `value`.
  explicit IntervalMap(Value value = {}) : starts_{Key{}}, values_{std::move(value)} {}

  /// From `start` on, the value is `value`. Starts must ascend.
  void append(const Key& start, Value value) {
    if (values_.back() == value) return;
    if (starts_.back() == start) {
      values_.back() = std::move(value);
      return;
    }
    starts_.push_back(start);
    values_.push_back(std::move(value));
  }

  const Value& find(const Key& key) const noexcept {
    std::size_t at = 0;
    for (std::size_t left = starts_.size(); left > 1;) {
      const std::size_t half = left / 2;
      at += starts_[at + half] <= key ? half : 0;
      left -= half;
    }
    return values_[at];
  }

 private:
  std::vector<Key> starts_;  // the first is the lowest key
  std::vector<Value> values_;
};

}  // namespace weir::policy
