// SPDX-License-Identifier: Apache-2.0
// rules: what one configuration says of both ways of a conversation.
#include "rules/judged_ways.hpp"

#include <algorithm>
#include <vector>

#include "rules/entry_match.hpp"

namespace weir::rules {
namespace {

LayerVerdict judge_groups(const GroupDecision& groups, const RuleSlots& slots,
                          const Packet& packet) {
  if (!groups.checked) return {};
  return {.allowed = groups.allowed,
          .doubt = groups.doubt,
          .slot = groups.rule != nullptr ? slots.of(*groups.group, *groups.rule)
                                         : slots.no_group_rule(packet.direction)};
}

/// An ACL that nobody knows is passed over.
LayerVerdict judge_acl(const AclDecision& acl, const RuleSlots& slots, const Packet& packet) {
  if (!acl.checked || acl.acl == nullptr) return {};
  return {.allowed = acl.allowed,
          .doubt = acl.doubt,
          .slot = acl.entry != nullptr
                      ? slots.of(*acl.acl, *acl.entry)
                      : slots.implicit_deny(*acl.acl, packet.direction, packet.peer.is_ipv4())};
}

}  // namespace

JudgedWays judge_ways(const Evaluator& policy, const RuleSlots& slots, std::uint32_t interface,
                      const Packet& opening, const Packet& reply) {
  const AclDecision acl = policy.acl(interface, opening);
  return {.groups = judge_groups(policy.groups(interface, opening), slots, opening),
          .opening_acl = judge_acl(acl, slots, opening),
          .reply_acl = judge_acl(policy.acl(interface, reply), slots, reply),
          .acl_first = opening.direction == RuleDirection::ingress,
          .acl_unknown = acl.checked && acl.acl == nullptr};
}

bool admits_no_less(const ConfiguredInterface& less, const ConfiguredInterface& more,
                    const Packet& opening) {
  std::vector<const SecurityGroupRule*> rules;
  more.policy.each_matching_rule(
      more.handle, opening,
      [&](const SecurityGroup&, const SecurityGroupRule& rule, Answer) { rules.push_back(&rule); });
  bool all = true;
  less.policy.each_matching_rule(
      less.handle, opening, [&](const SecurityGroup&, const SecurityGroupRule& rule, Answer) {
        all = all && std::any_of(rules.begin(), rules.end(), [&](const SecurityGroupRule* other) {
                return other->traffic == rule.traffic && other->peer == rule.peer;
              });
      });
  return all;
}

bool decide_alike(const NetworkAcl& a, const NetworkAcl& b, const Packet& packet) {
  const std::vector<const AclEntry*> in_a = matching_entries(a, packet);
  const std::vector<const AclEntry*> in_b = matching_entries(b, packet);
  return std::equal(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(),
                    [](const AclEntry* x, const AclEntry* y) {
                      return x->allow == y->allow && x->traffic == y->traffic && x->peer == y->peer;
                    });
}

}  // namespace weir::rules
