// SPDX-License-Identifier: Apache-2.0
// rules: distinct ports and addresses in bounded space.
#include "rules/distinct.hpp"

#include <algorithm>
#include <bit>

#include "base/prefix.hpp"
#include "weir/rule_use.hpp"

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

namespace {

/// Cuts ascending prefixes of one length where neighbours have least in common. What stays together
/// is a subtree, so the prefixes do not overlap.
void append_cover(std::vector<Cidr>& cover, const std::vector<Ip>& networks, std::uint8_t length,
                  std::size_t most) {
  if (networks.empty() || most == 0) return;
  struct Cut {
    std::size_t before = 0;
    std::uint8_t bits = 0;  // that the neighbours share
  };
  std::vector<Cut> cuts;
  for (std::size_t i = 1; i < networks.size(); ++i) {
    cuts.push_back({.before = i, .bits = base::common_bits(networks[i - 1], networks[i])});
  }
  if (cuts.size() + 1 > most) {
    std::stable_sort(cuts.begin(), cuts.end(),
                     [](const Cut& a, const Cut& b) { return a.bits < b.bits; });
    cuts.resize(most - 1);
    std::sort(cuts.begin(), cuts.end(),
              [](const Cut& a, const Cut& b) { return a.before < b.before; });
  }
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    const std::uint8_t bits =
        std::min(length, base::common_bits(networks[begin], networks[end - 1]));
    cover.push_back(base::prefix_of(networks[begin], bits));
    begin = end;
  };
  for (const Cut& cut : cuts) close(cut.before);
  close(networks.size());
}

}  // namespace

std::uint64_t PeerPrefixes::count() const noexcept {
  std::uint64_t count = 0;
  for (const Family* family : {&ipv4_, &ipv6_}) {
    count += family->exact() ? family->size() : std::uint64_t{most_} + 1;
  }
  return count;
}

std::vector<Cidr> PeerPrefixes::cover(std::size_t most, std::uint8_t longest_ipv4,
                                      std::uint8_t longest_ipv6) const {
  std::vector<Cidr> cover;
  for (const auto& [family, longest] :
       {std::pair(&ipv4_, longest_ipv4), std::pair(&ipv6_, longest_ipv6)}) {
    Family copy = *family;
    copy.shorten(longest);
    append_cover(cover, copy.sorted(), copy.length(), most);
  }
  return cover;
}

std::vector<Cidr> shown_peers(const PeerPrefixes& peers) {
  const bool few = peers.exact() && peers.count() <= kShownPrefixes;
  return few ? peers.cover(kShownPrefixes, 128, 128)
             : peers.cover(kShownPrefixes, kNetworkLengthIpv4, kNetworkLengthIpv6);
}

}  // namespace weir::rules
