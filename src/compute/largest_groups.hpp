// SPDX-License-Identifier: Apache-2.0
// compute: all groups, one at a time -> the largest of them.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "compute/group_store.hpp"

namespace weir::compute {

/// The largest groups so far, in a heap with the least of them on top.
class LargestGroups {
  struct Kept {
    std::vector<std::uint64_t> key;
    GroupTotals totals;
  };
  GroupRecord least() const { return {.key = heap_.front().key, .totals = heap_.front().totals}; }
  auto by_order() const {
    return [this](const Kept& a, const Kept& b) {
      return order_.before({.key = a.key, .totals = a.totals}, {.key = b.key, .totals = b.totals});
    };
  }

 public:
  LargestGroups(const GroupOrder& order, std::size_t limit) : order_(order), limit_(limit) {}

  Measure measure() const noexcept { return *order_.measure(); }
  /// True if no group with this measure would be kept: so it is with nearly all of them.
  bool refuses(std::optional<unsigned __int128> value) const noexcept {
    return heap_.size() == limit_ && value < least_;
  }

  void offer(const GroupRecord& group) {
    if (heap_.size() == limit_) {
      if (!order_.before(group, least())) return;
      std::pop_heap(heap_.begin(), heap_.end(), by_order());
      heap_.pop_back();
    }
    heap_.push_back({.key = {group.key.begin(), group.key.end()}, .totals = group.totals});
    std::push_heap(heap_.begin(), heap_.end(), by_order());
    least_ = measure_of(heap_.front().totals, *order_.measure());
  }

  Result<void> visit(const GroupStore::Visitor& visitor) {
    std::sort_heap(heap_.begin(), heap_.end(), by_order());
    for (const Kept& group : heap_) {
      const auto wanted = visitor({.key = group.key, .totals = group.totals});
      if (!wanted) return Unexpected(wanted.error());
      if (!*wanted) break;
    }
    return {};
  }

 private:
  GroupOrder order_;
  std::size_t limit_;
  std::vector<Kept> heap_;
  std::optional<unsigned __int128> least_;
};

}  // namespace weir::compute
