// SPDX-License-Identifier: Apache-2.0
// cli: what the verbs about conversations share: from inputs to conversations, and their visit by
// all threads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/reading.hpp"
#include "weir/conversation.hpp"

namespace weir::cli {

/// Feeds conversations: with all rows if RunOptions::hand_on_all is set.
class ConversationSink final : public BatchSink {
 public:
  explicit ConversationSink(Conversations& conversations) : conversations_(conversations) {}
  Result<bool> take(const Batch& batch, const Selection& selection) override;
  std::unique_ptr<SinkPart> part() override;
  Result<bool> commit(std::unique_ptr<SinkPiece> piece) override;
  /// To be called after the run.
  void finish();

 private:
  Conversations& conversations_;
  std::unique_ptr<Conversations::Part> part_;  // of take()
};

/// --memory and --temp-dir. `besides` are the bytes that a verb keeps besides records; these get
/// what is left, and at least a quarter. Errors: usage.
Result<ConversationOptions> parse_conversation_options(const Options& options,
                                                       std::uint64_t besides = 0);

/// Reads all inputs into `conversations` and finishes them. Records that the filter drops are
/// evidence: FlowRecord::selected tells them.
/// Errors:  usage, if no input has addresses; what Conversations::finish() reports.
Result<void> stitch(Reading& reading, Conversations& conversations);

/// How many threads the flags leave for visiting.
std::size_t visiting_threads(const Reading& reading);

/// Visits with a visitor for each thread. `make` makes one; they are destroyed, or handed back by
/// `done`, in the thread that calls this.
template <class Make, class Done>
Result<void> visit_all(const Reading& reading, Conversations& conversations, const Make& make,
                       const Done& done) {
  std::vector<decltype(make())> visitors;
  std::vector<ConversationVisitor*> pointers;
  for (std::size_t i = 0; i < visiting_threads(reading); ++i) {
    visitors.push_back(make());
    pointers.push_back(visitors.back().get());
  }
  Result<void> ended = conversations.visit(pointers);
  for (auto& visitor : visitors) done(*visitor);
  return ended;
}

/// Notes that every table about conversations has: records left out, SKIPDATA.
void add_record_notes(std::vector<std::string>& notes, const Conversations& conversations);

}  // namespace weir::cli
