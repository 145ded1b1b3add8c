// SPDX-License-Identifier: Apache-2.0
// cli: `weir why`: what accepted or rejected each record.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/number_words.hpp"
#include "cli/conversation_run.hpp"
#include "cli/verbs.hpp"
#include "cli/why_groups.hpp"
#include "cli/why_records.hpp"
#include "weir/verdict.hpp"

namespace weir::cli {
namespace {

/// Groups under an answer, and records, that a person is shown unless told.
constexpr std::uint64_t kShownGroups = 5;
constexpr std::uint64_t kShownRecords = 20;

/// What of --memory is for the verdicts of records; the rest holds the records.
constexpr std::uint64_t kVerdictShare = 16;

/// What is kept besides records: evidence, and groups with their rows, at their most.
constexpr std::uint64_t kBytesBesides = std::uint64_t{120} << 20;

/// Judges in one thread and keeps the verdict of every record.
class RecordJudge final : public ConversationVisitor {
 public:
  std::string_view work() const noexcept override { return "judging"; }
  RecordJudge(const JudgeOptions& options, verdict::VerdictPool& pool, verdict::VerdictStore& store)
      : judge_(options), numbers_(pool), writer_(store) {}

  void take(std::span<const Conversation> conversations) override {
    judge_.judge(conversations,
                 [this](const Conversation&, const FlowRecord& record, const Verdict& verdict) {
                   ++judged_;
                   writer_.set(record.sequence, numbers_.number_of(verdict));
                 });
  }

  Result<void> finish() { return writer_.finish(); }
  std::uint64_t judged() const { return judged_; }

 private:
  Judge judge_;
  verdict::VerdictNumbers numbers_;
  verdict::VerdictStore::Writer writer_;
  std::uint64_t judged_ = 0;
};

class WhyVerb final : public ConversationVerb {
 public:
  Result<void> before_reading(ConversationRun& run) override {
    const Options& options = run.options();
    if (run.output().kind == OutputKind::flowlog) {
      return Unexpected(usage_error("flowlog holds records and cannot hold verdicts",
                                    "-o table, csv, tsv, json or ndjson"));
    }
    by_record_ = options.each || (!run.writes_table() && !options.grouped);
    memory_bytes_ = run.stitching().memory_bytes;
    if (!by_record_) return {};
    // Both readings must take the same lines for records, so both look at every column.
    run.reading().need_all();
    return run.reading().spool_input();
  }

  Result<void> answer(ConversationRun& run) override {
    if (auto error = run.reading().unanswerable({"action"})) return Unexpected(*std::move(error));
    if (Result<void> done = gather_evidence(run); !done) return done;
    if (Result<void> done = judge(run); !done) return done;
    const std::vector<std::string> notes = make_notes(run.conversations());
    run.say_without_table(notes);
    return by_record_ ? write_by_record(run) : write_by_group(run, notes);
  }

 private:
  /// What lone rejects are held against; a log without them needs none.
  Result<void> gather_evidence(ConversationRun& run) {
    const Conversations& conversations = run.conversations();
    const auto interfaces = conversations.interfaces();
    if (conversations.accepts_only() || conversations.rejects_only()) return {};
    evidence_.emplace();
    return run.visit([&] { return evidence_->gatherer(interfaces); },
                     [&](const Evidence::Gatherer& gatherer) { evidence_->absorb(gatherer); });
  }

  Result<void> judge(ConversationRun& run) {
    const Conversations& conversations = run.conversations();
    const JudgeOptions options{.interfaces = conversations.interfaces(),
                               .evidence = evidence_ ? &*evidence_ : nullptr,
                               .policy = run.policy(),
                               .accepts_only = conversations.accepts_only(),
                               .rejects_only = conversations.rejects_only()};
    if (by_record_) return judge_records(run, options);
    groups_.emplace(options);
    Result<void> visited =
        run.visit([&] { return groups_->visitor(); }, [](ConversationVisitor&) {});
    judged_ = groups_->judged();
    return visited;
  }

