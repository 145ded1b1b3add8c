// SPDX-License-Identifier: Apache-2.0
// cli: `weir top`: groups by fields, the largest first.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/grouping.hpp"
#include "cli/reading.hpp"
#include "cli/verbs.hpp"

namespace weir::cli {
namespace {

constexpr std::uint64_t kUsualTopGroups = 10;

/// The keys of the fields; times in buckets where `every` is not empty. Errors: usage.
Result<std::vector<GroupKey>> make_keys(const std::vector<std::string>& fields,
                                        const std::string& every) {
  std::vector<GroupKey> keys;
  keys.reserve(fields.size());
  for (const std::string& field : fields)
    keys.push_back({.field = field, .bucket_seconds = 0, .zone = {}});
  if (every.empty()) return keys;
  const Result<std::int64_t> seconds = parse_every(every);
  if (!seconds) return Unexpected(seconds.error());
  bool any_time = false;
  for (GroupKey& key : keys) {
    const FieldId id = find_field(key.field);
    if (id == FieldId::unknown || field_info(id).type != FieldType::time) continue;
    key.bucket_seconds = *seconds;
    any_time = true;
  }
  if (any_time) return keys;
  return Unexpected(usage_error("--every needs a time among the FIELDS, such as start",
                                "weir top start,dstport --every 5m flow-logs/"));
}

ResultTable make_frame(const Aggregator& aggregator, const std::vector<GroupKey>& keys,
                       const std::vector<std::string>& fields, std::uint64_t limit,
                       const RunReport& report) {
  ResultTable table;
  for (const GroupKey& key : keys) {
    ResultColumn column = field_column(key.field);
    if (key.bucket_seconds > 0) column.kind = CellKind::time;
    table.columns.push_back(std::move(column));
  }
  add_measure_columns(table);
  table.columns.push_back({.name = "share", .kind = CellKind::share});
  table.columns.push_back({.name = "", .kind = CellKind::bar});
  if (limit < aggregator.group_count()) {
    table.notes.push_back(fmt::format("{} of {} groups; -n 0 shows all", limit,
                                      with_thousands(aggregator.group_count())));
  }
  add_common_notes(table, aggregator, fmt::format("{}", fmt::join(fields, ", ")), report);
  return table;
}

Result<void> make_rows(Aggregator& aggregator, Measure measure, std::uint64_t limit,
                       const TakeRow& take) {
  const GroupTotals total = aggregator.total();
  double largest = 0;  // share of the first group, never zero: what bars are drawn against
  return aggregator.visit_top(measure, limit, [&](const Group& group) {
    std::vector<Cell> row;
    for (const GroupValue& value : group.values) row.push_back(cell_of(value));
    add_measures(row, group.totals);
    const double share = share_of(group.totals, total, measure);
    if (largest == 0) largest = share > 0 ? share : 1;
    row.emplace_back(share);
    row.emplace_back(share / largest);
    return take(std::move(row));
  });
}

}  // namespace

int run_top(const Options& options) {
  if (options.arguments.empty()) {
    return fail(
        usage_error("weir top needs FIELDS to group by", "weir top srcaddr,dstport flow-logs/"));
  }
  const Result<std::vector<std::string>> fields = parse_group_fields(options.arguments.front());
  if (!fields) return fail(fields.error());
  auto keys = make_keys(*fields, options.every);
  if (!keys) return fail(keys.error());
  const auto asked = parse_measure(options);
  if (!asked) return fail(asked.error());
  auto aggregate_options = parse_aggregate_options(options);
  if (!aggregate_options) return fail(aggregate_options.error());
  const std::vector<std::string> inputs(options.arguments.begin() + 1, options.arguments.end());
  if (nothing_to_read(inputs, "top")) return kComplete;
  auto prepared = Reading::prepare(options, inputs);
  if (!prepared) return fail(prepared.error());
  Reading& reading = **prepared;

  for (GroupKey& key : *keys) key.zone = reading.output().style.zone;
  aggregate_options->progress = &reading.progress();
  Aggregator aggregator(*keys, *aggregate_options);
  GroupSink sink(aggregator);
  reading.need(sink.fields());
  reading.count_skipdata();
  reading.count_flows_only(*fields);
  std::vector<FieldId> any_key;
  for (const std::string& field : *fields) any_key.push_back(find_field(field));
  const bool all_known =
      std::find(any_key.begin(), any_key.end(), FieldId::unknown) == any_key.end();
  if (all_known) reading.need_each({std::move(any_key)}, false);
  const RunReport& report = reading.run(sink);
  if (auto done = aggregator.finish(); !done) return reading.finish(done);
  std::vector<std::string> needed = *fields;
  const Measure measure = settle_measure(*asked, reading);
  if (measure != Measure::flows) needed.emplace_back(measure_name(measure));
  if (const auto error = reading.unanswerable(needed)) return fail(*error);
  const std::uint64_t limit = reading.limit(kUsualTopGroups);
  return finish_result(reading, make_frame(aggregator, *keys, *fields, limit, report),
                       std::min(limit, aggregator.group_count()), [&](const TakeRow& take) {
                         return make_rows(aggregator, measure, limit, take);
                       });
}

}  // namespace weir::cli
