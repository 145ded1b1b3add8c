// SPDX-License-Identifier: Apache-2.0
// rules: what one configuration says of both ways of a conversation.
#pragma once

#include "rules/rule_slots.hpp"
#include "weir/policy.hpp"

namespace weir::rules {

/// What one layer says of a packet, and which rule says it.
struct LayerVerdict {
  static constexpr std::size_t kNoSlot = ~std::size_t{0};

  Answer allowed = Answer::yes;
  Doubt doubt = Doubt::none;
  std::size_t slot = kNoSlot;  ///< in RuleSlots; kNoSlot if the layer was not asked
};

/// The layers that a packet meets, each with its verdict.
struct JudgedWays {
  LayerVerdict groups;  ///< of the opening
  LayerVerdict opening_acl;
  LayerVerdict reply_acl;
  bool acl_first = false;    ///< the opening meets the ACL before the groups
  bool acl_unknown = false;  ///< the groups alone were asked

  /// What denies the opening, or may, first; the groups if nothing does.
  const LayerVerdict& opening() const noexcept {
    if (groups.allowed == Answer::yes && opening_acl.allowed == Answer::yes) return groups;
    const LayerVerdict& first = acl_first ? opening_acl : groups;
    const LayerVerdict& second = acl_first ? groups : opening_acl;
    return first.allowed <= second.allowed ? first : second;
  }
  /// What denies replies, or may; they need an opening.
  const LayerVerdict& reply() const noexcept {
    return opening().allowed < reply_acl.allowed ? opening() : reply_acl;
  }
};

/// `opening` and `reply` are the packets of a conversation at the interface, whose replies pass the
/// groups because they are replies. Those of an untracked connection too: it is only untracked as
/// long as a rule admits every reply, and tracked otherwise.
/// Source: EC2 User Guide, "Security group connection tracking".
JudgedWays judge_ways(const Evaluator& policy, const RuleSlots& slots, std::uint32_t interface,
                      const Packet& opening, const Packet& reply);

/// An interface under one configuration.
struct ConfiguredInterface {
  const Evaluator& policy;
  std::uint32_t handle;
};

/// Whether the groups that possibly admit `opening` in both configurations leave no less of it
/// to chance: every rule of `less` that may match has its like in `more`.
bool admits_no_less(const ConfiguredInterface& less, const ConfiguredInterface& more,
                    const Packet& opening);
/// Whether the same entries may decide the packet, in the same order.
bool decide_alike(const NetworkAcl& a, const NetworkAcl& b, const Packet& packet);

}  // namespace weir::rules