  Result<void> judge_records(ConversationRun& run, const JudgeOptions& options) {
    auto store = verdict::VerdictStore::create(
        run.reading().report().records, memory_bytes_ / kVerdictShare, run.options().temp_dir);
    if (!store) return Unexpected(std::move(store.error()));
    store_ = *std::move(store);
    Result<void> written;
    Result<void> visited =
        run.visit([&] { return std::make_unique<RecordJudge>(options, pool_, *store_); },
                  [&](RecordJudge& visitor) {
                    if (auto done = visitor.finish(); !done && written) written = done;
                    judged_ += visitor.judged();
                  });
    return visited ? written : visited;
  }

  std::vector<std::string> make_notes(const Conversations& conversations) const {
    std::vector<std::string> notes;
    if (judged_ == 0) notes.emplace_back("no record matches");
    if (conversations.accepts_only()) {
      notes.emplace_back(
          "no record is rejected: the flow log may be filtered to ACCEPT (see TrafficType in aws "
          "ec2 describe-flow-logs), so rejected replies do not appear");
    }
    if (conversations.rejects_only()) {
      notes.emplace_back(
          "no record is accepted: the flow log may be filtered to REJECT (see TrafficType in aws "
          "ec2 describe-flow-logs), so accepted requests do not appear");
    }
    if (evidence_ && !evidence_->is_complete()) {
      notes.emplace_back(
          "too many peers and ports to keep: whether others were accepted where one was rejected "
          "is not told");
    }
    if (groups_ && groups_->level() != VerdictGroupLevel::all) {
      notes.push_back(fmt::format("more than {} groups: {} were merged",
                                  with_thousands(VerdictGroups::kMostGroups), left_out()));
    }
    if (conversations.nodata() > 0) {
      notes.push_back(fmt::format("{}: windows without traffic",
                                  base::counted(conversations.nodata(), "NODATA record")));
    }
    add_record_notes(notes, conversations);
    return notes;
  }

  std::string_view left_out() const {
    switch (groups_->level()) {
      case VerdictGroupLevel::no_ports:
        return "peers and ports";
      case VerdictGroupLevel::no_interfaces:
        return "peers, ports and interfaces";
      case VerdictGroupLevel::all:
      case VerdictGroupLevel::no_peers:
        break;
    }
    return "peers";
  }

  Result<void> write_by_group(ConversationRun& run, const std::vector<std::string>& notes) {
    const GroupedVerdicts grouped{.rows = groups_->rows(),
                                  .level = groups_->level(),
                                  .network = run.network(),
                                  .interfaces = run.conversations().interfaces()};
    if (!run.writes_table()) {
      return write_groups(grouped, run.reading().limit(~std::uint64_t{0}), run.output());
    }
    return write_answers(grouped, run.reading().limit(kShownGroups), run.options().verbose, notes,
                         run.output());
  }

  Result<void> write_by_record(ConversationRun& run) {
    run.drop_conversations();  // what they take in memory is needed no more
    const RecordVerdicts verdicts{.pool = pool_, .store = *store_, .policy = run.policy()};
    const std::uint64_t usual = run.writes_table() ? kShownRecords : ~std::uint64_t{0};
    return write_records(run.reading(), verdicts, run.reading().limit(usual),
                         run.options().verbose);
  }

  bool by_record_ = false;
  std::uint64_t memory_bytes_ = 0;
  std::optional<Evidence> evidence_;
  verdict::VerdictPool pool_;
  std::unique_ptr<verdict::VerdictStore> store_;
  std::optional<VerdictGroups> groups_;
  std::uint64_t judged_ = 0;
};

}  // namespace

int run_why(const Options& options) {
  if (options.each && options.grouped) {
    return fail(usage_error("--each and --grouped cannot be combined", "leave one of them out"));
  }
  WhyVerb verb;
  return run_conversations(options, {.verb = "why", .bytes_besides = kBytesBesides}, verb);
}

}  // namespace weir::cli
