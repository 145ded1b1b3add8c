// SPDX-License-Identifier: Apache-2.0
// verdict: what a conversation had been through when a record of it began.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/protocol.hpp"
#include "weir/conversation.hpp"

namespace weir::verdict {

inline bool has_syn_ack(const FlowRecord& record) noexcept {
  return record.has_tcp_flags && (record.tcp_flags & base::kSynAck) == base::kSynAck;
}
/// SYN without ACK: the record opens a connection.
inline bool opens(const FlowRecord& record) noexcept {
  return record.has_tcp_flags && (record.tcp_flags & base::kSynAck) == base::kSyn;
}
/// Flags that are known and have no SYN: the record belongs to a connection that was open before.
inline bool is_midstream(const FlowRecord& record) noexcept {
  return record.protocol == base::kTcp && record.has_tcp_flags &&
         (record.tcp_flags & base::kSyn) == 0;
}

/// The accepted records of one way.
struct AcceptedWay {
  bool any = false;
  std::uint8_t tcp_flags = 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::min();  ///< latest end

  void add(const FlowRecord& record) noexcept {
    any = true;
    tcp_flags = static_cast<std::uint8_t>(tcp_flags | record.tcp_flags);
    last = std::max(last, record.end);
  }
};

/// What was accepted up to the start of a record, from its point of view.
struct History {
  AcceptedWay same;             ///< the record's own way
  AcceptedWay other;            ///< the other way
  bool other_overlaps = false;  ///< the other way was accepted first while the record lasted
  const Conversation* conversation = nullptr;
  const Conversation* earlier = nullptr;  ///< of the same tuple and interface, or null
  bool forward = true;                    ///< the record's way is the conversation's forward one

  const ConversationWay& other_way() const noexcept {
    return forward ? conversation->backward : conversation->forward;
  }
  std::int64_t last() const noexcept { return std::max(same.last, other.last); }
  bool closed() const noexcept {
    const unsigned either = same.tcp_flags | other.tcp_flags;
    return (either & base::kRst) != 0 || (same.tcp_flags & other.tcp_flags & base::kFin) != 0;
  }
};

/// How long a security group remembers a connection without traffic.
struct Tracking {
  std::int64_t least = 0;  ///< it is remembered at least so long
  std::int64_t most = 0;   ///< and not longer than this
};
/// `interface` null: whatever may have been configured.
Tracking tracking_of(std::uint8_t protocol, bool both_ways,
                     const NetworkInterface* interface) noexcept;

}  // namespace weir::verdict
