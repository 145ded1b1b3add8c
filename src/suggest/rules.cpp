// SPDX-License-Identifier: Apache-2.0
// suggest: ports and peers -> rules.
#include "suggest/rules.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "suggest/limit.hpp"
#include "suggest/prefixes.hpp"

namespace weir::suggest {
namespace {

/// From so many addresses of so many networks: open to everyone, it seems.
constexpr std::size_t kPublicPeers = 64;
constexpr std::size_t kPublicNetworks = 16;

/// TCP, UDP, ICMP, ICMPv6, then the others by number.
int protocol_rank(std::int16_t protocol) {
  constexpr std::int16_t kFirst[] = {6, 17, 1, 58};
  const auto* const found = std::find(std::begin(kFirst), std::end(kFirst), protocol);
  return found == std::end(kFirst) ? 4 + protocol : static_cast<int>(found - std::begin(kFirst));
}

/// An order of peers: groups, prefix lists, prefixes.
auto peer_order(const RulePeer& peer) {
  const auto* const group = std::get_if<GroupReference>(&peer);
  const auto* const list = std::get_if<PrefixListReference>(&peer);
  const auto* const prefix = std::get_if<Cidr>(&peer);
  std::string_view id;  // of the peer's own text: a conditional between texts would copy one
  if (group != nullptr) id = group->group_id;
  if (list != nullptr) id = list->id;
  return std::tuple(group != nullptr  ? 0
                    : list != nullptr ? 1
                                      : 2,
                    id, prefix == nullptr ? Cidr() : *prefix);
}

/// A port and a peer that a rule will admit, with the traffic that it rests on.
struct Admission {
  const PortKey* key;
  RulePeer peer;
  std::span<const PeerTraffic> traffic;
  bool is_coarse;
};

struct PlannedPort {
  PortTraffic* port;
  std::vector<ReferredPeers> references;
  std::vector<Cidr> prefixes;
};

/// The part of sorted, disjoint peers that a prefix holds.
std::span<const PeerTraffic> inside(std::span<const PeerTraffic> peers, const Cidr& prefix) {
  const auto begin = std::lower_bound(
      peers.begin(), peers.end(), prefix,
      [](const PeerTraffic& a, const Cidr& b) { return a.peer.network < b.network; });
  const auto end = std::partition_point(begin, peers.end(), [&](const PeerTraffic& peer) {
    return prefix.contains(peer.peer.network);
  });
  return {begin, end};
}

class Planner {
 public:
  Planner(std::span<PortTraffic> ports, const SuggestOptions& options,
          const ReferenceFinder* finder, Suggestion& proposal)
      : options_(options), finder_(finder), proposal_(proposal) {
    for (PortTraffic& port : ports) {
      PlannedPort& planned = planned_.emplace_back();
      planned.port = &port;
      if (finder != nullptr) {
        planned.references = finder->take_references(port, proposal.vpc_id, proposal.group_ids);
      }
      std::vector<Cidr> prefixes;
      prefixes.reserve(port.peers.size());
      for (const PeerTraffic& peer : port.peers) prefixes.push_back(peer.peer);
      planned.prefixes = cover_exactly(std::move(prefixes));
      if (port.is_coarse) proposal.merged_for_room = true;
    }
  }

  void plan() {
    if (planned_.empty()) return;
    const RuleDirection direction = planned_.front().port->key.direction;
    std::vector<SuggestedRule> rules = build();
    const std::size_t by_direction = static_cast<std::size_t>(direction);
    for (const bool is_ipv6 : {false, true}) {
      RuleCount& count = proposal_.counts[by_direction][is_ipv6 ? 1 : 0];
      if (count_rules(rules, is_ipv6) <= options_.max_rules) continue;
      count.widen_to = widen(rules, is_ipv6);
      rules = build();
    }
    for (const bool is_ipv6 : {false, true}) {
      RuleCount& count = proposal_.counts[by_direction][is_ipv6 ? 1 : 0];
      count.rules = count_rules(rules, is_ipv6);
      if (count.is_met()) count.widen_to.reset();
    }
    list_public_ports();
    std::sort(rules.begin(), rules.end(), [](const SuggestedRule& a, const SuggestedRule& b) {
      const auto order = [](const SuggestedRule& rule) {
        return std::tuple(protocol_rank(rule.traffic.protocol), rule.traffic.ports,
                          peer_order(rule.peer));
      };
      return order(a) < order(b);
    });
    std::move(rules.begin(), rules.end(), std::back_inserter(proposal_.rules));
  }

 private:
  std::vector<Admission> admissions() const {
    std::vector<Admission> all;
    for (const PlannedPort& planned : planned_) {
      const PortTraffic& port = *planned.port;
      for (const ReferredPeers& referred : planned.references) {
        all.push_back({&port.key, referred.reference, referred.peers, false});
      }
      for (const Cidr& prefix : planned.prefixes) {
        all.push_back({&port.key, prefix, inside(port.peers, prefix), port.is_coarse});
      }
    }
    std::sort(all.begin(), all.end(), [](const Admission& a, const Admission& b) {
      const auto order = [](const Admission& one) {
        return std::tuple(one.key->protocol, peer_order(one.peer), one.key->port, one.key->is_ipv6);
      };
      return order(a) < order(b);
    });
    return all;
  }

  /// One rule for each peer and run of adjacent ports.
  std::vector<SuggestedRule> build() const {
    const std::vector<Admission> all = admissions();
    std::vector<SuggestedRule> rules;
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      const Admission& first = all[begin];
      for (end = begin + 1; end < all.size(); ++end) {
        const PortKey& key = *all[end].key;
        if (key.protocol != first.key->protocol || all[end].peer != first.peer ||
            key.port > all[end - 1].key->port + 1) {
          break;
        }
      }
      rules.push_back(make_rule(std::span(all).subspan(begin, end - begin)));
    }
    return rules;
  }

