// SPDX-License-Identifier: Apache-2.0
// rules: counting what rules did.
#include "weir/rule_use.hpp"

#include <algorithm>

#include "base/protocol.hpp"
#include "rules/entry_match.hpp"
#include "rules/rule_hits.hpp"
#include "rules/rule_slots.hpp"

namespace weir {
namespace {

/// A rule of the interface's groups that matches.
struct Match {
  std::size_t slot = 0;
  Answer answer = Answer::no;
};

/// Whether it is not known that the ACL was asked at all, or with which entries.
bool may_be_other_entries(Doubt doubt) noexcept {
  return doubt == Doubt::subnet_of_peer || doubt == Doubt::transit_gateway ||
         doubt == Doubt::unread_rules || doubt == Doubt::load_balancer;
}

/// Whether rules that are not there may admit it as well.
bool may_be_other_rules(Doubt doubt) noexcept {
  return doubt == Doubt::unknown_group || doubt == Doubt::unread_rules ||
         doubt == Doubt::no_groups_named || doubt == Doubt::load_balancer;
}

}  // namespace

struct RuleUseCounter::State {
  State(const Evaluator& evaluator, std::span<const ObservedInterface> observed)
      : policy(evaluator),
        interfaces(observed),
        slots(evaluator.network()),
        hits(slots.places().size()),
        unconfigured(observed.size()) {}

  void take(const Conversation& conversation);
  void take_accepted(const Conversation& conversation, const conversation::LoggedWays& ways);
  void take_way(const Conversation& conversation, const conversation::LoggedWay& way,
                bool is_reply);
  void take_rejected(const Conversation& conversation, const conversation::LoggedWay& way,
                     bool is_reply, const Packet& packet, const AclDecision& acl);
  /// Counts records at the entry that let them pass or stopped them, as was logged.
  void hit_acl(const Packet& packet, const AclDecision& acl, bool allow, bool is_reply,
               Answer behind, const RecordSums& sums);
  void hit(std::size_t slot, const Packet& packet, bool is_reply, const RecordSums& sums);
  std::size_t slot_of(const AclDecision& acl, const AclEntry* entry, const Packet& packet) const {
    return entry != nullptr
               ? slots.of(*acl.acl, *entry)
               : slots.implicit_deny(*acl.acl, packet.direction, packet.peer.is_ipv4());
  }
  std::vector<Match>& find_matches(std::uint32_t interface, const Packet& packet) {
    matches.clear();
    policy.each_matching_rule(
        interface, packet,
        [this](const SecurityGroup& group, const SecurityGroupRule& rule, Answer answer) {
          matches.push_back({.slot = slots.of(group, rule), .answer = answer});
        });
    return matches;
  }

