// SPDX-License-Identifier: Apache-2.0
// pipeline: which rows of a batch are asked for: the time range, then the filter.
#pragma once

#include <vector>

#include "weir/pipeline.hpp"

namespace weir {

/// Threads: one at a time; each has its own.
class Matcher {
 public:
  /// `options` must outlive this.
  explicit Matcher(const RunOptions& options) : options_(options) {}

  void keep_time_range(const Batch& batch, Selection& selection) const;
  void keep_matching(const Batch& batch, Selection& selection);

 private:
  const RunOptions& options_;
  FormatPtr format_;
  BoundFilter bound_;
};

/// What the formats of a run say about its filter.
void report_formats(const RunOptions& options, std::vector<FormatPtr> formats, RunReport& report);

/// SKIPDATA stands for an unknown number of lost records (AWS VPC User Guide, "Flow log records",
/// log-status), so that sums over its window are lower bounds.
std::uint64_t count_skipdata(const Batch& batch, const Selection& selection);

}  // namespace weir
