// SPDX-License-Identifier: Apache-2.0
// pipeline: which rows of a batch are asked for.
#include "pipeline/matcher.hpp"

#include <algorithm>

namespace weir {

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

void Matcher::keep_matching(const Batch& batch, Selection& selection) {
  if (!options_.filter) return;
  if (batch.format != format_) {
    format_ = batch.format;
    bound_ = options_.filter->bind(format_);
  }
  bound_.apply(batch, selection);
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

std::uint64_t count_skipdata(const Batch& batch, const Selection& selection) {
  constexpr std::string_view kSkipdata = "SKIPDATA";
  const Column* const status = batch.find(FieldId::log_status);
  if (status == nullptr) return 0;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < selection.count; ++i) {
    const std::string_view text = status->texts[selection.rows[i]];
    if (text.size() == kSkipdata.size() && text == kSkipdata) ++count;
  }
  return count;
}

}  // namespace weir