  SuggestedRule make_rule(std::span<const Admission> run) const {
    const PortKey& key = *run.front().key;
    SuggestedRule rule;
    rule.direction = key.direction;
    rule.traffic.protocol = key.protocol;
    if (base::has_ports(key.protocol)) {
      rule.traffic.ports = {.from = key.port, .to = run.back().key->port};
    }
    rule.peer = run.front().peer;
    std::vector<Cidr> peers;
    for (const Admission& one : run) {
      rule.peers_are_more = rule.peers_are_more || one.is_coarse;
      for (const PeerTraffic& traffic : one.traffic) {
        rule.evidence.add(traffic.evidence);
        peers.push_back(traffic.peer);
      }
      rule.is_wider = rule.is_wider || one.is_coarse || is_wider(one);
    }
    std::sort(peers.begin(), peers.end());
    peers.erase(std::unique(peers.begin(), peers.end()), peers.end());
    rule.peers = peers.size();
    if (const auto* group = std::get_if<GroupReference>(&rule.peer)) {
      rule.not_seen = finder_->members_not_seen(group->group_id, peers);
    }
    return rule;
  }

  static bool is_wider(const Admission& one) {
    const auto* const prefix = std::get_if<Cidr>(&one.peer);
    if (prefix == nullptr) return false;
    const int host_bits = 128 - prefix->length;
    return host_bits >= 64 || std::uint64_t{1} << host_bits != one.traffic.size();
  }

  std::uint64_t weight_of(const RulePeer& peer, bool is_ipv6) const {
    if (const auto* prefix = std::get_if<Cidr>(&peer)) return base::is_ipv4(*prefix) != is_ipv6;
    return finder_->weight(peer, is_ipv6);
  }

  std::uint64_t count_rules(std::span<const SuggestedRule> rules, bool is_ipv6) const {
    std::uint64_t count = 0;
    for (const SuggestedRule& rule : rules) count += weight_of(rule.peer, is_ipv6);
    return count;
  }

  std::vector<PortClass> classes_of(bool is_ipv6) const {
    std::vector<PortClass> classes;
    const PlannedPort* before = nullptr;
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      const PlannedPort& planned = planned_[i];
      const PortKey& key = planned.port->key;
      if (key.is_ipv6 != is_ipv6 || planned.prefixes.empty()) continue;
      const bool is_same = before != nullptr && before->port->key.protocol == key.protocol &&
                           before->port->key.port + 1 == key.port &&
                           before->prefixes == planned.prefixes;
      if (!is_same) classes.push_back({.prefixes = planned.prefixes, .ports = {}});
      classes.back().ports.push_back(i);
      before = &planned;
    }
    return classes;
  }

  /// Widens as far as asked, and returns how far it would have to be to meet the limit.
  std::optional<std::uint8_t> widen(std::span<const SuggestedRule> rules, bool is_ipv6) {
    std::uint64_t fixed = 0;
    for (const SuggestedRule& rule : rules) {
      if (!std::holds_alternative<Cidr>(rule.peer)) fixed += weight_of(rule.peer, is_ipv6);
    }
    const std::uint64_t limit =
        options_.max_rules - std::min<std::uint64_t>(fixed, options_.max_rules);
    std::vector<PortClass> classes = classes_of(is_ipv6);
    std::vector<PortClass> to_the_end = classes;
    std::optional<std::uint8_t> enough = widen_to_limit(to_the_end, limit, 0, is_ipv6);
    if (fixed > options_.max_rules) enough.reset();
    const std::optional<std::uint8_t> allowed = is_ipv6 ? options_.widen_ipv6 : options_.widen_ipv4;
    if (!allowed) return enough;
    widen_to_limit(classes, limit, *allowed, is_ipv6);
    for (PortClass& ports : classes) {
      for (const std::size_t place : ports.ports) planned_[place].prefixes = ports.prefixes;
    }
    return enough;
  }

  void list_public_ports() {
    for (const PlannedPort& planned : planned_) {
      const PortTraffic& port = *planned.port;
      if (port.peers.size() < kPublicPeers || planned.prefixes.size() < kPublicNetworks) continue;
      std::vector<Cidr> peers;
      peers.reserve(port.peers.size());
      for (const PeerTraffic& peer : port.peers) peers.push_back(peer.peer);
      const std::uint8_t length = port.key.is_ipv6 ? 16 : base::kIpv4Bits + 8;
      const std::size_t networks = merged_size(peers, length);
      if (networks < kPublicNetworks) continue;
      PublicPort& found = proposal_.public_ports.emplace_back();
      found.direction = port.key.direction;
      found.traffic.protocol = port.key.protocol;
      if (base::has_ports(port.key.protocol)) found.traffic.ports = {port.key.port, port.key.port};
      found.is_ipv6 = port.key.is_ipv6;
      found.peers = peers.size();
      found.peers_are_more = port.is_coarse;
      found.networks = networks;
    }
  }

  const SuggestOptions& options_;
  const ReferenceFinder* finder_;
  Suggestion& proposal_;
  std::vector<PlannedPort> planned_;
};

}  // namespace

void suggest_rules(std::span<PortTraffic> ports, const SuggestOptions& options,
                   const ReferenceFinder* finder, Suggestion& proposal) {
  Planner(ports, options, finder, proposal).plan();
}

}  // namespace weir::suggest
