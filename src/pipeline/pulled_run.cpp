// SPDX-License-Identifier: Apache-2.0
// pipeline: a run whose batches are asked for.
#include "pipeline/pulled_run.hpp"

#include <utility>

#include "pipeline/plan.hpp"

namespace weir::pipeline {
namespace {

/// Readers leave no pieces behind, so nothing is committed.
class EmptySink final : public BatchSink {
 public:
  Result<bool> take(const Batch& /*batch*/, const Selection& /*selection*/) override {
    return true;
  }
};

}  // namespace

// Nothing piles up before its turn but counts and a few rejects, so blocks may be claimed however
// far ahead: a thread that is away with a block at hand must not keep the others waiting.
PulledRun::PulledRun(std::vector<Input> inputs, RunOptions options, parquet::Engine* parquet)
    : inputs_(std::move(inputs)),
      options_(std::move(options)),
      decode_(plan_decoding(options_)),
      sink_(std::make_unique<EmptySink>()),
      schedule_(inputs_, options_, decode_, Schedule::kAnyAhead, *sink_,
                parquet == nullptr ? own_parquet_ : *parquet) {}

std::unique_ptr<BatchReader> PulledRun::reader() {
  return std::make_unique<BatchReader>(schedule_, options_, decode_);
}

}  // namespace weir::pipeline
