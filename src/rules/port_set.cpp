// SPDX-License-Identifier: Apache-2.0
// rules: distinct ports, exactly.
#include "rules/port_set.hpp"

#include <algorithm>
#include <bit>

namespace weir::rules {
namespace {

constexpr std::size_t kMostFew = 512;
constexpr std::size_t kWords = 65536 / 64;

}  // namespace

void PortSet::add(std::uint16_t port) {
  if (!bits_.empty()) {
    bits_[port / 64] |= std::uint64_t{1} << (port % 64);
    return;
  }
  const auto place = std::lower_bound(few_.begin(), few_.end(), port);
  if (place != few_.end() && *place == port) return;
  few_.insert(place, port);
  if (few_.size() > kMostFew) to_bits();
}

void PortSet::merge(const PortSet& other) {
  for (const std::uint16_t port : other.few_) add(port);
  if (other.bits_.empty()) return;
  if (bits_.empty()) to_bits();
  for (std::size_t i = 0; i < kWords; ++i) bits_[i] |= other.bits_[i];
}

void PortSet::to_bits() {
  bits_.assign(kWords, 0);
  for (const std::uint16_t port : few_) bits_[port / 64] |= std::uint64_t{1} << (port % 64);
  few_ = {};
}

std::uint32_t PortSet::count() const noexcept {
  if (bits_.empty()) return static_cast<std::uint32_t>(few_.size());
  std::uint32_t count = 0;
  for (const std::uint64_t word : bits_) count += static_cast<std::uint32_t>(std::popcount(word));
  return count;
}

bool PortSet::contains(std::uint16_t port) const noexcept {
  if (bits_.empty()) return std::binary_search(few_.begin(), few_.end(), port);
  return (bits_[port / 64] >> (port % 64) & 1) != 0;
}

std::vector<std::uint16_t> PortSet::all() const {
  if (bits_.empty()) return few_;
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < kWords; ++i) {
    for (std::uint64_t word = bits_[i]; word != 0; word &= word - 1) {
      ports.push_back(
          static_cast<std::uint16_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
    }
  }
  return ports;
}

std::vector<PortRange> PortSet::ranges(std::size_t most) const {
  const std::vector<std::uint16_t> ports = all();
  if (ports.empty() || most == 0) return {};
  struct Gap {
    std::size_t before = 0;  // index of the port behind the gap
    std::uint16_t width = 0;
  };
  std::vector<Gap> gaps;
  for (std::size_t i = 1; i < ports.size(); ++i) {
    const auto width = static_cast<std::uint16_t>(ports[i] - ports[i - 1] - 1);
    if (width > 0) gaps.push_back({.before = i, .width = width});
  }
  if (gaps.size() + 1 > most) {
    std::stable_sort(gaps.begin(), gaps.end(),
                     [](const Gap& a, const Gap& b) { return a.width > b.width; });
    gaps.resize(most - 1);
    std::sort(gaps.begin(), gaps.end(),
              [](const Gap& a, const Gap& b) { return a.before < b.before; });
  }
  std::vector<PortRange> ranges;
  std::size_t begin = 0;
  for (const Gap& gap : gaps) {
    ranges.push_back({.from = ports[begin], .to = ports[gap.before - 1]});
    begin = gap.before;
  }
  ranges.push_back({.from = ports[begin], .to = ports.back()});
  return ranges;
}

std::uint32_t covered_ports(const std::vector<PortRange>& ranges) noexcept {
  std::uint32_t covered = 0;
  for (const PortRange& range : ranges) {
    covered += static_cast<std::uint32_t>(range.to - range.from + 1);
  }
  return covered;
}

}  // namespace weir::rules
