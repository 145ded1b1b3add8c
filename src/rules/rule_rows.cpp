// SPDX-License-Identifier: Apache-2.0
// rules: counters -> a row for every rule.
#include <string>
#include <unordered_map>

#include "base/prefix.hpp"
#include "rules/rule_hits.hpp"

namespace weir::rules {
namespace {

void add_interface(RuleCoverage& coverage, const ObservedInterface* observed) {
  ++coverage.interfaces;
  if (observed == nullptr) return;
  coverage.first =
      coverage.logged == 0 ? observed->first : std::min(coverage.first, observed->first);
  coverage.last = coverage.logged == 0 ? observed->last : std::max(coverage.last, observed->last);
  ++coverage.logged;
  coverage.nodata += observed->nodata;
  coverage.skipdata += observed->skipdata;
}

/// What was logged of the interfaces that carry each group, and are in a subnet of each ACL.
struct Coverages {
  std::unordered_map<const SecurityGroup*, RuleCoverage> groups;
  std::unordered_map<const NetworkAcl*, RuleCoverage> acls;
  RuleCoverage all;

  Coverages(const Network& network, std::span<const ObservedInterface> observed) {
    std::vector<const ObservedInterface*> logged(network.interfaces.size(), nullptr);
    for (const ObservedInterface& interface : observed) {
      if (interface.configured < logged.size()) logged[interface.configured] = &interface;
    }
    for (std::size_t i = 0; i < logged.size(); ++i) {
      const NetworkInterface& interface = network.interfaces[i];
      add_interface(all, logged[i]);
      for (const std::string& id : interface.group_ids) {
        const SecurityGroup* const group = network.find_group(id);
        if (group != nullptr) add_interface(groups[group], logged[i]);
      }
      const NetworkAcl* const acl = network.find_acl_of_subnet(interface.subnet_id);
      if (acl != nullptr) add_interface(acls[acl], logged[i]);
    }
  }
};

RuleUse row_of(const RuleHits& hits, const RuleCoverage& coverage) {
  RuleUse use;
  hits.sums.copy_to(use);
  use.sole_flows = hits.sole_flows;
  use.possible_flows = hits.possible_flows;
  use.untracked_replies = hits.untracked_replies;
  use.rejected_behind = hits.rejected_behind;
  use.peers = hits.peers.count();
  use.peers_exact = hits.peers.exact();
  use.peer_prefixes = shown_peers(hits.peers);
  for (const Cidr& network :
       hits.peers.cover(kCountedPeers, kNetworkLengthIpv4, kNetworkLengthIpv6)) {
    use.used_addresses += base::address_count(network);
  }
  for (const RuleHits::Protocol& protocol : hits.protocols) {
    UsedPorts used{.protocol = protocol.number, .count = protocol.ports.count(), .ranges = {}};
    used.ranges = protocol.ports.ranges(kShownRanges);
    used.exact = covered_ports(used.ranges) == used.count;
    use.used_ports.push_back(std::move(used));
  }
  use.has_replies = hits.has_replies;
  use.coverage = coverage;
  return use;
}

}  // namespace

std::vector<RuleUse> list_rules(const Network& network, std::span<const ObservedInterface> observed,
                                const RuleSlots& slots, const std::vector<RuleHits>& hits) {
  Coverages coverages(network, observed);
  std::vector<RuleUse> rows;
  rows.reserve(hits.size());
  for (const RulePlace& place : slots.places()) {
    const RuleCoverage& coverage = place.acl != nullptr     ? coverages.acls[place.acl]
                                   : place.group != nullptr ? coverages.groups[place.group]
                                                            : coverages.all;
    rows.push_back(row_of(hits[rows.size()], coverage));
    rows.back().place = place;
  }
  return rows;
}

}  // namespace weir::rules
