// SPDX-License-Identifier: Apache-2.0
// suggest: peers -> the groups that they carry and the prefix lists that hold them.
#include "suggest/references.hpp"

#include <algorithm>
#include <set>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "suggest/prefixes.hpp"

namespace weir::suggest {
namespace {

/// Of the members of a group at least one in so many must have been seen.
constexpr std::uint64_t kMembersForOneSeen = 4;

constexpr std::string_view kManagedByAws = "com.amazonaws.";

struct ListWeight {
  std::string_view name_end;
  std::uint64_t rules;
};

/// Source: VPC User Guide, "AWS-managed prefix lists"; all others count as one rule.
constexpr ListWeight kListWeights[] = {
    {"cloudfront.origin-facing", 55},
    {"groundstation", 5},
    {"route53-healthchecks", 25},
    {"vpc-lattice", 10},
};

/// Whether sorted, disjoint prefixes hold all of another one.
bool holds(std::span<const Cidr> sorted, const Cidr& prefix) {
  const auto after =
      std::upper_bound(sorted.begin(), sorted.end(), prefix,
                       [](const Cidr& a, const Cidr& b) { return a.network < b.network; });
  if (after == sorted.begin()) return false;
  const Cidr& before = *(after - 1);
  return before.length <= prefix.length && before.contains(prefix.network);
}

/// S3 and DynamoDB, whose addresses change: hosts would be wrong tomorrow.
bool is_managed_service(const PrefixList& list) {
  return list.name.starts_with(kManagedByAws) &&
         (list.name.ends_with(".s3") || list.name.ends_with(".dynamodb"));
}

/// They are called, and only by HTTP.
bool goes_to_services(const PortKey& key) {
  return key.direction == RuleDirection::egress && key.protocol == base::kTcp &&
         (key.port == 80 || key.port == 443);
}

/// Moves the peers for which `belongs` says so.
template <class Belongs>
std::vector<PeerTraffic> take_peers(std::vector<PeerTraffic>& peers, const Belongs& belongs) {
  const auto taken = std::stable_partition(
      peers.begin(), peers.end(), [&](const PeerTraffic& peer) { return !belongs(peer.peer); });
  std::vector<PeerTraffic> result(taken, peers.end());
  peers.erase(taken, peers.end());
  return result;
}

}  // namespace

/// A group that some peers of a port carry.
struct ReferenceFinder::Candidate {
  // Not yet referred to, by address; an address may be two members' in peered VPCs.
  std::set<std::pair<Ip, const NetworkInterface*>> peers;
  std::uint64_t members = 0;

  std::uint64_t seen() const {
    std::set<const NetworkInterface*> interfaces;
    for (const auto& [address, interface] : peers) interfaces.insert(interface);
    return interfaces.size();
  }
  /// Peers that it stands for, less members that nobody has seen.
  std::int64_t gain() const {
    return static_cast<std::int64_t>(peers.size() + seen()) - static_cast<std::int64_t>(members);
  }
};

ReferenceFinder::ReferenceFinder(const Network& network) : network_(&network) {
  for (const NetworkInterface& interface : network.interfaces) {
    for (const std::string& group : interface.group_ids) members_[group].push_back(&interface);
    if (interface.group_ids.empty()) continue;
    for (const Ip& address : interface.addresses) owners_.emplace(address, &interface);
  }
  for (const PrefixList& list : network.prefix_lists) {
    list_entries_.push_back(cover_exactly(list.entries));
  }
  for (const SecurityGroup& group : network.groups) {
    for (const SecurityGroupRule& rule : group.rules) {
      const auto* const reference = std::get_if<GroupReference>(&rule.peer);
      if (reference == nullptr || reference->peering_id.empty()) continue;
      if (!reference->peering_status.empty() && reference->peering_status != "active") continue;
      peerings_[{group.vpc_id, reference->vpc_id}] = reference->peering_id;
      peerings_[{reference->vpc_id, group.vpc_id}] = reference->peering_id;
    }
  }
}

bool ReferenceFinder::is_reachable(const std::string& vpc_id, const std::string& other_vpc) const {
  return vpc_id == other_vpc || peerings_.contains({vpc_id, other_vpc});
}

GroupReference ReferenceFinder::reference_to(const std::string& group_id,
                                             const std::string& vpc_id) const {
  GroupReference reference;
  reference.group_id = group_id;
  const SecurityGroup* const group = network_->find_group(group_id);
  const NetworkInterface& member = *members_.at(group_id).front();
  reference.account_id = group == nullptr ? member.account_id : group->account_id;
  const std::string& its_vpc =
      group == nullptr || group->vpc_id.empty() ? member.vpc_id : group->vpc_id;
  if (its_vpc == vpc_id) return reference;
  reference.vpc_id = its_vpc;
  if (const auto peering = peerings_.find({vpc_id, its_vpc}); peering != peerings_.end()) {
    reference.peering_id = peering->second;
    reference.peering_status = "active";
  }
  return reference;
}

void ReferenceFinder::take_groups(PortTraffic& port, const std::string& vpc_id,
                                  std::vector<ReferredPeers>& references) const {
  std::map<std::string, Candidate> candidates;
  for (const PeerTraffic& peer : port.peers) {
    const auto [begin, end] = owners_.equal_range(peer.peer.network);
    // Address ranges of VPCs may overlap: an owner in the same VPC is the one.
    const bool is_near =
        std::any_of(begin, end, [&](const auto& owner) { return owner.second->vpc_id == vpc_id; });
    for (auto owner = begin; owner != end; ++owner) {
      const NetworkInterface& interface = *owner->second;
      if (is_near ? interface.vpc_id != vpc_id : !is_reachable(vpc_id, interface.vpc_id)) continue;
      for (const std::string& group : interface.group_ids) {
        candidates[group].peers.emplace(peer.peer.network, &interface);
      }
    }
  }
  for (auto& [group, candidate] : candidates) candidate.members = members_.at(group).size();

  // The group that stands for most peers and admits fewest members that were not seen, and so on.
  while (true) {
    std::erase_if(candidates, [](const auto& entry) {
      return entry.second.members > kMembersForOneSeen * entry.second.seen();
    });
    if (candidates.empty()) return;
    const auto best =
        std::max_element(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
          return std::pair(a.second.gain(), a.second.peers.size()) <
                 std::pair(b.second.gain(), b.second.peers.size());
        });
    std::set<Ip> referred;
    for (const auto& [address, interface] : best->second.peers) referred.insert(address);
    references.push_back({.reference = reference_to(best->first, vpc_id),
                          .peers = take_peers(port.peers, [&](const Cidr& peer) {
                            return referred.contains(peer.network);
                          })});
    candidates.erase(best);
    for (auto& [group, candidate] : candidates) {
      std::erase_if(candidate.peers,
                    [&](const auto& peer) { return referred.contains(peer.first); });
    }
  }
}

