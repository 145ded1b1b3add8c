// SPDX-License-Identifier: Apache-2.0
// cli: `weir why`: what accepted or rejected each record.
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "base/number_words.hpp"
#include "cli/commands.hpp"
#include "cli/configuration.hpp"
#include "cli/spooled_input.hpp"
#include "cli/stitching.hpp"
#include "cli/verbs.hpp"
#include "cli/why_groups.hpp"
#include "cli/why_records.hpp"
#include "weir/verdict.hpp"

namespace weir::cli {
namespace {

/// Groups under an answer, and records, that a person is shown unless told.
constexpr std::uint64_t kUsualGroups = 5;
constexpr std::uint64_t kUsualRecords = 20;

/// What of --memory is for the verdicts of records; the rest holds the records.
constexpr std::uint64_t kVerdictShare = 16;

/// What is kept besides records: evidence, and groups with their rows, at their most.
constexpr std::uint64_t kBytesBesides = std::uint64_t{120} << 20;

/// Groups that a thread keeps before it hands them over, so that they take memory once.
constexpr std::size_t kOwnGroups = std::size_t{1} << 12;

/// What all threads have handed over.
class SharedGroups {
 public:
  void absorb(const verdict::VerdictGroups& more) {
    const std::lock_guard lock(mutex_);
    groups_.absorb(more);
  }
  /// Once the threads are done.
  const verdict::VerdictGroups& groups() const { return groups_; }

 private:
  std::mutex mutex_;
  verdict::VerdictGroups groups_;
};

/// Judges in one thread: for groups, or for records where there is a store.
class JudgingVisitor final : public ConversationVisitor {
 public:
  JudgingVisitor(const JudgeOptions& options, verdict::VerdictPool& pool,
                 verdict::VerdictStore* store, SharedGroups& groups)
      : judge_(options), numbers_(pool), shared_(groups) {
    if (store != nullptr) writer_.emplace(*store);
  }

  void take(std::span<const Conversation> conversations) override {
    judge_.judge(conversations, [this](const Conversation& conversation, const FlowRecord& record,
                                       const Verdict& verdict) {
      ++judged_;
      const std::uint32_t number = numbers_.number_of(verdict);
      if (writer_) {
        writer_->set(record.sequence, number);
      } else {
        groups_.add(number, conversation, record);
      }
    });
    if (groups_.size() > kOwnGroups) hand_over();
  }

  Result<void> finish() {
    hand_over();
    return writer_ ? writer_->finish() : Result<void>();
  }
  std::uint64_t judged() const { return judged_; }

 private:
  void hand_over() {
    shared_.absorb(groups_);
    groups_.clear();
  }

  Judge judge_;
  verdict::VerdictNumbers numbers_;
  std::optional<verdict::VerdictStore::Writer> writer_;
  SharedGroups& shared_;
  verdict::VerdictGroups groups_;
  std::uint64_t judged_ = 0;
};

/// A run of `weir why` from its flags to its answer.
class WhyRun {
 public:
  WhyRun(const Options& options, Reading& reading, const Evaluator* policy)
      : options_(options), reading_(reading), policy_(policy) {}

  Result<void> answer(ConversationOptions conversation_options) {
    by_record_ =
        options_.each || (reading_.output().kind != OutputKind::table && !options_.grouped);
    memory_bytes_ = conversation_options.memory_bytes;
    conversation_options.policy = policy_;
    conversations_.emplace(std::move(conversation_options));
    if (Result<void> done = read(); !done || reading_.no_answer()) return done;
    if (Result<void> done = gather_evidence(); !done) return done;
    if (Result<void> done = judge(); !done) return done;
    make_notes();
    return by_record_ ? write_by_record() : write_by_group();
  }

  const std::vector<std::string>& notes() const { return notes_; }

 private:
  Result<void> read() {
    if (by_record_) {
      // Both readings must take the same lines for records, so both look at every column.
      reading_.need_all();
      const std::vector<std::string>& names = reading_.names();
      if (std::find(names.begin(), names.end(), "-") != names.end()) {
        auto spooled = SpooledInput::create(options_.temp_dir);
        if (!spooled) return Unexpected(std::move(spooled.error()));
        spooled_ = *std::move(spooled);
      }
    }
    if (Result<void> done = stitch(reading_, *conversations_); !done) return done;
    if (auto error = reading_.unanswerable({"action"})) return Unexpected(*std::move(error));
    return {};
  }

  /// What lone rejects are held against; a log without them needs none.
  Result<void> gather_evidence() {
    const auto interfaces = conversations_->interfaces();
    if (conversations_->accepts_only() || conversations_->rejects_only()) return {};
    evidence_.emplace();
    return visit_all(
        reading_, *conversations_, [&] { return evidence_->gatherer(interfaces); },
        [&](const Evidence::Gatherer& gatherer) { evidence_->absorb(gatherer); });
  }

