// SPDX-License-Identifier: Apache-2.0
// conversation: sums over the records of an interface.
#include "conversation/interface_log.hpp"

#include <algorithm>

namespace weir::conversation {
namespace {

/// Joining is worth its while when there are twice as many as after the last time.
constexpr std::size_t kLeastJoined = 64;

Ip subnet_of(const Ip& address) noexcept { return {.high = address.high, .low = 0}; }

}  // namespace

void CommonEnds::add(const CommonEnds& other) noexcept {
  switch (other.state_) {
    case State::unseen:
      return;
    case State::two:
      return add(other.first_, other.second_);
    case State::one:
      return add(other.first_, other.first_);
    case State::none:
      state_ = State::none;
  }
}

void TimeSpans::add(std::int64_t first, std::int64_t last) {
  if (!spans_.empty() && first >= spans_.back().first && first <= spans_.back().last + 1) {
    spans_.back().last = std::max(spans_.back().last, last);
    return;
  }
  spans_.push_back({.first = first, .last = std::max(first, last)});
  if (spans_.size() >= 2 * std::max(joined_, kLeastJoined)) join();
}

void TimeSpans::add(const TimeSpans& other) {
  for (const TimeSpan& span : other.spans_) add(span.first, span.last);
}

void TimeSpans::join() {
  std::sort(spans_.begin(), spans_.end(), [](const TimeSpan& a, const TimeSpan& b) {
    return a.first != b.first ? a.first < b.first : a.last < b.last;
  });
  std::size_t kept = 0;
  for (const TimeSpan& span : spans_) {
    if (kept > 0 && span.first <= spans_[kept - 1].last + 1) {
      spans_[kept - 1].last = std::max(spans_[kept - 1].last, span.last);
    } else {
      spans_[kept++] = span;
    }
  }
  spans_.resize(kept);
  joined_ = kept;
}

std::vector<TimeSpan> TimeSpans::take() {
  join();
  return std::move(spans_);
}

void InterfaceLog::add_ends(const Ip& source, const Ip& destination, LoggedDirection direction) {
  if (source.is_ipv4() || destination.is_ipv4()) {
    ipv4.add(source, destination);
  } else {
    ipv6.add(source, destination);
    ipv6_subnets.add(subnet_of(source), subnet_of(destination));
  }
  if (direction == LoggedDirection::ingress) add_named(destination);
  if (direction == LoggedDirection::egress) add_named(source);
}

void InterfaceLog::add_named(const Ip& address) {
  const auto place = std::lower_bound(named.begin(), named.end(), address);
  if (place != named.end() && *place == address) return;
  if (place == named.end() && named.size() == kMostNamed) return;
  named.insert(place, address);
  if (named.size() > kMostNamed) named.pop_back();
}

void InterfaceLog::add(const InterfaceLog& other) {
  accepted += other.accepted;
  rejected += other.rejected;
  nodata += other.nodata;
  skipdata += other.skipdata;
  first = std::min(first, other.first);
  last = std::max(last, other.last);
  ipv4.add(other.ipv4);
  ipv6.add(other.ipv6);
  ipv6_subnets.add(other.ipv6_subnets);
  for (const Ip& address : other.named) add_named(address);
  skipped.add(other.skipped);
  is_nameless = is_nameless || other.is_nameless;
}

}  // namespace weir::conversation