void ReferenceFinder::take_prefix_lists(PortTraffic& port, std::span<const std::string> groups,
                                        std::vector<ReferredPeers>& references) const {
  std::set<std::string> in_use;
  for (const std::string& id : groups) {
    const SecurityGroup* const group = network_->find_group(id);
    if (group == nullptr) continue;
    for (const SecurityGroupRule& rule : group->rules) {
      const auto* const list = std::get_if<PrefixListReference>(&rule.peer);
      if (list != nullptr && rule.direction == port.key.direction) in_use.insert(list->id);
    }
  }
  for (std::size_t i = 0; i < network_->prefix_lists.size() && !port.peers.empty(); ++i) {
    const PrefixList& list = network_->prefix_lists[i];
    if (!list.has_entries) continue;
    if (!in_use.contains(list.id) && !(is_managed_service(list) && goes_to_services(port.key))) {
      continue;
    }
    std::vector<PeerTraffic> inside =
        take_peers(port.peers, [&](const Cidr& peer) { return holds(list_entries_[i], peer); });
    if (inside.empty()) continue;
    references.push_back(
        {.reference = PrefixListReference{.id = list.id}, .peers = std::move(inside)});
  }
}

std::vector<ReferredPeers> ReferenceFinder::take_references(
    PortTraffic& port, std::string_view vpc_id, std::span<const std::string> groups) const {
  std::vector<ReferredPeers> references;
  if (!port.is_coarse && !vpc_id.empty()) take_groups(port, std::string(vpc_id), references);
  take_prefix_lists(port, groups, references);
  return references;
}

std::uint64_t ReferenceFinder::members_not_seen(const std::string& group_id,
                                                std::span<const Cidr> peers) const {
  const auto members = members_.find(group_id);
  if (members == members_.end()) return 0;
  return static_cast<std::uint64_t>(std::count_if(
      members->second.begin(), members->second.end(), [&](const NetworkInterface* member) {
        return std::none_of(
            member->addresses.begin(), member->addresses.end(),
            [&](const Ip& address) { return holds(peers, base::prefix_of(address)); });
      }));
}

std::uint64_t ReferenceFinder::weight(const RulePeer& reference, bool is_ipv6) const {
  const auto* const named = std::get_if<PrefixListReference>(&reference);
  if (named == nullptr) return 1;
  const PrefixList* const list = network_->find_prefix_list(named->id);
  if (list == nullptr) return 1;
  if (list->name.starts_with(kManagedByAws)) {
    for (const ListWeight& weight : kListWeights) {
      if (list->name.ends_with(weight.name_end)) return weight.rules;
    }
    return 1;
  }
  return static_cast<std::uint64_t>(
      std::count_if(list->entries.begin(), list->entries.end(),
                    [&](const Cidr& entry) { return base::is_ipv4(entry) != is_ipv6; }));
}

}  // namespace weir::suggest
