// SPDX-License-Identifier: Apache-2.0
// rules: what hit one rule.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "conversation/opening.hpp"
#include "rules/distinct.hpp"
#include "rules/rule_slots.hpp"
#include "weir/rule_use.hpp"

namespace weir::rules {

/// The counters of a rule while records come in.
struct RuleHits {
  struct Protocol {
    std::uint8_t number = 0;
    PortSet ports;
  };

  RecordSums sums;
  std::uint64_t sole_flows = 0;
  std::uint64_t possible_flows = 0;
  std::uint64_t untracked_replies = 0;
  std::uint64_t rejected_behind = 0;
  PeerPrefixes peers{kCountedPeers};
  std::vector<Protocol> protocols;  // few; ascending
  bool has_replies = false;

  PortSet& ports_of(std::uint8_t protocol) {
    const auto place = std::lower_bound(
        protocols.begin(), protocols.end(), protocol,
        [](const Protocol& known, std::uint8_t number) { return known.number < number; });
    if (place != protocols.end() && place->number == protocol) return place->ports;
    return protocols.insert(place, {.number = protocol, .ports = {}})->ports;
  }
  void merge(const RuleHits& other) {
    sums.add(other.sums);
    sole_flows += other.sole_flows;
    possible_flows += other.possible_flows;
    untracked_replies += other.untracked_replies;
    rejected_behind += other.rejected_behind;
    peers.merge(other.peers);
    for (const Protocol& protocol : other.protocols) {
      ports_of(protocol.number).merge(protocol.ports);
    }
    has_replies = has_replies || other.has_replies;
  }
};

/// A row for every rule, without findings.
std::vector<RuleUse> list_rules(const Network& network, std::span<const ObservedInterface> observed,
                                const RuleSlots& slots, const std::vector<RuleHits>& hits);

/// Adds what follows from what rules did and were logged to do, and from configuration alone.
void add_findings(std::vector<RuleUse>& rules, const Network& network,
                  const RuleUseOptions& options);

}  // namespace weir::rules
