// SPDX-License-Identifier: Apache-2.0
// conversation: records of one tuple at one interface -> conversations, and who opened them.
#pragma once

#include <span>
#include <vector>

#include "weir/conversation.hpp"

namespace weir::conversation {

/// Cuts the records into conversations and appends these to `out`. What `double_…` count is left to
/// count_ways().
/// Shape: `records` are of one 5-tuple of packets and of one interface, in the order of
///        Conversation::records, and must outlive what is appended.
void stitch(std::span<const FlowRecord> records, std::uint32_t interface,
            std::vector<Conversation>& out);

/// Sums up both ways from the records.
void count_ways(Conversation& conversation);

/// Sets the ends, who of them opened the conversation, which way that was, and how it is known.
/// `records` must be set and not be empty.
void find_opener(Conversation& conversation);

/// What the flags of both ways tell. Both ways must have been counted.
TcpState tcp_state_of(const Conversation& conversation);

}  // namespace weir::conversation
