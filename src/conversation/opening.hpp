// SPDX-License-Identifier: Apache-2.0
// verdict: a conversation -> the packets that rules are asked about, and what was logged of them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "weir/conversation.hpp"
#include "weir/policy.hpp"

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
          .destination_port = conversation.server_port};
}

/// The packet from server to client. It is also the one that opened the conversation if the server
/// did.
inline Packet backward_packet(const Conversation& conversation) noexcept {
  return {.direction =
              conversation.opened == Side::inbound ? RuleDirection::egress : RuleDirection::ingress,
          .peer = conversation.remote(),
          .protocol = conversation.protocol,
          .source_port = conversation.server_port,
          .destination_port = conversation.client_port};
}

/// Sums over records. 128 bits wide, so that they cannot overflow.
struct RecordSums {
  std::uint64_t flows = 0;
  unsigned __int128 packets = 0;
  unsigned __int128 bytes = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;

  void add(const RecordSums& other) noexcept {
    if (other.flows == 0) return;
    first = flows == 0 ? other.first : std::min(first, other.first);
    last = flows == 0 ? other.last : std::max(last, other.last);
    flows += other.flows;
    packets += other.packets;
    bytes += other.bytes;
  }
};

/// The records of one way that were asked about.
struct LoggedWay {
  RecordSums accepted;
  RecordSums rejected;
  RecordSums rejected_otherwise;  ///< by no security group and no ACL: the log names the reason
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
      sums.add({.flows = 1,
                .packets = record.packets,
                .bytes = record.bytes,
                .first = record.start,
                .last = record.end});
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
