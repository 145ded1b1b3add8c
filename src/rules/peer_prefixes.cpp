// SPDX-License-Identifier: Apache-2.0
// rules: distinct addresses in bounded space.
#include "rules/peer_prefixes.hpp"

#include <algorithm>

#include "base/prefix.hpp"
#include "weir/rule_use.hpp"

namespace weir::rules {
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

void PeerPrefixes::add(const Ip& address) { insert(address.is_ipv4() ? ipv4_ : ipv6_, address); }

void PeerPrefixes::merge(const PeerPrefixes& other) {
  merge(ipv4_, other.ipv4_);
  merge(ipv6_, other.ipv6_);
}

void PeerPrefixes::insert(Family& family, const Ip& address) const {
  const Ip network = base::first_of(address, family.length);
  const auto place = std::lower_bound(family.networks.begin(), family.networks.end(), network);
  if (place != family.networks.end() && *place == network) return;
  family.networks.insert(place, network);
  while (family.networks.size() > most_ && family.length > 0) {
    shorten(family, static_cast<std::uint8_t>(family.length - 1));
  }
}

void PeerPrefixes::shorten(Family& family, std::uint8_t length) const {
  if (length >= family.length) return;
  family.length = length;
  for (Ip& network : family.networks) network = base::first_of(network, length);
  family.networks.erase(std::unique(family.networks.begin(), family.networks.end()),
                        family.networks.end());
}

void PeerPrefixes::merge(Family& family, const Family& other) const {
  shorten(family, other.length);
  for (const Ip& network : other.networks) insert(family, network);
}

std::uint64_t PeerPrefixes::count() const noexcept {
  std::uint64_t count = 0;
  for (const Family* family : {&ipv4_, &ipv6_}) {
    count += family->length == 128 ? family->networks.size() : std::uint64_t{most_} + 1;
  }
  return count;
}

std::vector<Cidr> PeerPrefixes::cover(std::size_t most, std::uint8_t longest_ipv4,
                                      std::uint8_t longest_ipv6) const {
  std::vector<Cidr> cover;
  for (const auto& [family, longest] :
       {std::pair(&ipv4_, longest_ipv4), std::pair(&ipv6_, longest_ipv6)}) {
    Family copy = *family;
    shorten(copy, longest);
    append_cover(cover, copy.networks, copy.length, most);
  }
  return cover;
}

std::vector<Cidr> shown_peers(const PeerPrefixes& peers) {
  const bool few = peers.exact() && peers.count() <= kShownPrefixes;
  return few ? peers.cover(kShownPrefixes, 128, 128)
             : peers.cover(kShownPrefixes, kNetworkLengthIpv4, kNetworkLengthIpv6);
}

}  // namespace weir::rules
