// SPDX-License-Identifier: Apache-2.0
// pipeline: which rows of a batch are asked for.
#include "pipeline/matcher.hpp"

#include <algorithm>

namespace weir::pipeline {

/// Keeps records that start within the range. One without a start time is not known to.
void Matcher::keep_time_range(const Batch& batch, Selection& selection) const {
  selection.select_all(batch.rows);
  if (!options_.since && !options_.until) return;
  const Column* const start = batch.find(FieldId::start);
  std::size_t kept = 0;
  for (std::size_t row = 0; row < batch.rows && start != nullptr; ++row) {
    if (start->nulls.test(row)) continue;
    const auto time = static_cast<std::int64_t>(start->numbers[row]);
    if (options_.since && time < *options_.since) continue;
    if (options_.until && time >= *options_.until) continue;
    selection.rows[kept++] = static_cast<std::uint16_t>(row);
  }
  selection.count = kept;
}

Matcher::Matcher(const RunOptions& options) : options_(options) {
  if (options.filter) steps_ = options.filter->steps();
}

void Matcher::keep_matching(std::size_t step, const Batch& batch, Selection& selection) {
  if (batch.format != format_) {
    format_ = batch.format;
    bound_.clear();
    for (const Filter& each : steps_) bound_.push_back(each.bind(format_));
  }
  bound_[step].apply(batch, selection);
}

void report_formats(const RunOptions& options, std::vector<FormatPtr> formats, RunReport& report) {
  report.formats = std::move(formats);
  if (!options.filter || report.formats.empty()) return;
  const auto can_match = [&](const FormatPtr& format) {
    return !options.filter->bind(format).never_matches();
  };
  report.filter_cannot_match =
      std::none_of(report.formats.begin(), report.formats.end(), can_match);
  const BoundFilter bound = options.filter->bind(report.formats.front());
  for (const std::string& field : bound.missing_fields()) {
    const auto has_field = [&](const FormatPtr& format) { return format->index_of(field) >= 0; };
    if (std::none_of(report.formats.begin(), report.formats.end(), has_field)) {
      report.absent_fields.push_back(field);
    }
  }
}

}  // namespace weir::pipeline

namespace weir {

void FieldCoverage::add(const FieldCoverage& other) {
  covered.add(other.covered);
  lacking.add(other.lacking);
  fields.insert(fields.end(), other.fields.begin(), other.fields.end());
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
}

}  // namespace weir
