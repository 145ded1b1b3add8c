// SPDX-License-Identifier: Apache-2.0
// verdict: rules, and what the log says -> the rule that decided.
//
// Source: VPC User Guide, "Security groups", "Network ACLs"; EC2 User Guide, "Security group
// connection tracking". A packet that comes in meets the ACL first, one that goes out the groups.
// What the first denies is its doing; where it hangs on something unknown, nothing behind it is
// certain.
#include <algorithm>
#include <utility>

#include "conversation/opening.hpp"
#include "verdict/judges.hpp"

namespace weir::verdict {
namespace {

Packet packet_of(const FlowRecord& record) noexcept {
  const bool inbound = record.side == Side::inbound;
  return {.direction = inbound ? RuleDirection::ingress : RuleDirection::egress,
          .peer = inbound ? record.packet_source : record.packet_destination,
          .protocol = record.protocol,
          .source_port = record.source_port,
          .destination_port = record.destination_port,
          .peer_is_of_packet = record.has_packet_addresses};
}

Packet answer_to(const Packet& packet) noexcept {
  return {.direction = packet.direction == RuleDirection::ingress ? RuleDirection::egress
                                                                  : RuleDirection::ingress,
          .peer = packet.peer,
          .protocol = packet.protocol,
          .source_port = packet.destination_port,
          .destination_port = packet.source_port,
          .peer_is_of_packet = packet.peer_is_of_packet};
}

bool is_same(const Packet& a, const Packet& b) noexcept {
  return a.peer == b.peer && a.source_port == b.source_port &&
         a.destination_port == b.destination_port && a.protocol == b.protocol &&
         a.direction == b.direction && a.peer_is_of_packet == b.peer_is_of_packet;
}

void lower(Verdict& verdict, Certainty most) noexcept {
  verdict.certainty = std::min(verdict.certainty, most);
}

void add_doubt(Verdict& verdict, Doubt doubt) noexcept {
  switch (doubt) {
    case Doubt::none:
      return;
    case Doubt::icmp_type:
      return verdict.because.add(Fact::doubt_icmp_type);
    case Doubt::prefix_list_entries:
      return verdict.because.add(Fact::doubt_prefix_list);
    case Doubt::group_members:
      return verdict.because.add(Fact::doubt_group_members);
    case Doubt::unread_rules:
      return verdict.because.add(Fact::doubt_unread_rules);
    case Doubt::no_groups_named:
      return verdict.because.add(Fact::doubt_no_groups);
    case Doubt::unknown_group:
      return verdict.because.add(Fact::doubt_group);
    case Doubt::unknown_interface:
      return verdict.because.add(Fact::interface_not_configured);
    case Doubt::unknown_acl:
      return verdict.because.add(Fact::doubt_acl);
    case Doubt::subnet_of_peer:
      return verdict.because.add(Fact::doubt_subnet_of_peer);
    case Doubt::transit_gateway:
      return verdict.because.add(Fact::doubt_transit_gateway);
    case Doubt::load_balancer:
      return verdict.because.add(Fact::doubt_load_balancer);
  }
}

void add_acl_fact(Verdict& verdict, const AclDecision& acl) noexcept {
  if (!acl.checked) return verdict.because.add(Fact::acl_not_checked);
  verdict.because.add(acl.allowed == Answer::yes  ? Fact::acl_allows
                      : acl.allowed == Answer::no ? Fact::acl_denies
                                                  : Fact::acl_unsure);
  add_doubt(verdict, acl.doubt);
}

/// A layer that does not look at a packet lets it pass.
Answer passes(bool checked, Answer allowed) noexcept { return checked ? allowed : Answer::yes; }

/// A layer that a rejected packet met, and what it says of it.
struct Layer {
  Cause cause = Cause::unknown;
  Answer passes = Answer::yes;
  Doubt doubt = Doubt::none;
};

/// Whether it would take a coincidence that this layer has decided: it is not known at all, or may
/// not have been asked, and the one behind it decides whatever it says.
bool decides_rarely(const Layer& layer) noexcept {
  return layer.doubt == Doubt::unknown_acl || layer.doubt == Doubt::subnet_of_peer ||
         layer.doubt == Doubt::transit_gateway;
}

}  // namespace

RuleJudge::Decision& RuleJudge::decide(const Packet& packet) {
  auto& decision = decisions_[packet.direction == RuleDirection::ingress ? 0 : 1];
  if (!decision || !is_same(decision->packet, packet)) {
    decision = Decision{.packet = packet,
                        .acl = policy_.acl(interface_, packet),
                        .groups = policy_.groups(interface_, packet),
                        .is_untracked = {}};
  }
  return *decision;
}

bool RuleJudge::is_untracked(const Packet& opening) {
  Decision& decision = decide(opening);
  if (!decision.is_untracked) decision.is_untracked = policy_.untracked(interface_, opening);
  return *decision.is_untracked;
}

void RuleJudge::name_group(Verdict& verdict, const GroupDecision& decision) const {
  if (decision.group == nullptr || decision.rule == nullptr) return;
  verdict.group = static_cast<std::uint32_t>(decision.group - policy_.network().groups.data());
  verdict.group_rule = static_cast<std::uint32_t>(decision.rule - decision.group->rules.data());
}

void RuleJudge::name_acl(Verdict& verdict, const AclDecision& decision) const {
  if (!decision.checked || decision.acl == nullptr) return;
  verdict.acl = static_cast<std::uint32_t>(decision.acl - policy_.network().acls.data());
  // Entries that agree decide together: which of them it was hangs on what the log lacks.
  const bool is_one_of_several =
      decision.allowed != Answer::possibly &&
      (decision.doubt == Doubt::icmp_type || decision.doubt == Doubt::load_balancer);
  verdict.acl_number = is_one_of_several ? Verdict::kNone : decision.number;
}

void RuleJudge::name_groups_that_deny(Verdict& verdict) const {
  verdict.because.add(Fact::groups_deny);
  verdict.interface = interface_;
}

void RuleJudge::judge(Verdict& verdict, const FlowRecord& record, const History& history) {
  if (record.reject_reason != LoggedRejectReason::none) return;
  if (record.action == Action::accept) {
    judge_accept(verdict, record, history);
  } else {
    judge_reject(verdict, record, history);
  }
  if (verdict.because.has(Fact::side_inferred)) lower(verdict, Certainty::likely);
}

/// Which rule let it in hangs on who opened the connection, and is no more certain.
void RuleJudge::weigh_opener(Verdict& verdict, const FlowRecord& record,
                             const GroupDecision& other) const {
  if (opens(record) || has_syn_ack(record)) return;
  lower(verdict, conversation_.opener_certainty);
  if (conversation_.opener_certainty != Certainty::possible) return;
  verdict.because.remove(Fact::is_reply);
  verdict.because.add(Fact::opener_unclear);
  if (other.rule == nullptr) return;
  verdict.other_group = static_cast<std::uint32_t>(other.group - policy_.network().groups.data());
  verdict.other_rule = static_cast<std::uint32_t>(other.rule - other.group->rules.data());
}

void RuleJudge::judge_accept(Verdict& verdict, const FlowRecord& record, const History& history) {
  const Packet packet = packet_of(record);
  const Decision& own = decide(packet);
  name_acl(verdict, own.acl);
  add_acl_fact(verdict, own.acl);
  if (passes(own.acl.checked, own.acl.allowed) == Answer::no) {
    verdict.because.add(Fact::rules_deny_now);
    lower(verdict, Certainty::possible);
  }
  GroupDecision asked = own.groups;
  GroupDecision other = decide(answer_to(packet)).groups;
  Fact allows = Fact::groups_allow;
  if (!history.forward && !opens(record)) {
    if (is_untracked(answer_to(packet))) {
      verdict.because.add(Fact::untracked);
    } else {
      verdict.because.add(Fact::groups_are_stateful);
      std::swap(asked, other);
      allows = Fact::groups_allowed_request;
    }
  }
  if (!asked.checked) return verdict.because.add(Fact::groups_not_checked);
  weigh_opener(verdict, record, other);
  switch (asked.allowed) {
    case Answer::yes:
      verdict.because.add(allows);
      name_group(verdict, asked);
      break;
    case Answer::possibly:
      verdict.because.add(Fact::groups_unsure);
      name_group(verdict, asked);
      verdict.interface = interface_;
      lower(verdict, Certainty::possible);
      break;
    case Answer::no:
      name_groups_that_deny(verdict);
      verdict.because.add(Fact::rules_deny_now);
      // Who opens a connection is not let in by one that is tracked.
      if (!opens(record)) verdict.because.add(Fact::may_be_tracked);
      lower(verdict, opens(record) ? Certainty::possible : Certainty::likely);
      break;
  }
  add_doubt(verdict, asked.doubt);
}

void RuleJudge::judge_reject(Verdict& verdict, const FlowRecord& record, const History& history) {
  const Packet packet = packet_of(record);
  const Decision own = decide(packet);
  name_acl(verdict, own.acl);
  add_acl_fact(verdict, own.acl);
  const Answer acl = passes(own.acl.checked, own.acl.allowed);
  if (verdict.because.has(Fact::way_accepted) && !opens(record)) {
    return judge_after_accepted(verdict, acl, record);
  }
  const Certainty from_log = verdict.certainty;
  bool stateful = verdict.because.has(Fact::groups_are_stateful);
  if (stateful && is_untracked(history.forward ? packet : answer_to(packet))) {
    verdict.because.remove(Fact::groups_are_stateful);
    verdict.because.add(Fact::untracked);
    stateful = false;
  }
  const Answer groups = stateful ? Answer::yes : passes(own.groups.checked, own.groups.allowed);
  if (!stateful) add_group_facts(verdict, own.groups);
  const Layer by_acl{.cause = Cause::network_acl, .passes = acl, .doubt = own.acl.doubt};
  const Layer by_groups{
      .cause = Cause::security_group, .passes = groups, .doubt = own.groups.doubt};
  const bool inbound = record.side == Side::inbound;
  const Layer& first = inbound ? by_acl : by_groups;
  const Layer& second = inbound ? by_groups : by_acl;
  if (first.passes == Answer::yes && second.passes == Answer::yes) {
    judge_allowed_now(verdict, record);
  } else if (first.passes == Answer::no ||
             (first.passes == Answer::yes && second.passes == Answer::no)) {
    verdict.cause = first.passes == Answer::no ? first.cause : second.cause;
    verdict.certainty = Certainty::certain;
    // A reply whose request is not in the log: it may be tracked nevertheless.
    if (verdict.cause == Cause::security_group && !history.forward)
      lower(verdict, Certainty::likely);
    // As a reply it would have passed the groups, and met the ACL.
    if (verdict.cause == Cause::security_group && acl != Answer::yes && !opens(record)) {
      lower(verdict, conversation_.opener_certainty);
    }
  } else if (second.passes == Answer::no && decides_rarely(first)) {
    verdict.cause = second.cause;
    verdict.certainty = Certainty::likely;
  } else if (first.passes == Answer::possibly && second.passes != Answer::yes) {
    verdict.cause = Cause::unknown;
    verdict.certainty = Certainty::possible;
  } else {
    const Layer& unsure = first.passes == Answer::possibly ? first : second;
    verdict.cause = unsure.cause;
    if (conversation::proves_itself(unsure.doubt) && !is_midstream(record)) {
      // Nothing else can have stopped it, so that it was this layer, whatever the log lacks.
      verdict.certainty = stateful ? from_log : Certainty::certain;
      if (unsure.cause == Cause::network_acl && own.acl.doubt != Doubt::subnet_of_peer &&
          own.acl.doubt != Doubt::transit_gateway) {
        verdict.acl_number = Verdict::kNone;
      }
    } else {
      // What the log has proven of the ACL stays so, though its rule is not known.
      verdict.certainty = stateful ? std::min(from_log, Certainty::likely) : Certainty::possible;
    }
  }
  weigh_public_access(verdict, packet, record);
}

/// Block Public Access comes before the others on the way in, and behind them on the way out. Only
/// reject-reason tells it from them.
void RuleJudge::weigh_public_access(Verdict& verdict, const Packet& packet,
                                    const FlowRecord& record) const {
  if (record.has_reject_reason) return;
  const bool allowed_now = verdict.because.has(Fact::rules_allow_now);
  if (packet.direction == RuleDirection::egress && !allowed_now) return;
  // What came by way of another interface of the VPC has passed the gateway there.
  Packet logged = packet;
  logged.peer = packet.direction == RuleDirection::ingress ? record.source : record.destination;
  const Answer blocked = std::min(policy_.public_access_blocked(interface_, packet),
                                  policy_.public_access_blocked(interface_, logged));
  if (blocked == Answer::no) return;
  verdict.because.add(blocked == Answer::yes ? Fact::public_access_blocked
                                             : Fact::public_access_unknown);
  if (blocked == Answer::possibly) return lower(verdict, Certainty::likely);
  if (verdict.cause == Cause::late_packet) return lower(verdict, Certainty::possible);
  verdict.cause = Cause::block_public_access;
  verdict.certainty = Certainty::likely;
}

void RuleJudge::add_group_facts(Verdict& verdict, const GroupDecision& decision) const {
  if (!decision.checked) return verdict.because.add(Fact::groups_not_checked);
  if (decision.allowed == Answer::no) {
    name_groups_that_deny(verdict);
  } else {
    verdict.because.add(decision.allowed == Answer::yes ? Fact::groups_allow : Fact::groups_unsure);
    name_group(verdict, decision);
    if (decision.allowed == Answer::possibly) verdict.interface = interface_;
  }
  add_doubt(verdict, decision.doubt);
}

/// The log says REJECT, and both layers would let it pass.
void RuleJudge::judge_allowed_now(Verdict& verdict, const FlowRecord& record) const {
  verdict.because.add(Fact::rules_allow_now);
  if (is_midstream(record)) {
    verdict.cause = Cause::late_packet;
    verdict.certainty = Certainty::possible;
    return;
  }
  lower(verdict, verdict.cause == Cause::network_acl ? Certainty::likely : Certainty::possible);
  if (record.protocol == base::kTcp && !opens(record)) verdict.because.add(Fact::may_be_late);
}

/// Packets of the same way were accepted before: the groups track the connection, or it is over.
void RuleJudge::judge_after_accepted(Verdict& verdict, Answer acl, const FlowRecord& record) const {
  const bool is_over =
      verdict.because.has(Fact::connection_closed) || verdict.because.has(Fact::connection_idle);
  switch (acl) {
    case Answer::no:
      if (is_over) return;
      verdict.cause = Cause::network_acl;
      verdict.certainty = Certainty::likely;
      if (record.protocol == base::kTcp) verdict.because.add(Fact::may_be_late);
      return;
    case Answer::possibly:
      return lower(verdict, Certainty::possible);
    case Answer::yes:
      break;
  }
  if (record.protocol != base::kTcp || has_syn_ack(record)) {
    verdict.because.add(Fact::rules_allow_now);
    return lower(verdict, Certainty::possible);
  }
  verdict.cause = Cause::late_packet;
  verdict.certainty = verdict.because.has(Fact::connection_closed) && is_midstream(record)
                          ? Certainty::certain
                          : Certainty::likely;
}

}  // namespace weir::verdict
