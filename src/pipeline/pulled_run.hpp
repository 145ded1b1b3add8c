// SPDX-License-Identifier: Apache-2.0
// pipeline: a run whose batches are asked for, by threads that belong to someone else. run() hands
// batches out on threads of its own; a database has threads of its own and takes batches as it has
// use for them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/batch_reader.hpp"
#include "weir/pipeline.hpp"

namespace weir::pipeline {

/// Threads: safe for all, but report().
class PulledRun {
 public:
  /// `parquet` is what several runs share, if it is not null; it must outlive this.
  PulledRun(std::vector<Input> inputs, RunOptions options, parquet::Engine* parquet = nullptr);
  PulledRun(const PulledRun&) = delete;
  PulledRun& operator=(const PulledRun&) = delete;

  /// A reader for one thread; the run must outlive it. Readers get the blocks of the run in any
  /// distribution, and a single one gets them in order. A reader that nobody asks for its next
  /// batch holds up no other.
  std::unique_ptr<BatchReader> reader();
  /// Ends the run before its end: readers get nothing more.
  void stop() { schedule_.stop(std::nullopt); }
  /// The report, without the number of rows that matched. Called once, when there is no reader
  /// left.
  RunReport report() { return schedule_.report(); }
  /// What ended the run early, if anything did: under `strict`, a bad line.
  std::optional<Error> fatal() { return schedule_.fatal(); }

 private:
  const std::vector<Input> inputs_;
  const RunOptions options_;
  const DecodeOptions decode_;
  std::unique_ptr<BatchSink> sink_;
  parquet::Engine own_parquet_;
  Schedule schedule_;
};

}  // namespace weir::pipeline
