// SPDX-License-Identifier: Apache-2.0
// verdict: what the log alone, and what the rules say of a record.
#pragma once

#include <array>
#include <optional>

#include "verdict/history.hpp"
#include "weir/verdict.hpp"

namespace weir::verdict {

/// Brings rules into verdicts that the log alone has given.
///
/// Cost: rules are asked once a way and peer, not once a record.
class RuleJudge {
 public:
  /// `interface` is a handle of the policy.
  RuleJudge(const Evaluator& policy, std::uint32_t interface, const Conversation& conversation)
      : policy_(policy), interface_(interface), conversation_(conversation) {}

  /// The record's side must be known.
  void judge(Verdict& verdict, const FlowRecord& record, const History& history);

 private:
  /// What the rules say of a packet of one way.
  struct Decision {
    Packet packet;
    AclDecision acl;
    GroupDecision groups;              ///< as if it opened a connection
    std::optional<bool> is_untracked;  ///< asked when needed
  };

  Decision& decide(const Packet& packet);
  void judge_accept(Verdict& verdict, const FlowRecord& record, const History& history);
  void judge_reject(Verdict& verdict, const FlowRecord& record, const History& history);
  void weigh_opener(Verdict& verdict, const FlowRecord& record, const GroupDecision& other) const;
  void weigh_public_access(Verdict& verdict, const Packet& packet, const FlowRecord& record) const;
  void judge_allowed_now(Verdict& verdict, const FlowRecord& record) const;
  void judge_after_accepted(Verdict& verdict, Answer acl, const FlowRecord& record) const;
  void add_group_facts(Verdict& verdict, const GroupDecision& decision) const;
  void name_group(Verdict& verdict, const GroupDecision& decision) const;
  void name_acl(Verdict& verdict, const AclDecision& decision) const;
  void name_groups_that_deny(Verdict& verdict) const;
  bool is_untracked(const Packet& opening);

  const Evaluator& policy_;
  std::uint32_t interface_;
  const Conversation& conversation_;
  std::array<std::optional<Decision>, 2> decisions_;  ///< ingress, egress
};

/// Judges a record without configuration; `interface` is where its idle times are configured, or
/// null.
Verdict judge_from_log(const FlowRecord& record, const History& history,
                       const ObservedInterface& observed, const NetworkInterface* interface,
                       const JudgeOptions& options);

/// Adds what else was accepted at the interface, for a record whose cause is not known.
void add_evidence(Verdict& verdict, const FlowRecord& record, const History& history,
                  const JudgeOptions& options);

}  // namespace weir::verdict
