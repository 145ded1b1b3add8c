// SPDX-License-Identifier: Apache-2.0
// cli: `weir timeline`: sums by buckets of time.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/grouping.hpp"
#include "cli/reading.hpp"
#include "cli/verbs.hpp"

namespace weir::cli {
namespace {

/// Empty buckets are drawn so that a gap is seen, unless there would be thousands.
constexpr std::size_t kMostDrawnBuckets = 2000;

std::uint64_t bucket_of(const Group& group) {
  const auto* time = std::get_if<std::uint64_t>(&group.values.front());
  return time == nullptr ? 0 : *time;
}

class TimelineTable {
 public:
  TimelineTable(std::string split, std::int64_t every, Measure measure, bool draw_gaps)
      : split_(std::move(split)), every_(every), measure_(measure), draw_gaps_(draw_gaps) {}

  ResultTable make(const Aggregator& aggregator, std::uint64_t limit, const RunReport& report) {
    table_.columns.push_back({.name = "time", .kind = CellKind::time});
    if (!split_.empty()) table_.columns.push_back(field_column(split_));
    add_measure_columns(table_);
    table_.columns.push_back({.name = "", .kind = CellKind::bar});
    const std::vector<Group> groups = aggregator.sorted();
    for (const Group& group : groups) {
      largest_ = std::max(largest_, measure_of(group.totals, measure_).value_or(0));
    }
    const std::size_t shown =
        static_cast<std::size_t>(std::min<std::uint64_t>(limit, groups.size()));
    draw_gaps_ = draw_gaps_ && shown > 0 &&
                 (bucket_of(groups[shown - 1]) - bucket_of(groups.front())) /
                         static_cast<std::uint64_t>(every_) <
                     kMostDrawnBuckets;
    for (std::size_t i = 0; i < shown; ++i) {
      if (i > 0 && draw_gaps_) add_gap(bucket_of(groups[i - 1]), bucket_of(groups[i]));
      add_group(groups[i]);
    }
    if (shown < groups.size()) {
      table_.notes.push_back(
          fmt::format("{} of {} rows; -n 0 shows all", shown, with_thousands(groups.size())));
    }
    add_common_notes(table_, aggregator, "start", report);
    return std::move(table_);
  }

 private:
  void add_group(const Group& group) {
    auto& row = table_.rows.emplace_back();
    for (const GroupValue& value : group.values) row.push_back(cell_of(value));
    add_measures(row, group.totals);
    const auto value = measure_of(group.totals, measure_).value_or(0);
    row.emplace_back(largest_ == 0 ? 0.0
                                   : static_cast<double>(value) / static_cast<double>(largest_));
  }

  /// Buckets without a record. Where the clocks change a bucket is longer or shorter than a step.
  void add_gap(std::uint64_t before, std::uint64_t after) {
    const auto step = static_cast<std::uint64_t>(every_);
    for (std::uint64_t time = before + step; time + step / 2 < after; time += step) {
      auto& row = table_.rows.emplace_back();
      row.emplace_back(static_cast<unsigned __int128>(time));
      row.resize(table_.columns.size());
    }
  }

  std::string split_;
  std::int64_t every_;
  Measure measure_;
  bool draw_gaps_;
  unsigned __int128 largest_ = 0;
  ResultTable table_;
};

}  // namespace

int run_timeline(const Options& options) {
  const Result<std::int64_t> every = parse_duration(options.every);
  if (!every) return fail(every.error());
  const auto asked = parse_measure(options.by);
  if (!asked) return fail(asked.error());
  std::vector<std::string> needed = {"start"};
  std::string split;
  if (!options.split.empty()) {
    const auto fields = parse_group_fields(options.split);
    if (!fields) return fail(fields.error());
    if (fields->size() != 1) return fail(usage_error("--split takes one field", "--split action"));
    split = fields->front();
    needed.push_back(split);
  }
  if (nothing_to_read(options.arguments, "timeline")) return kComplete;
  auto prepared = Reading::prepare(options, options.arguments);
  if (!prepared) return fail(prepared.error());
  Reading& reading = **prepared;

  std::vector<GroupKey> keys = {
      {.field = "start", .bucket_seconds = *every, .zone = reading.output().style.zone}};
  if (!split.empty()) keys.push_back({.field = split, .bucket_seconds = 0, .zone = {}});
  Aggregator aggregator(std::move(keys));
  GroupSink sink(aggregator);
  reading.need(sink.fields());
  const RunReport& report = reading.run(sink);
  const Measure measure = settle_measure(*asked, reading);
  if (measure != Measure::flows) needed.emplace_back(measure_name(measure));
  if (const auto error = reading.unanswerable(needed)) return fail(*error);
  TimelineTable table(split, *every, measure, reading.output().kind == OutputKind::table);
  return finish_result(reading, table.make(aggregator, reading.limit(~std::uint64_t{0}), report));
}

}  // namespace weir::cli
