// SPDX-License-Identifier: Apache-2.0
// conversation: who opened a conversation, and what state it reached.
#pragma once

#include "weir/conversation.hpp"

namespace weir::conversation {

/// Sets the ends, who of them opened the conversation, which way that was, and how it is known.
/// `records` must be set and not be empty.
void find_opener(Conversation& conversation);

/// What the flags of both ways tell. Both ways must have been counted.
TcpState tcp_state_of(const Conversation& conversation);

}  // namespace weir::conversation
