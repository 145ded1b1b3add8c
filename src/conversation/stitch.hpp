// SPDX-License-Identifier: Apache-2.0
// conversation: records of one tuple at one interface -> conversations, and who opened them.
#pragma once

#include <span>
#include <vector>

#include "conversation/fan_in.hpp"
#include "weir/conversation.hpp"

namespace weir::conversation {

/// What is known beside the records of one interface.
struct StitchContext {
  std::uint32_t interface = 0;                              ///< Conversation::interface
  const FanIn* fan_in = nullptr;                            ///< of the whole log, or null
  const Evaluator* policy = nullptr;                        ///< null: no configuration
  std::uint32_t configured = Evaluator::kUnknownInterface;  ///< its handle there
};

/// Cuts the records into conversations and appends these to `out`. What `double_…` count is left to
/// count_ways().
/// Shape: `records` are of one 5-tuple of packets and of one interface, in the order of
///        Conversation::records, and must outlive what is appended.
void stitch(std::span<const FlowRecord> records, const StitchContext& context,
            std::vector<Conversation>& out);

/// Sums up both ways from the records.
void count_ways(Conversation& conversation);

/// Sets the ends, who of them opened the conversation as far as the log tells, which way that was,
/// and how it is known. `records` must be set and not be empty.
void find_opener(Conversation& conversation, const FanIn* fan_in);

/// What the flags of both ways tell. Both ways must have been counted.
TcpState tcp_state_of(const Conversation& conversation);

}  // namespace weir::conversation
