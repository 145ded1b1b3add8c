// SPDX-License-Identifier: Apache-2.0
// pipeline: inputs -> decode -> filter -> sink, on as many threads as there are. schedule.hpp says
// which block a thread takes and what happens in order; here is what a thread does with a block.
#include "weir/pipeline.hpp"

#include <algorithm>
#include <thread>

#include "pipeline/batch_reader.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/schedule.hpp"

namespace weir {
namespace {

/// What one thread does.
class Worker {
 public:
  /// `part` is null when the sink takes batches itself, in order: then there is one thread.
  Worker(pipeline::Schedule& schedule, const RunOptions& options, const DecodeOptions& decode,
         BatchSink& sink, std::unique_ptr<SinkPart> part)
      : schedule_(schedule),
        sink_(sink),
        part_(std::move(part)),
        reader_(schedule, options, decode, [this] {
          return part_ != nullptr ? part_->end_block() : std::unique_ptr<SinkPiece>();
        }) {}

  void work() {
    while (reader_.next()) hand_on();
    if (part_ != nullptr) part_->finish();
  }
  std::uint64_t matched() const { return reader_.matched(); }
  std::uint64_t skipdata() const { return reader_.skipdata(); }
  const FieldCoverage& coverage() const { return reader_.coverage(); }
  const decode::EmptyWindows& left_out() const { return reader_.left_out(); }

 private:
  void hand_on() {
    if (part_ != nullptr) return part_->take(reader_.batch(), reader_.selection());
    Result<bool> wanted = sink_.take(reader_.batch(), reader_.selection());
    if (!wanted) return schedule_.stop(std::move(wanted.error()));
    if (!*wanted) schedule_.stop(std::nullopt);
  }

  pipeline::Schedule& schedule_;
  BatchSink& sink_;
  std::unique_ptr<SinkPart> part_;
  pipeline::BatchReader reader_;
};

/// Blocks a thread that may be finished before their turn.
constexpr std::size_t kAheadPerThread = 8;

}  // namespace

RunReport run(std::span<const Input> inputs, const RunOptions& options, BatchSink& sink) {
  const DecodeOptions decode = pipeline::plan_decoding(options);
  std::unique_ptr<SinkPart> part = decode.strict ? nullptr : sink.part();
  std::size_t threads = options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
  if (part == nullptr) threads = 1;
  threads = std::max<std::size_t>(threads, 1);
  parquet::Engine parquet;
  pipeline::Schedule schedule(inputs, options, decode, threads * kAheadPerThread, sink, parquet);
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
    report.coverage.add(worker->coverage());
    report.left_out_nodata += worker->left_out().nodata;
    report.left_out_skipdata += worker->left_out().skipdata;
  }
  return report;
}

}  // namespace weir
