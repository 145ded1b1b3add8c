// SPDX-License-Identifier: Apache-2.0
// conversation: records of one tuple at several interfaces -> those that count, and their copies.
#pragma once

#include <span>

#include "weir/conversation.hpp"

namespace weir::conversation {

/// The records of one tuple at one interface.
struct InterfaceRecords {
  std::uint32_t interface = 0;
  bool only_forwards = false;     ///< a transit gateway's attachment, a regional NAT gateway
  std::span<FlowRecord> records;  ///< in the order of Conversation::records
  std::span<const Conversation> conversations;
};

/// Marks records whose packets are in another record too: the same window of one interface twice
/// (of overlapping flow logs), and the same packets at a second interface. The interface of the end
/// that opened the conversation counts, then that of the other end, then those in between.
///
/// Only what the log proves is marked: same 5-tuple of packets, same way, windows that overlap, and
/// packets that can have passed both interfaces.
/// Shape: sorted by interface.
void mark_doubles(std::span<InterfaceRecords> interfaces);

}  // namespace weir::conversation
