// SPDX-License-Identifier: Apache-2.0
// policy: a group's rules or an ACL's entries -> blocks, and what these decide.
#include "policy/compiled_rules.hpp"

#include <algorithm>

#include "base/prefix.hpp"
#include "base/protocol.hpp"

namespace weir::policy {
namespace {

std::vector<RuleBlock> blocks_of(const std::vector<BlockRule>& rules) {
  std::vector<RuleBlock> blocks;
  for (std::size_t i = 0; i < rules.size(); i += kBlockRules) {
    const std::size_t count = std::min(rules.size() - i, kBlockRules);
    blocks.emplace_back(std::span(rules).subspan(i, count));
  }
  return blocks;
}

/// An entry that was left out may have decided before.
void weigh_unread(const NetworkAcl& acl, const Packet& packet, AclDecision& decision) {
  const bool may_decide =
      std::any_of(acl.unread.begin(), acl.unread.end(), [&](const UnreadRule& unread) {
        return unread.direction == packet.direction && unread.number <= decision.number &&
               may_match(unread.traffic, packet);
      });
  if (!may_decide) return;
  decision.allowed = Answer::possibly;
  decision.doubt = Doubt::unread_rules;
}

}  // namespace

CompiledGroupRules::CompiledGroupRules(const SecurityGroup& group, RuleDirection direction,
                                       References& references) {
  std::vector<BlockRule> block_rules;
  for (const SecurityGroupRule& rule : group.rules) {
    if (rule.direction != direction) continue;
    rules_.push_back({&rule, references.resolve(rule.peer, group)});
    block_rules.push_back({rule.traffic, rules_.back().peer});
    if (const auto* perhaps = references.perhaps_members(rule.peer, group)) {
      rules_.push_back({&rule, UnreadPeers{.inside = perhaps}, true});
      block_rules.push_back({rule.traffic, rules_.back().peer});
    }

    const auto* prefix = std::get_if<Cidr>(&rule.peer);
    if (prefix == nullptr || !base::is_every_address(*prefix)) continue;
    const bool every_port = rule.traffic.ports.is_all();
    const std::int16_t protocol = rule.traffic.protocol;
    bool* const of_family = every_reply_[base::is_ipv4(*prefix) ? 1 : 0];
    of_family[0] |= protocol == kAnyProtocol || (protocol == base::kUdp && every_port);
    of_family[1] |= protocol == kAnyProtocol || (protocol == base::kTcp && every_port);
  }
  blocks_ = blocks_of(block_rules);
}

const SecurityGroupRule* CompiledGroupRules::first_match(
    const Packet& packet, std::span<const AddressClasses::SetId> sets) const noexcept {
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    const RuleMask yes = blocks_[block].match(packet, sets).yes;
    if (yes == 0) continue;
    const auto bit = static_cast<std::size_t>(std::countr_zero(yes));
    return rules_[block * kBlockRules + bit].source;
  }
  return nullptr;
}

CompiledEntries::CompiledEntries(const NetworkAcl& acl, RuleDirection direction) {
  for (const AclEntry& entry : acl.entries) {
    if (entry.direction == direction) entries_.push_back(&entry);
  }
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const AclEntry* a, const AclEntry* b) { return a->number < b->number; });
  std::vector<BlockRule> block_rules;
  for (const AclEntry* entry : entries_) {
    block_rules.push_back({traffic_of(*entry), entry->peer});
  }
  blocks_ = blocks_of(block_rules);
}

// Source: VPC User Guide, "Network ACL rules": in ascending order, the first entry that matches
// decides. An entry that matches possibly leaves the decision to the next ones as well: it is
// certain if all of them agree.
AclDecision CompiledEntries::decide(const NetworkAcl& acl, const Packet& packet,
                                    bool any_peer) const noexcept {
  AclDecision decision{.acl = &acl};
  bool may_allow = false;
  bool may_deny = false;
  bool decided = false;
  std::size_t deciders = 0;
  for (std::size_t block = 0; block < blocks_.size() && !decided; ++block) {
    const RuleMatches matches = blocks_[block].match(packet, {});
    for (RuleMask left = matches.any; left != 0 && !decided; left &= left - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(left));
      const std::size_t place = block * kBlockRules + bit;
      decided = (matches.yes >> bit & 1) != 0;
      if (!decided && is_taken(place, packet)) continue;
      const AclEntry& entry = *entries_[place];
      (entry.allow ? may_allow : may_deny) = true;
      if (deciders++ == 0) decision.entry = &entry;
    }
  }
  if (!decided) {  // the implicit deny may
    may_deny = true;
    ++deciders;
  }
  decision.allowed = !may_deny ? Answer::yes : may_allow ? Answer::possibly : Answer::no;
  if (deciders > 1) decision.doubt = Doubt::icmp_type;
  decision.number = decision.entry != nullptr ? decision.entry->number
                    : packet.peer.is_ipv4()   ? kImplicitDenyIpv4
                                              : kImplicitDenyIpv6;
  if (any_peer) widen_to_any_peer(decision, packet);
  weigh_unread(acl, packet, decision);
  return decision;
}

void CompiledEntries::widen_to_any_peer(AclDecision& decision,
                                        const Packet& packet) const noexcept {
  bool may_allow = false;
  bool may_deny = false;
  bool is_decided = false;
  std::size_t deciders = 0;
  for (const AclEntry* entry : entries_) {
    const TrafficMatch traffic = traffic_of(*entry);
    if (base::is_ipv4(entry->peer) != packet.peer.is_ipv4() || !may_match(traffic, packet)) {
      continue;
    }
    (entry->allow ? may_allow : may_deny) = true;
    ++deciders;
    is_decided = base::is_every_address(entry->peer) && !asks_for_icmp_type(traffic);
    if (is_decided) break;
  }
  if (!is_decided) {  // the implicit deny may
    may_deny = true;
    ++deciders;
  }
  if (deciders == 1) return;
  decision.allowed = !may_deny ? Answer::yes : may_allow ? Answer::possibly : Answer::no;
  decision.doubt = Doubt::load_balancer;
}

bool CompiledEntries::is_taken(std::size_t place, const Packet& packet) const noexcept {
  const TrafficMatch traffic = traffic_of(*entries_[place]);
  for (std::size_t i = 0; i < place; ++i) {
    const TrafficMatch earlier = traffic_of(*entries_[i]);
    if (earlier.protocol == traffic.protocol && earlier.icmp_type == traffic.icmp_type &&
        (earlier.icmp_code < 0 || earlier.icmp_code == traffic.icmp_code) &&
        base::holds(entries_[i]->peer, packet.peer)) {
      return true;
    }
  }
  return false;
}

}  // namespace weir::policy
