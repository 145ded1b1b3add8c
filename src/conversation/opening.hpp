// SPDX-License-Identifier: Apache-2.0
// conversation: a conversation -> the packets that rules are asked about, and what was logged of
// them.
#pragma once

#include <cstdint>
#include <optional>

#include "weir/conversation.hpp"
#include "weir/policy.hpp"
#include "weir/record_sums.hpp"

namespace weir::conversation {

/// Whether rules can be asked at all: they need to know which end is the interface's.
inline bool has_side(const Conversation& conversation) noexcept {
  return conversation.opened != Side::unknown;
}

/// The packet from client to server, at the interface.
inline Packet forward_packet(const Conversation& conversation) noexcept {
  return {.direction =
              conversation.opened == Side::inbound ? RuleDirection::ingress : RuleDirection::egress,
          .peer = conversation.remote(),
          .protocol = conversation.protocol,
          .source_port = conversation.client_port,
          .destination_port = conversation.server_port,
          .peer_is_of_packet = conversation.has_packet_addresses};
}

/// The packet from server to client. It is also the one that opened the conversation if the server
/// did.
inline Packet backward_packet(const Conversation& conversation) noexcept {
  return {.direction =
              conversation.opened == Side::inbound ? RuleDirection::egress : RuleDirection::ingress,
          .peer = conversation.remote(),
          .protocol = conversation.protocol,
          .source_port = conversation.server_port,
          .destination_port = conversation.client_port,
          .peer_is_of_packet = conversation.has_packet_addresses};
}

/// The same conversation as if the other end had opened it. What is known of its opener is left.
void turn_round(Conversation& conversation) noexcept;

/// The conversation that may have been as well, if who opened it stays open: every stage tells
/// both.
inline std::optional<Conversation> other_reading(const Conversation& conversation) noexcept {
  if (conversation.opener_certainty != Certainty::possible || !has_side(conversation)) return {};
  Conversation other = conversation;
  turn_round(other);
  return other;
}

/// Whether a rejected packet that the other layer would let pass shows what the layer in doubt
/// said: its rules are known, and something about the packet or their peers is not. Where rules are
/// missing, or none is known, too little is known of the layer.
constexpr bool proves_itself(Doubt doubt) noexcept {
  switch (doubt) {
    case Doubt::icmp_type:
    case Doubt::prefix_list_entries:
    case Doubt::group_members:
    case Doubt::load_balancer:
    case Doubt::subnet_of_peer:
    case Doubt::transit_gateway:
      return true;
    case Doubt::none:
    case Doubt::unread_rules:
    case Doubt::no_groups_named:
    case Doubt::unknown_group:
    case Doubt::unknown_interface:
    case Doubt::unknown_acl:
      break;
  }
  return false;
}

/// Brings what the configuration says of both ways to what the log says about who opened it.
/// `interface` is a handle of the policy.
void weigh_rules(Conversation& conversation, const Evaluator& policy, std::uint32_t interface);

inline RecordSums sums_of(const FlowRecord& record) noexcept {
  return {.flows = 1,
          .packets = record.packets,
          .bytes = record.bytes,
          .first = record.start,
          .last = record.end};
}

/// The records of one way that were asked about.
struct LoggedWay {
  RecordSums accepted;
  RecordSums rejected;
  RecordSums rejected_otherwise;  ///< by no security group and no ACL: the log names the reason
  bool tells_reason = true;       ///< every rejected record has reject-reason
};

struct LoggedWays {
  LoggedWay forward;
  LoggedWay backward;

  explicit LoggedWays(const Conversation& conversation) noexcept {
    for (const FlowRecord& record : conversation.records) {
      if (!record.selected || record.action == Action::none) continue;
      LoggedWay& way = conversation.is_forward(record) ? forward : backward;
      RecordSums& sums = record.action == Action::accept ? way.accepted
                         : record.reject_reason == LoggedRejectReason::none
                             ? way.rejected
                             : way.rejected_otherwise;
      sums.add(sums_of(record));
      if (record.action == Action::reject && !record.has_reject_reason) way.tells_reason = false;
    }
  }
  RecordSums all() const noexcept {
    RecordSums sums;
    for (const LoggedWay* way : {&forward, &backward}) {
      sums.add(way->accepted);
      sums.add(way->rejected);
      sums.add(way->rejected_otherwise);
    }
    return sums;
  }
};

}  // namespace weir::conversation