  const Evaluator& policy;
  std::span<const ObservedInterface> interfaces;
  rules::RuleSlots slots;
  std::vector<rules::RuleHits> hits;
  std::vector<bool> unconfigured;
  RuleUseReport totals;
  std::vector<Match> matches;  // kept for its memory
};

void RuleUseCounter::State::take(const Conversation& conversation) {
  const conversation::LoggedWays ways(conversation);
  const std::uint64_t flows = ways.all().flows;
  if (flows == 0) return;
  if (interfaces[conversation.interface].configured == Evaluator::kUnknownInterface) {
    unconfigured[conversation.interface] = true;
    totals.unconfigured_flows += flows;
    return;
  }
  if (!conversation::has_side(conversation)) {
    totals.unplaced_flows += flows;
    return;
  }
  totals.rejected_otherwise +=
      ways.forward.rejected_otherwise.flows + ways.backward.rejected_otherwise.flows;
  take_accepted(conversation, ways);
  take_way(conversation, ways.forward, false);
  take_way(conversation, ways.backward, true);
}

void RuleUseCounter::State::hit(std::size_t slot, const Packet& packet, bool is_reply,
                                const RecordSums& sums) {
  rules::RuleHits& rule = hits[slot];
  rule.sums.add(sums);
  rule.peers.add(packet.peer);
  rules::PortSet& ports = rule.ports_of(packet.protocol);
  if (is_reply) {
    rule.has_replies = true;
  } else if (base::has_ports(packet.protocol)) {
    ports.add(packet.destination_port);
  }
}

/// Replies pass because their conversation was let open, so all of it is the opening's.
void RuleUseCounter::State::take_accepted(const Conversation& conversation,
                                          const conversation::LoggedWays& ways) {
  RecordSums accepted = ways.forward.accepted;
  accepted.add(ways.backward.accepted);
  if (accepted.flows == 0) return;
  const std::uint32_t interface = interfaces[conversation.interface].configured;
  const Packet opening = conversation::forward_packet(conversation);
  const Packet reply = conversation::backward_packet(conversation);
  const GroupDecision decision = policy.groups(interface, opening);
  if (!decision.checked) return;
  if (decision.allowed == Answer::no) {
    totals.accepted_against_rules += accepted.flows;
    return;
  }
  if (conversation::other_reading(conversation)) {
    totals.opener_unclear += accepted.flows;
    for (const Packet* either : {&opening, &reply}) {
      for (const Match& match : find_matches(interface, *either)) {
        hits[match.slot].possible_flows += accepted.flows;
      }
    }
    return;
  }
  const bool other_rules = may_be_other_rules(decision.doubt);
  const std::vector<Match>& found = find_matches(interface, opening);
  const auto sure = std::count_if(found.begin(), found.end(),
                                  [](const Match& match) { return match.answer == Answer::yes; });
  const bool alone = found.size() == 1 && !other_rules;
  for (const Match& match : found) {
    // It was accepted: what alone may have let it through did.
    if (match.answer == Answer::yes || (sure == 0 && alone)) {
      hit(match.slot, opening, false, accepted);
      if (alone) hits[match.slot].sole_flows += accepted.flows;
    } else {
      hits[match.slot].possible_flows += accepted.flows;
    }
  }
  if (ways.backward.accepted.flows == 0 || !policy.untracked(interface, opening)) return;
  for (const Match& match : find_matches(interface, reply)) {
    hits[match.slot].untracked_replies += ways.backward.accepted.flows;
  }
}

void RuleUseCounter::State::take_way(const Conversation& conversation,
                                     const conversation::LoggedWay& way, bool is_reply) {
  if (way.accepted.flows + way.rejected.flows == 0) return;
  const Packet packet = is_reply ? conversation::backward_packet(conversation)
                                 : conversation::forward_packet(conversation);
  const AclDecision acl = policy.acl(interfaces[conversation.interface].configured, packet);
  // Of replies the ports say nothing, nor of what may be replies.
  const bool may_be_reply = is_reply || conversation.opener_certainty == Certainty::possible;
  if (way.accepted.flows > 0 && acl.checked && acl.acl != nullptr) {
    if (acl.allowed == Answer::no) {
      totals.accepted_against_rules += way.accepted.flows;
    } else {
      hit_acl(packet, acl, true, may_be_reply, Answer::yes, way.accepted);
    }
  }
  if (way.rejected.flows > 0) take_rejected(conversation, way, is_reply, packet, acl);
}

/// VPC User Guide, "Compare security groups and network ACLs": what comes in meets the ACL first,
/// what goes out the groups; replies to what was let through meet the ACL alone, since groups are
/// stateful. Where it is not known what the first one did, neither has certainly denied it.
void RuleUseCounter::State::take_rejected(const Conversation& conversation,
                                          const conversation::LoggedWay& way, bool is_reply,
                                          const Packet& packet, const AclDecision& acl) {
  const bool is_tracked = is_reply && conversation.forward.accepted > 0;
  GroupDecision groups = is_tracked
                             ? GroupDecision{.allowed = Answer::yes}
                             : policy.groups(interfaces[conversation.interface].configured, packet);
  const Answer by_acl = acl.checked ? acl.allowed : Answer::yes;
  // Whatever the log lacks, nothing else can have stopped it.
  if (groups.allowed == Answer::possibly && by_acl == Answer::yes &&
      conversation::proves_itself(groups.doubt)) {
    groups.allowed = Answer::no;
  }
  const bool groups_first = packet.direction == RuleDirection::egress;
  const Answer first = groups_first ? groups.allowed : by_acl;
  const Answer second = groups_first ? by_acl : groups.allowed;
  const std::size_t no_rule = slots.no_group_rule(packet.direction);
  if (first == Answer::yes && second == Answer::yes) {
    totals.rejected_against_rules += way.rejected.flows;
  } else if (first == Answer::possibly && second != Answer::yes) {
    hits[no_rule].possible_flows += way.rejected.flows;
    if (acl.acl == nullptr) return;
    for (const AclEntry* entry : rules::entries_that(false, *acl.acl, packet)) {
      hits[slot_of(acl, entry, packet)].possible_flows += way.rejected.flows;
    }
  } else if ((first == Answer::yes) == groups_first) {
    if (acl.acl != nullptr) {
      hit_acl(packet, acl, false, is_reply, groups.allowed, way.rejected);
    }
  } else if (groups.allowed == Answer::possibly) {
    hits[no_rule].possible_flows += way.rejected.flows;
  } else {
    hit(no_rule, packet, false, way.rejected);
    if (!groups_first && acl.checked && acl.acl != nullptr && acl.entry != nullptr) {
      hits[slots.of(*acl.acl, *acl.entry)].rejected_behind += way.rejected.flows;
    }
  }
}

void RuleUseCounter::State::hit_acl(const Packet& packet, const AclDecision& acl, bool allow,
                                    bool is_reply, Answer behind, const RecordSums& sums) {
  const AclEntry* entry = acl.entry;
  if (acl.doubt != Doubt::none || acl.allowed == Answer::possibly) {
    const std::vector<const AclEntry*> candidates = rules::entries_that(allow, *acl.acl, packet);
    if (candidates.size() != 1 || may_be_other_entries(acl.doubt)) {
      for (const AclEntry* candidate : candidates) {
        hits[slot_of(acl, candidate, packet)].possible_flows += sums.flows;
      }
      return;
    }
    entry = candidates.front();
  }
  const std::size_t slot = slot_of(acl, entry, packet);
  hit(slot, packet, is_reply, sums);
  if (entry == nullptr) return;
  // What denies is alone if the packet would pass without it, groups included.
  const Answer without = rules::allowed_without(*acl.acl, *entry, packet);
  const bool alone =
      allow ? without == Answer::no : without == Answer::yes && behind == Answer::yes;
  if (alone) hits[slot].sole_flows += sums.flows;
}

RuleUseCounter::RuleUseCounter(const Evaluator& policy,
                               std::span<const ObservedInterface> interfaces)
    : state_(std::make_unique<State>(policy, interfaces)) {}
RuleUseCounter::~RuleUseCounter() = default;
RuleUseCounter::RuleUseCounter(RuleUseCounter&&) noexcept = default;
RuleUseCounter& RuleUseCounter::operator=(RuleUseCounter&&) noexcept = default;

void RuleUseCounter::take(std::span<const Conversation> conversations) {
  for (const Conversation& conversation : conversations) state_->take(conversation);
}

void RuleUseCounter::merge(const RuleUseCounter& other) {
  const State& from = *other.state_;
  for (std::size_t i = 0; i < from.hits.size(); ++i) state_->hits[i].merge(from.hits[i]);
  for (std::size_t i = 0; i < from.unconfigured.size(); ++i) {
    if (from.unconfigured[i]) state_->unconfigured[i] = true;
  }
  RuleUseReport& totals = state_->totals;
  totals.unconfigured_flows += from.totals.unconfigured_flows;
  totals.unplaced_flows += from.totals.unplaced_flows;
  totals.opener_unclear += from.totals.opener_unclear;
  totals.accepted_against_rules += from.totals.accepted_against_rules;
  totals.rejected_against_rules += from.totals.rejected_against_rules;
  totals.rejected_otherwise += from.totals.rejected_otherwise;
}

RuleUseReport RuleUseCounter::report(const RuleUseOptions& options) const {
  const State& state = *state_;
  RuleUseReport report = state.totals;
  report.unconfigured_interfaces = static_cast<std::uint64_t>(
      std::count(state.unconfigured.begin(), state.unconfigured.end(), true));
  report.rules =
      rules::list_rules(state.policy.network(), state.interfaces, state.slots, state.hits);
  rules::add_findings(report.rules, state.policy.network(), options);
  return report;
}

Result<RuleUseReport> measure_rule_use(Conversations& conversations, const Evaluator& policy,
                                       std::size_t threads, RuleUseOptions options) {
  options.accepts_only = conversations.accepts_only();
  options.rejects_only = conversations.rejects_only();
  std::vector<RuleUseCounter> counters;
  std::vector<ConversationVisitor*> visitors;
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    counters.emplace_back(policy, conversations.interfaces());
  }
  visitors.reserve(counters.size());
  for (RuleUseCounter& counter : counters) visitors.push_back(&counter);
  if (Result<void> visited = conversations.visit(visitors); !visited) {
    return Unexpected(std::move(visited.error()));
  }
  for (std::size_t i = 1; i < counters.size(); ++i) counters.front().merge(counters[i]);
  return counters.front().report(options);
}

}  // namespace weir