  Result<void> judge() {
    if (by_record_) {
      auto store = verdict::VerdictStore::create(reading_.report().records,
                                                 memory_bytes_ / kVerdictShare, options_.temp_dir);
      if (!store) return Unexpected(std::move(store.error()));
      store_ = *std::move(store);
    }
    const JudgeOptions options{.interfaces = conversations_->interfaces(),
                               .evidence = evidence_ ? &*evidence_ : nullptr,
                               .policy = policy_,
                               .accepts_only = conversations_->accepts_only(),
                               .rejects_only = conversations_->rejects_only()};
    Result<void> written;
    Result<void> visited = visit_all(
        reading_, *conversations_,
        [&] { return std::make_unique<JudgingVisitor>(options, pool_, store_.get(), groups_); },
        [&](JudgingVisitor& visitor) {
          if (auto done = visitor.finish(); !done && written) written = done;
          judged_ += visitor.judged();
        });
    return visited ? written : visited;
  }

  void make_notes() {
    if (judged_ == 0) notes_.emplace_back("no record matches");
    if (conversations_->accepts_only()) {
      notes_.emplace_back(
          "no record is rejected: the flow log may be filtered to ACCEPT (see TrafficType in aws "
          "ec2 describe-flow-logs), so that rejected replies are not to be seen");
    }
    if (conversations_->rejects_only()) {
      notes_.emplace_back(
          "no record is accepted: the flow log may be filtered to REJECT (see TrafficType in aws "
          "ec2 describe-flow-logs), so that whether a request was let in is not to be seen");
    }
    if (evidence_ && !evidence_->is_complete()) {
      notes_.emplace_back("too many peers to tell who else was accepted where one was rejected");
    }
    if (groups_.groups().level() != verdict::GroupLevel::all) {
      notes_.push_back(fmt::format("more than {} groups: told without {}",
                                   with_thousands(verdict::VerdictGroups::kMostGroups),
                                   left_out()));
    }
    if (conversations_->nodata() > 0) {
      notes_.push_back(fmt::format("{}: windows without traffic",
                                   base::counted(conversations_->nodata(), "NODATA record")));
    }
    add_record_notes(notes_, *conversations_);
  }

  std::string_view left_out() const {
    switch (groups_.groups().level()) {
      case verdict::GroupLevel::no_ports:
        return "peers and ports";
      case verdict::GroupLevel::no_interfaces:
        return "peers, ports and interfaces";
      case verdict::GroupLevel::all:
      case verdict::GroupLevel::no_peers:
        break;
    }
    return "peers";
  }

  Result<void> write_by_group() {
    const GroupedVerdicts grouped{.rows = groups_.groups().rows(pool_),
                                  .level = groups_.groups().level(),
                                  .pool = pool_,
                                  .network = policy_ == nullptr ? nullptr : &policy_->network(),
                                  .interfaces = conversations_->interfaces()};
    if (reading_.output().kind != OutputKind::table) {
      return write_groups(grouped, reading_.limit(~std::uint64_t{0}), reading_.output());
    }
    return write_answers(grouped, reading_.limit(kUsualGroups), options_.verbose, notes_,
                         reading_.output());
  }

  Result<void> write_by_record() {
    conversations_.reset();  // what they take in memory is needed no more
    if (spooled_ != nullptr) {
      if (Result<void> done = spooled_->rewind(); !done) return done;
    }
    const bool is_table = reading_.output().kind == OutputKind::table;
    const RecordVerdicts verdicts{.pool = pool_, .store = *store_, .policy = policy_};
    return write_records(reading_, verdicts,
                         reading_.limit(is_table ? kUsualRecords : ~std::uint64_t{0}),
                         options_.verbose);
  }

  const Options& options_;
  Reading& reading_;
  const Evaluator* policy_;
  bool by_record_ = false;
  std::uint64_t memory_bytes_ = 0;
  std::unique_ptr<SpooledInput> spooled_;
  std::optional<Conversations> conversations_;
  std::optional<Evidence> evidence_;
  verdict::VerdictPool pool_;
  std::unique_ptr<verdict::VerdictStore> store_;
  SharedGroups groups_;
  std::uint64_t judged_ = 0;
  std::vector<std::string> notes_;
};

}  // namespace

int run_why(const Options& options) {
  if (nothing_to_read(options.arguments, "why")) return kComplete;
  if (options.each && options.grouped) {
    return fail(usage_error("--each and --grouped cannot be combined", "leave one of them out"));
  }
  auto conversation_options = parse_conversation_options(options, kBytesBesides);
  if (!conversation_options) return fail(conversation_options.error());
  auto prepared = Reading::prepare(options, options.arguments);
  if (!prepared) return fail(prepared.error());
  Reading& reading = **prepared;
  if (reading.output().kind == OutputKind::flowlog) {
    return fail(usage_error("flowlog holds records and cannot hold verdicts",
                            "-o table, csv, tsv, json or ndjson"));
  }
  std::optional<Configuration> configuration;
  std::optional<Evaluator> policy;
  if (!options.config.empty()) {
    auto read = read_configuration_flag(options);
    if (!read) return fail(read.error());
    configuration = *std::move(read);
    policy.emplace(configuration->network);
  }
  WhyRun run(options, reading, policy ? &*policy : nullptr);
  Result<void> ended = run.answer(*std::move(conversation_options));
  if (ended) ended = reading.output().sink->finish();
  if (reading.output().kind != OutputKind::table && !reading.quiet() && ended) {
    for (const std::string& note : run.notes()) print_message(note);
  }
  return reading.finish(ended);
}

}  // namespace weir::cli
