// SPDX-License-Identifier: Apache-2.0
// policy: a group's rules or an ACL's entries, in blocks that are matched at once.
#pragma once

#include <array>
#include <bit>
#include <vector>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "policy/references.hpp"
#include "policy/rule_block.hpp"
#include "policy/traffic.hpp"

namespace weir::policy {

constexpr std::size_t place_of(RuleDirection direction) noexcept {
  return static_cast<std::size_t>(direction);
}
constexpr RuleDirection opposite(RuleDirection direction) noexcept {
  return direction == RuleDirection::ingress ? RuleDirection::egress : RuleDirection::ingress;
}

/// One direction of a security group.
class CompiledGroupRules {
 public:
  struct Rule {
    const SecurityGroupRule* source = nullptr;
    ResolvedPeer peer;
    /// The rule before once more, for interfaces whose groups were not read: its members, perhaps.
    bool is_for_groupless = false;
  };

  CompiledGroupRules(const SecurityGroup& group, RuleDirection direction, References& references);

  const std::vector<Rule>& rules() const noexcept { return rules_; }

  /// Calls visit(rule, answer) once for each rule that matches, in order, until it returns true.
  template <class Visitor>
  bool visit_matches(const Packet& packet, std::span<const AddressClasses::SetId> sets,
                     Visitor&& visit) const {
    const SecurityGroupRule* visited = nullptr;
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
      const RuleMatches matches = blocks_[block].match(packet, sets);
      for (RuleMask left = matches.any; left != 0; left &= left - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(left));
        const bool is_sure = (matches.yes >> bit & 1) != 0;
        const SecurityGroupRule* const rule = rules_[block * kBlockRules + bit].source;
        if (rule == visited) continue;
        visited = rule;
        if (visit(*rule, is_sure ? Answer::yes : Answer::possibly)) return true;
      }
    }
    return false;
  }

  /// The first rule that matches for sure, or null.
  const SecurityGroupRule* first_match(const Packet& packet,
                                       std::span<const AddressClasses::SetId> sets) const noexcept;

  /// Whether a rule admits every address of the packet's family on every port.
  bool admits_every_reply(const Packet& packet) const noexcept {
    return every_reply_[packet.peer.is_ipv4() ? 1 : 0][packet.protocol == base::kTcp ? 1 : 0];
  }

 private:
  std::vector<Rule> rules_;
  std::vector<RuleBlock> blocks_;
  bool every_reply_[2][2] = {};  // IPv6, IPv4; UDP, TCP
};

/// One direction of a network ACL.
class CompiledEntries {
 public:
  CompiledEntries(const NetworkAcl& acl, RuleDirection direction);

  /// In AWS's order.
  const std::vector<const AclEntry*>& entries() const noexcept { return entries_; }

  /// What the entries say about a packet that crosses the border of the subnet. `any_peer`: whoever
  /// its peer is.
  AclDecision decide(const NetworkAcl& acl, const Packet& packet, bool any_peer) const noexcept;

 private:
  /// Whether earlier entries decide every packet that an entry for some ICMP type matches.
  bool is_taken(std::size_t place, const Packet& packet) const noexcept;
  /// What another peer of the family could meet instead.
  void widen_to_any_peer(AclDecision& decision, const Packet& packet) const noexcept;

  std::vector<const AclEntry*> entries_;
  std::vector<RuleBlock> blocks_;
};

}  // namespace weir::policy
