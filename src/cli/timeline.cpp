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
constexpr std::string_view kUsualBucket = "5m";

std::uint64_t bucket_of(const Group& group) {
  const auto* time = std::get_if<std::uint64_t>(&group.values.front());
  return time == nullptr ? 0 : *time;
}

ResultTable make_time_frame(const Aggregator& aggregator, const std::string& split,
                            std::uint64_t limit, const RunReport& report) {
  ResultTable table;
  table.columns.push_back({.name = "time", .kind = CellKind::time});
  if (!split.empty()) table.columns.push_back(field_column(split));
  add_measure_columns(table);
  table.columns.push_back({.name = "", .kind = CellKind::bar});
  if (limit < aggregator.group_count()) {
    table.notes.push_back(fmt::format("{} of {} rows; -n 0 shows all", limit,
                                      with_thousands(aggregator.group_count())));
  }
  add_common_notes(table, aggregator, "start", report);
  return table;
}

std::vector<Cell> make_row(const Group& group) {
  std::vector<Cell> row;
  for (const GroupValue& value : group.values) row.push_back(cell_of(value));
  add_measures(row, group.totals);
  return row;
}

/// Rows for a program: it sees neither bars nor buckets without a record.
Result<void> make_time_rows(Aggregator& aggregator, std::uint64_t limit, const TakeRow& take) {
  if (limit == 0) return {};
  return aggregator.visit([&, left = limit](const Group& group) mutable -> Result<bool> {
    Result<bool> wanted = take(make_row(group));
    if (wanted) *wanted = *wanted && --left > 0;
    return wanted;
  });
}

/// Rows for a person.
class PeopleRows {
 public:
  PeopleRows(Aggregator& aggregator, std::int64_t every, Measure measure)
      : aggregator_(aggregator), every_(static_cast<std::uint64_t>(every)), measure_(measure) {}

  Result<void> make(std::uint64_t limit, const TakeRow& take) {
    Result<std::vector<Group>> groups = aggregator_.sorted();
    if (!groups) return Unexpected(std::move(groups.error()));
    for (const Group& group : *groups) {
      largest_ = std::max(largest_, measure_of(group.totals, measure_).value_or(0));
    }
    if (groups->size() > limit) groups->resize(static_cast<std::size_t>(limit));
    const bool draw_gaps =
        !groups->empty() &&
        (bucket_of(groups->back()) - bucket_of(groups->front())) / every_ < kMostDrawnBuckets;
    for (std::size_t i = 0; i < groups->size(); ++i) {
      const Group& group = (*groups)[i];
      if (i > 0 && draw_gaps) add_gap(bucket_of((*groups)[i - 1]), bucket_of(group), take);
      std::vector<Cell> row = make_row(group);
      const auto value = measure_of(group.totals, measure_).value_or(0);
      row.emplace_back(largest_ == 0 ? 0.0
                                     : static_cast<double>(value) / static_cast<double>(largest_));
      if (auto taken = take(std::move(row)); !taken) return Unexpected(std::move(taken.error()));
    }
    return {};
  }

 private:
  /// Buckets without a record. Where the clocks change a bucket is longer or shorter than a step.
  void add_gap(std::uint64_t before, std::uint64_t after, const TakeRow& take) const {
    for (std::uint64_t time = before + every_; time + every_ / 2 < after; time += every_) {
      // A row of a table in memory is always taken.
      (void)take({Cell(static_cast<unsigned __int128>(time))}).has_value();
    }
  }

  Aggregator& aggregator_;
  std::uint64_t every_;
  Measure measure_;
  unsigned __int128 largest_ = 0;
};

}  // namespace

int run_timeline(const Options& options) {
  const Result<std::int64_t> every =
      parse_every(options.every.empty() ? kUsualBucket : options.every);
  if (!every) return fail(every.error());
  const auto asked = parse_measure(options);
  if (!asked) return fail(asked.error());
  auto aggregate_options = parse_aggregate_options(options);
  if (!aggregate_options) return fail(aggregate_options.error());
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
  aggregate_options->progress = &reading.progress();
  Aggregator aggregator(std::move(keys), *aggregate_options);
  GroupSink sink(aggregator);
  reading.need(sink.fields());
  reading.count_skipdata();
  reading.count_flows_only(needed);
  reading.need_each({{FieldId::start}}, false);
  const RunReport& report = reading.run(sink);
  if (auto done = aggregator.finish(); !done) return reading.finish(done);
  const Measure measure = settle_measure(*asked, reading);
  if (measure != Measure::flows) needed.emplace_back(measure_name(measure));
  if (const auto error = reading.unanswerable(needed)) return fail(*error);
  const std::uint64_t limit = reading.limit(~std::uint64_t{0});
  return finish_result(reading, make_time_frame(aggregator, split, limit, report),
                       std::min(limit, aggregator.group_count()), [&](const TakeRow& take) {
                         return reading.output().kind == OutputKind::table
                                    ? PeopleRows(aggregator, *every, measure).make(limit, take)
                                    : make_time_rows(aggregator, limit, take);
                       });
}

}  // namespace weir::cli
