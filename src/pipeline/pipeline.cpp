// SPDX-License-Identifier: Apache-2.0
// pipeline: inputs -> decode -> filter -> sink, on as many threads as there are. schedule.hpp says
// which block a thread takes and what happens in order; here is what a thread does with a block.
#include "weir/pipeline.hpp"

#include <algorithm>
#include <thread>

#include "pipeline/matcher.hpp"
#include "pipeline/schedule.hpp"

namespace weir {
namespace {

/// Columns that decide which rows are wanted come first, those of the filter's first step before
/// those of the next; all others are converted in the rows that are left.
DecodeOptions plan_decoding(const RunOptions& options) {
  DecodeOptions decode = options.decode;
  FieldSet first;
  if (options.since || options.until) first.add(FieldId::start);
  if (options.look_at_all || options.hand_on_all || decode.strict || decode.on_reject) {
    decode.fields.add(first);
    if (options.filter) decode.fields.add(options.filter->fields());
    return decode;
  }
  if (!options.filter && !options.since && !options.until) return decode;
  const FieldSet rest = std::exchange(decode.fields, first);
  if (options.filter) {
    for (const Filter& step : options.filter->steps()) decode.later.push_back(step.fields());
  }
  decode.later.push_back(rest);
  return decode;
}

/// What one thread does.
class Worker {
 public:
  /// `part` is null when the sink takes batches itself, in order: then there is one thread.
  Worker(Schedule& schedule, const RunOptions& options, const DecodeOptions& decode,
         BatchSink& sink, std::unique_ptr<SinkPart> part)
      : schedule_(schedule),
        sink_(sink),
        part_(std::move(part)),
        decoder_(decode),
        matcher_(options),
        counts_skipdata_(options.count_skipdata),
        hands_on_all_(options.hand_on_all) {}

  void work() {
    std::optional<Schedule::Claim> claim;
    while ((claim = schedule_.claim(claim))) take_block(*claim);
    if (part_ != nullptr) part_->finish();
  }
  std::uint64_t matched() const { return matched_; }
  std::uint64_t skipdata() const { return skipdata_; }

 private:
  void take_block(const Schedule::Claim& claim) {
    FinishedBlock finished;
    if (claim.opens) {
      if (Result<void> opened = claim.work->open(); !opened) {
        schedule_.has_read(claim, true);
        return finish(claim, std::move(finished), std::move(opened.error()), false);
      }
    }
    // Ranges are read side by side: the next one can be claimed before this one is here.
    if (claim.opens && claim.work->has_ranges()) schedule_.has_read(claim, false);
    Result<bool> more = claim.work->read(claim.number, block_);
    const bool ended = !more || !*more;
    if (!claim.work->has_ranges() || ended) schedule_.has_read(claim, ended);
    if (ended) block_.text = {};
    decoder_.index(block_, claim.work->shape());
    const Result<bool> settled = claim.work->settle(claim.number, decoder_, ended);
    if (!settled) {
      return finish(claim, std::move(finished), settled.error(), claim.number > 0);
    }
    if (*settled) decode_block(finished);
    finished.is_last = ended;
    if (!more) {
      // Damage before the first line leaves an object that was opened and holds nothing.
      const bool opened = claim.number > 0 || more.error().code == ErrorCode::damaged;
      return finish(claim, std::move(finished), std::move(more.error()), opened);
    }
    schedule_.finish(claim, std::move(finished));
  }

  void finish(const Schedule::Claim& claim, FinishedBlock finished, Error error, bool is_opened) {
    finished.error = std::move(error);
    finished.is_last = true;
    finished.is_opened = is_opened;
    schedule_.finish(claim, std::move(finished));
  }

  void decode_block(FinishedBlock& finished) {
    while (!schedule_.stopped() && decoder_.next(batch_)) {
      if (finished.formats.empty() || finished.formats.back() != batch_.format) {
        finished.formats.push_back(batch_.format);
      }
      matcher_.keep_time_range(batch_, selection_);
      // SKIPDATA stands for an unknown number of lost records (AWS VPC User Guide, "Flow log
      // records", log-status), whatever the filter asks for: sums over its window are lower bounds.
      if (counts_skipdata_) skipdata_ += decoder_.count_skipdata(batch_, selection_);
      std::size_t step = 0;
      for (; step < matcher_.steps() && selection_.count > 0; ++step) {
        decoder_.complete(batch_, selection_, step);
        matcher_.keep_matching(step, batch_, selection_);
      }
      if (selection_.count > 0) decoder_.complete(batch_, selection_, step);
      if (selection_.count > 0 || hands_on_all_) hand_on();
    }
    if (part_ != nullptr) finished.piece = part_->end_block();
    finished.outcome = std::move(decoder_.outcome());
  }

  void hand_on() {
    matched_ += selection_.count;
    if (part_ != nullptr) return part_->take(batch_, selection_);
    Result<bool> wanted = sink_.take(batch_, selection_);
    if (!wanted) return schedule_.stop(std::move(wanted.error()));
    if (!*wanted) schedule_.stop(std::nullopt);
  }

  Schedule& schedule_;
  BatchSink& sink_;
  std::unique_ptr<SinkPart> part_;
  BlockDecoder decoder_;
  Matcher matcher_;
  bool counts_skipdata_;
  bool hands_on_all_;
  LineBlock block_;
  Batch batch_;
  Selection selection_;
  std::uint64_t matched_ = 0;
  std::uint64_t skipdata_ = 0;
};

}  // namespace

RunReport run(std::span<const std::string> names, const RunOptions& options, BatchSink& sink) {
  const DecodeOptions decode = plan_decoding(options);
  std::unique_ptr<SinkPart> part = decode.strict ? nullptr : sink.part();
  std::size_t threads = options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
  if (part == nullptr) threads = 1;
  threads = std::max<std::size_t>(threads, 1);
  Schedule schedule(names, options, decode, threads, sink);
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < threads; ++i) {
    if (i > 0) part = sink.part();
    workers.push_back(std::make_unique<Worker>(schedule, options, decode, sink, std::move(part)));
  }
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads; ++i) {
    others.emplace_back([&worker = *workers[i]] { worker.work(); });
  }
  workers.front()->work();
  for (std::thread& other : others) other.join();
  RunReport report = schedule.report();
  for (const auto& worker : workers) {
    report.matched += worker->matched();
    report.skipdata += worker->skipdata();
  }
  return report;
}

}  // namespace weir
