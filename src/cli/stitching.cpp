// SPDX-License-Identifier: Apache-2.0
// cli: inputs -> conversations.
#include "cli/stitching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/number_words.hpp"
#include "cli/grouping.hpp"

namespace weir::cli {
namespace {

/// The program, and what its threads read, decode and merge with.
constexpr std::uint64_t kBytesOfProgram = std::uint64_t{24} << 20;

/// Where a block of input has its records, on its way to commit().
struct BlockPiece final : SinkPiece {
  explicit BlockPiece(std::uint64_t of) : block(of) {}
  std::uint64_t block;
};

class ConversationPart final : public SinkPart {
 public:
  explicit ConversationPart(Conversations& conversations) : part_(conversations.part()) {}
  void take(const Batch& batch, const Selection& selection) override {
    part_->add(batch, selection);
  }
  std::unique_ptr<SinkPiece> end_block() override {
    return std::make_unique<BlockPiece>(part_->end_block());
  }
  void finish() override { part_->finish(); }

 private:
  std::unique_ptr<Conversations::Part> part_;
};

}  // namespace

Result<bool> ConversationSink::take(const Batch& batch, const Selection& selection) {
  if (part_ == nullptr) part_ = conversations_.part();
  part_->add(batch, selection);
  conversations_.in_order(part_->end_block());
  // finish() says why it failed.
  return !conversations_.failed();
}

std::unique_ptr<SinkPart> ConversationSink::part() {
  return std::make_unique<ConversationPart>(conversations_);
}

Result<bool> ConversationSink::commit(std::unique_ptr<SinkPiece> piece) {
  if (piece != nullptr) conversations_.in_order(static_cast<const BlockPiece&>(*piece).block);
  return !conversations_.failed();
}

void ConversationSink::finish() {
  if (part_ != nullptr) part_->finish();
}

Result<ConversationOptions> parse_conversation_options(const Options& options,
                                                       std::uint64_t besides) {
  Result<AggregateOptions> bounds = parse_aggregate_options(options);
  if (!bounds) return Unexpected(std::move(bounds.error()));
  ConversationOptions parsed;
  const std::uint64_t limit = bounds->memory_bytes;
  const std::uint64_t rest = besides + kBytesOfProgram;
  parsed.memory_bytes = std::max(limit / 4, limit > rest ? limit - rest : 0);
  parsed.temp_directory = std::move(bounds->temp_directory);
  return parsed;
}

Result<void> stitch(Reading& reading, Conversations& conversations) {
  reading.need(conversations.fields());
  reading.hand_on_all();
  conversations.set_progress(&reading.progress());
  ConversationSink sink(conversations);
  reading.run(sink);
  sink.finish();
  if (auto done = conversations.finish(); !done) return done;
  if (auto error = reading.unanswerable({"srcaddr", "dstaddr", "protocol"})) {
    return Unexpected(*std::move(error));
  }
  return {};
}

std::size_t visiting_threads(const Reading& reading) {
  const std::size_t asked = reading.run_options().threads;
  return std::max<std::size_t>(asked > 0 ? asked : std::thread::hardware_concurrency(), 1);
}

void add_record_notes(std::vector<std::string>& notes, const Conversations& conversations) {
  if (conversations.without_tuple() > 0) {
    notes.push_back(fmt::format("{} without addresses or protocol left out",
                                base::counted(conversations.without_tuple(), "record")));
  }
  if (conversations.skipdata() > 0) {
    notes.push_back(fmt::format("{}: AWS dropped records, so sums are lower bounds",
                                base::counted(conversations.skipdata(), "SKIPDATA record")));
  }
}

}  // namespace weir::cli
