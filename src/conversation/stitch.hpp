// SPDX-License-Identifier: Apache-2.0
// conversation: records of one tuple at one interface -> conversations.
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

}  // namespace weir::conversation
