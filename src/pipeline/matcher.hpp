// SPDX-License-Identifier: Apache-2.0
// pipeline: which rows of a batch are asked for: the time range, then the filter.
#pragma once

#include <vector>

#include "weir/pipeline.hpp"

namespace weir::pipeline {

/// Threads: one at a time; each has its own.
class Matcher {
 public:
  /// `options` must outlive this.
  explicit Matcher(const RunOptions& options);

  void keep_time_range(const Batch& batch, Selection& selection) const;
  /// Steps of the filter, to be taken one after the other: see Filter::steps().
  std::size_t steps() const { return steps_.size(); }
  void keep_matching(std::size_t step, const Batch& batch, Selection& selection);

 private:
  const RunOptions& options_;
  FormatPtr format_;
  std::vector<Filter> steps_;
  std::vector<BoundFilter> bound_;  // the steps, for format_
};

/// What the formats of a run say about its filter.
void report_formats(const RunOptions& options, std::vector<FormatPtr> formats, RunReport& report);

}  // namespace weir::pipeline
