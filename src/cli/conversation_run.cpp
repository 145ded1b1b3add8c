// SPDX-License-Identifier: Apache-2.0
// cli: flags -> configuration -> inputs -> conversations -> a verb's answer.
#include "cli/conversation_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/number_words.hpp"
#include "cli/commands.hpp"
#include "cli/grouping.hpp"

namespace weir::cli {
namespace {

/// The program, and what its threads read, decode and merge with.
constexpr std::uint64_t kBytesOfProgram = std::uint64_t{24} << 20;

/// Skipped parts of a configuration that are named.
constexpr std::size_t kShownSkipped = 5;

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

/// Feeds conversations, with all rows if RunOptions::hand_on_all is set.
class ConversationSink final : public BatchSink {
 public:
  explicit ConversationSink(Conversations& conversations) : conversations_(conversations) {}

  Result<bool> take(const Batch& batch, const Selection& selection) override {
    if (part_ == nullptr) part_ = conversations_.part();
    part_->add(batch, selection);
    conversations_.in_order(part_->end_block());
    // Conversations::finish() says why it failed.
    return !conversations_.failed();
  }
  std::unique_ptr<SinkPart> part() override {
    return std::make_unique<ConversationPart>(conversations_);
  }
  Result<bool> commit(std::unique_ptr<SinkPiece> piece) override {
    if (piece != nullptr) conversations_.in_order(static_cast<const BlockPiece&>(*piece).block);
    return !conversations_.failed();
  }
  /// To be called after the run.
  void finish() {
    if (part_ != nullptr) part_->finish();
  }

 private:
  Conversations& conversations_;
  std::unique_ptr<Conversations::Part> part_;  // of take()
};

/// --memory and --temp-dir: records get what is left of it, and at least a quarter.
Result<ConversationOptions> parse_conversation_options(const Options& options,
                                                       std::uint64_t bytes_besides) {
  Result<AggregateOptions> bounds = parse_aggregate_options(options);
  if (!bounds) return Unexpected(std::move(bounds.error()));
  ConversationOptions parsed;
  const std::uint64_t limit = bounds->memory_bytes;
  const std::uint64_t rest = bytes_besides + kBytesOfProgram;
  parsed.memory_bytes = std::max(limit / 4, limit > rest ? limit - rest : 0);
  parsed.temp_directory = std::move(bounds->temp_directory);
  return parsed;
}

void warn_about_configuration(const ConfigurationReport& report) {
  const std::size_t shown = std::min(report.skipped.size(), kShownSkipped);
  for (std::size_t i = 0; i < shown; ++i) {
    print_warning(fmt::format("{}: {}", report.skipped[i].where, report.skipped[i].message));
  }
  const std::size_t hidden = report.skipped.size() - shown;
  if (hidden > 0 || !report.missing.empty()) {
    print_message(fmt::format("the configuration {}{}{}; `weir check --config` says more",
                              hidden > 0 ? fmt::format("has {} more skipped parts", hidden) : "",
                              hidden > 0 && !report.missing.empty() ? " and " : "",
                              report.missing.empty() ? "" : "is incomplete"));
  }
}

Result<void> answer_with(ConversationVerb& verb, ConversationRun& run) {
  if (auto done = verb.before_reading(run); !done) return done;
  if (auto done = run.stitch(); !done || run.reading().no_answer()) return done;
  if (auto done = verb.answer(run); !done) return done;
  if (auto done = run.output().sink->finish(); !done) return done;
  run.print_messages();
  return {};
}

}  // namespace

Result<Configuration> load_with_progress(const std::vector<std::string>& paths,
                                         const Options& options) {
  ProgressLine line(options.progress);
  return load_configuration(paths, &line.progress());
}

std::size_t ConversationRun::threads() const {
  const std::size_t asked = reading_->run_options().threads;
  return std::max<std::size_t>(asked > 0 ? asked : std::thread::hardware_concurrency(), 1);
}

void ConversationRun::say_without_table(const std::vector<std::string>& notes) {
  if (!writes_table()) messages_.insert(messages_.end(), notes.begin(), notes.end());
}

Result<void> ConversationRun::read_configuration(bool is_needed) {
  if (options_.config.empty()) {
    if (!is_needed) return {};
    return Unexpected(
        usage_error("--config is missing",
                    "--config DIR with what `aws ec2 describe-security-groups` and the like "
                    "printed"));
  }
  Result<Configuration> configuration = load_with_progress(options_.config, options_);
  if (!configuration) return Unexpected(std::move(configuration.error()));
  configuration_ = *std::move(configuration);
  if (!options_.quiet) warn_about_configuration(configuration_.report);
  policy_.emplace(configuration_.network);
  stitching_.policy = &*policy_;
  return {};
}

Result<void> ConversationRun::open_inputs() {
  // The blocks of one's own VPCs are private, whoever they are registered to.
  std::vector<Cidr> own;
  for (const Vpc& vpc : configuration_.network.vpcs) {
    own.insert(own.end(), vpc.prefixes.begin(), vpc.prefixes.end());
  }
  for (const Subnet& subnet : configuration_.network.subnets) {
    own.insert(own.end(), subnet.prefixes.begin(), subnet.prefixes.end());
  }
  auto prepared = Reading::prepare(options_, options_.arguments, std::move(own));
  if (!prepared) return Unexpected(std::move(prepared.error()));
  reading_ = *std::move(prepared);
  return {};
}

/// Records that the filter drops are evidence: FlowRecord::selected tells them.
Result<void> ConversationRun::stitch() {
  conversations_.emplace(stitching_);
  reading_->need(conversations_->fields());
  conversations_->set_progress(&reading_->progress());
  reading_->hand_on_all();
  reading_->need_each({{FieldId::srcaddr}, {FieldId::dstaddr}, {FieldId::protocol}}, true);
  ConversationSink sink(*conversations_);
  reading_->run(sink);
  sink.finish();
  if (auto done = conversations_->finish(); !done) return done;
  if (const auto words = coverage_words(reading_->report().coverage)) messages_.push_back(*words);
  if (auto error = reading_->unanswerable({"srcaddr", "dstaddr", "protocol"})) {
    return Unexpected(*std::move(error));
  }
  return {};
}

void ConversationRun::print_messages() const {
  if (options_.quiet) return;
  for (const std::string& message : messages_) print_message(message);
}

int run_conversations(const Options& options, const ConversationNeeds& needs,
                      ConversationVerb& verb) {
  auto stitching = parse_conversation_options(options, needs.bytes_besides);
  if (!stitching) return fail(stitching.error());
  if (nothing_to_read(options.arguments, needs.verb)) return kComplete;
  ConversationRun run(options, *std::move(stitching));
  if (auto done = run.read_configuration(needs.configuration); !done) return fail(done.error());
  if (auto done = verb.prepare(run); !done) return fail(done.error());
  if (auto done = run.open_inputs(); !done) return fail(done.error());
  const Result<void> ended = answer_with(verb, run);
  return run.reading().finish(ended);
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
