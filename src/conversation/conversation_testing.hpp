// SPDX-License-Identifier: Apache-2.0
// conversation: conversations of records written as text, for tests.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "batch/batch_testing.hpp"
#include "weir/conversation.hpp"

namespace weir::conversation {

/// A conversation that outlives its visit.
struct KeptConversation {
  Conversation conversation;
  std::vector<FlowRecord> records;
};

/// Keeps what it is given.
class KeepingVisitor final : public ConversationVisitor {
 public:
  void take(std::span<const Conversation> conversations) override {
    for (const Conversation& each : conversations) {
      kept.push_back({.conversation = each, .records = {each.records.begin(), each.records.end()}});
    }
  }
  std::vector<KeptConversation> kept;
};

inline std::string describe(const ConversationWay& way) {
  return fmt::format("{}({}+{}) {}p {}B f{} {}-{}{}", way.flows, way.accepted, way.rejected,
                     way.packets, way.bytes, way.tcp_flags, way.first, way.last,
                     way.double_flows > 0
                         ? fmt::format(" double {} {}B", way.double_flows, way.double_bytes)
                         : "");
}

/// Everything that is told of a conversation, but for the places of its records in the input.
inline std::string describe(const Conversation& it, const Conversations& of) {
  return fmt::format("{} {}:{} > {}:{} {} {}/{} {}({}) {}: {} | {}",
                     of.interfaces()[it.interface].id, to_string(it.client), it.client_port,
                     to_string(it.server), it.server_port, it.protocol,
                     opener_origin_name(it.opener_origin), certainty_name(it.opener_certainty),
                     side_name(it.opened), static_cast<int>(it.side_origin),
                     tcp_state_name(it.state), describe(it.forward), describe(it.backward));
}

inline std::string places_of(const KeptConversation& it) {
  std::string places;
  for (const FlowRecord& record : it.records) places += fmt::format(" {}", record.sequence);
  return places;
}

/// Adds records, one block, to a part.
inline void add_block(Conversations& conversations, Conversations::Part& part, const Batch& batch) {
  Selection selection;
  selection.select_all(batch.rows);
  part.add(batch, selection);
  conversations.in_order(part.end_block());
}

/// Visits with several threads and keeps all, in an order of its own.
inline std::vector<KeptConversation> visit_all(Conversations& conversations, std::size_t threads) {
  std::vector<KeepingVisitor> visitors(threads);
  std::vector<ConversationVisitor*> pointers;
  for (KeepingVisitor& visitor : visitors) pointers.push_back(&visitor);
  const auto visited = conversations.visit(pointers);
  std::vector<KeptConversation> all;
  if (!visited) return all;
  for (KeepingVisitor& visitor : visitors) {
    for (KeptConversation& each : visitor.kept) {
      all.push_back(std::move(each));
      all.back().conversation.records = all.back().records;
    }
  }
  std::sort(all.begin(), all.end(), [&](const KeptConversation& a, const KeptConversation& b) {
    const auto key = [&](const KeptConversation& it) {
      return describe(it.conversation, conversations) + places_of(it);
    };
    return key(a) < key(b);
  });
  // The records have moved.
  for (KeptConversation& each : all) each.conversation.records = each.records;
  return all;
}

inline ConversationOptions with_dedup() {
  ConversationOptions options;
  options.dedup = true;
  return options;
}

/// Conversations of records as they stand in a log.
struct Stitched {
  explicit Stitched(const std::string& header, const std::vector<std::string>& records,
                    ConversationOptions options = {})
      : conversations(std::move(options)) {
    const auto part = conversations.part();
    const auto batch = batch::make_test_batch(header, records);
    add_block(conversations, *part, batch->batch);
    part->finish();
    finished = conversations.finish().has_value();
    kept = visit_all(conversations, 1);
  }
  std::vector<std::string> described() const {
    std::vector<std::string> lines;
    for (const KeptConversation& each : kept) {
      lines.push_back(describe(each.conversation, conversations));
    }
    return lines;
  }

  Conversations conversations;
  bool finished = false;
  std::vector<KeptConversation> kept;
};

}  // namespace weir::conversation
