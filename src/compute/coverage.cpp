// SPDX-License-Identifier: Apache-2.0
// compute: merging spans of time.
#include "compute/coverage.hpp"

#include <algorithm>
#include <iterator>

namespace weir::compute {

void Coverage::add(std::int64_t begin, std::int64_t end) {
  // AWS VPC User Guide, "Flow log records": start and end may each be off by 60 seconds.
  constexpr std::int64_t kTolerance = 60;
  end = std::max(begin, end);
  auto next = spans_.upper_bound(begin);
  if (next != spans_.begin()) {
    const auto before = std::prev(next);
    if (before->second >= end) return;  // already covered, which is the common case
    if (before->second + kTolerance >= begin) {
      begin = before->first;
      spans_.erase(before);
    }
  }
  while (next != spans_.end() && next->first <= end + kTolerance) {
    end = std::max(end, next->second);
    next = spans_.erase(next);
  }
  spans_[begin] = end;
}

std::vector<TimeSpan> Coverage::gaps(std::int64_t shortest) const {
  std::vector<TimeSpan> gaps;
  for (auto span = spans_.begin(); span != spans_.end(); ++span) {
    const auto next = std::next(span);
    if (next == spans_.end()) break;
    if (next->first - span->second > shortest) gaps.push_back({span->second, next->first});
  }
  return gaps;
}

}  // namespace weir::compute
