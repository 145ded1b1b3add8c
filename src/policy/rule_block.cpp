// SPDX-License-Identifier: Apache-2.0
// policy: up to 64 rules -> maps from ports and addresses to those that match.
#include "policy/rule_block.hpp"

#include <algorithm>
#include <map>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "base/range_set.hpp"
#include "policy/traffic.hpp"

namespace weir::policy {
namespace {

/// The rules that match any key of a range.
template <class Key>
struct RangeRules {
  base::ValueRange<Key> range;
  RuleMask rules = 0;
};

template <class Key>
IntervalMap<Key, RuleMask> map_of(const std::vector<RangeRules<Key>>& ranges) {
  std::vector<Key> starts{Key{}};
  for (const auto& [range, rules] : ranges) {
    starts.push_back(range.low);
    starts.push_back(base::successor(range.high));  // behind the last key comes the first: no harm
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  IntervalMap<Key, RuleMask> map;
  for (const Key& start : starts) {
    RuleMask all = 0;
    for (const auto& [range, rules] : ranges) {
      if (range.low <= start && start <= range.high) all |= rules;
    }
    map.append(start, all);
  }
  return map;
}

/// Any traffic at all, for rules of every protocol.
constexpr base::ValueRange<std::uint16_t> kEveryPort{0, 65535};

}  // namespace

bool may_hold(const UnreadPeers& peers, const Ip& address) noexcept {
  return peers.inside == nullptr || base::any_holds(*peers.inside, address);
}

RuleBlock::RuleBlock(std::span<const BlockRule> rules) {
  std::vector<RangeRules<std::uint16_t>> tcp;
  std::vector<RangeRules<std::uint16_t>> udp;
  std::vector<RangeRules<std::uint32_t>> ipv4;
  std::vector<RangeRules<Ip>> ipv6;
  std::map<std::int16_t, RuleMatches> others;
  std::map<AddressClasses::SetId, RuleMask> sets;

  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RuleMask bit = RuleMask{1} << i;
    const TrafficMatch& traffic = rules[i].traffic;
    if (traffic.protocol == kAnyProtocol) {
      every_protocol_ |= bit;
    } else if (base::has_ports(traffic.protocol)) {
      (traffic.protocol == base::kTcp ? tcp : udp)
          .push_back({{traffic.ports.from, traffic.ports.to}, bit});
    } else {
      RuleMatches& same_protocol = others[traffic.protocol];
      same_protocol.any |= bit;
      if (!asks_for_icmp_type(traffic)) same_protocol.yes |= bit;
    }

    if (const auto* prefix = std::get_if<Cidr>(&rules[i].peer)) {
      if (base::is_ipv4(*prefix)) {
        ipv4.push_back({{static_cast<std::uint32_t>(prefix->network.low),
                         static_cast<std::uint32_t>(base::last_of(*prefix).low)},
                        bit});
      } else {
        ipv6.push_back({{prefix->network, base::last_of(*prefix)}, bit});
      }
    } else if (const auto* set = std::get_if<AddressClasses::SetId>(&rules[i].peer)) {
      sets[*set] |= bit;
    } else if (const auto* unread = std::get_if<UnreadPeers>(&rules[i].peer)) {
      add_unread(*unread, bit);
    }
  }

  tcp.push_back({kEveryPort, every_protocol_});
  udp.push_back({kEveryPort, every_protocol_});
  tcp_ = map_of(tcp);
  udp_ = map_of(udp);
  ipv4_ = map_of(ipv4);
  ipv6_ = map_of(ipv6);
  for (const auto& [protocol, matches] : others) {
    others_.push_back({protocol, {matches.yes | every_protocol_, matches.any | every_protocol_}});
  }
  for (const auto& [set, mask] : sets) sets_.push_back({set, mask});
}

void RuleBlock::add_unread(const UnreadPeers& peers, RuleMask rule) {
  for (UnreadRules& same : unread_) {
    if (same.peers.inside == peers.inside) {
      same.rules |= rule;
      return;
    }
  }
  unread_.push_back({peers, rule});
}

RuleMatches RuleBlock::match_traffic(const Packet& packet) const noexcept {
  if (base::has_ports(packet.protocol)) {
    const auto& ports = packet.protocol == base::kTcp ? tcp_ : udp_;
    const RuleMask rules = ports.find(packet.destination_port);
    return {rules, rules};
  }
  for (const OtherProtocol& other : others_) {
    if (other.protocol == packet.protocol) return other.rules;
  }
  return {every_protocol_, every_protocol_};
}

RuleMask RuleBlock::in_sets(std::span<const AddressClasses::SetId> sets) const noexcept {
  RuleMask rules = 0;
  // The fewer are looked up among the more: networks with the same addresses make many sets.
  if (sets.size() < sets_.size()) {
    for (const AddressClasses::SetId set : sets) {
      const auto found =
          std::lower_bound(sets_.begin(), sets_.end(), set,
                           [](const SetRules& entry, auto wanted) { return entry.set < wanted; });
      if (found != sets_.end() && found->set == set) rules |= found->rules;
    }
  } else {
    for (const SetRules& entry : sets_) {
      if (std::binary_search(sets.begin(), sets.end(), entry.set)) rules |= entry.rules;
    }
  }
  return rules;
}

RuleMatches RuleBlock::match(const Packet& packet,
                             std::span<const AddressClasses::SetId> sets) const noexcept {
  const RuleMatches traffic = match_traffic(packet);
  if (traffic.any == 0) return {};
  RuleMask peers = packet.peer.is_ipv4() ? ipv4_.find(static_cast<std::uint32_t>(packet.peer.low))
                                         : ipv6_.find(packet.peer);
  if (!sets.empty() && !sets_.empty()) peers |= in_sets(sets);
  RuleMask unread = 0;
  for (const auto& [unread_peers, rules] : unread_) {
    if (may_hold(unread_peers, packet.peer)) unread |= rules;
  }
  return {traffic.yes & peers, traffic.any & (peers | unread)};
}

}  // namespace weir::policy
