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

constexpr std::uint64_t kUsualGroups = 10;

ResultTable make_table(const Aggregator& aggregator, const std::vector<std::string>& fields,
                       Measure measure, std::uint64_t limit, const RunReport& report) {
  ResultTable table;
  for (const std::string& field : fields) table.columns.push_back(field_column(field));
  add_measure_columns(table);
  table.columns.push_back({.name = "share", .kind = CellKind::share});
  table.columns.push_back({.name = "", .kind = CellKind::bar});
  const std::vector<Group> groups =
      aggregator.top(measure, std::min<std::uint64_t>(limit, aggregator.group_count()));
  const GroupTotals total = aggregator.total();
  for (const Group& group : groups) {
    auto& row = table.rows.emplace_back();
    for (const GroupValue& value : group.values) row.push_back(cell_of(value));
    add_measures(row, group.totals);
    const double share = share_of(group.totals, total, measure);
    row.emplace_back(share);
    row.emplace_back(groups.empty() ? 0 : share / share_of_first(groups.front(), total, measure));
  }
  if (groups.size() < aggregator.group_count()) {
    table.notes.push_back(fmt::format("{} of {} groups; -n 0 shows all", groups.size(),
                                      with_thousands(aggregator.group_count())));
  }
  add_common_notes(table, aggregator, fmt::format("{}", fmt::join(fields, ", ")), report);
  return table;
}

}  // namespace

int run_top(const Options& options) {
  if (options.arguments.empty()) {
    return fail(
        usage_error("top needs the fields to group by", "weir top srcaddr,dstport flow-logs/"));
  }
  const Result<std::vector<std::string>> fields = parse_group_fields(options.arguments.front());
  if (!fields) return fail(fields.error());
  const auto asked = parse_measure(options.by);
  if (!asked) return fail(asked.error());
  const std::vector<std::string> inputs(options.arguments.begin() + 1, options.arguments.end());
  if (nothing_to_read(inputs, "top")) return kComplete;
  auto prepared = Reading::prepare(options, inputs);
  if (!prepared) return fail(prepared.error());
  Reading& reading = **prepared;

  std::vector<GroupKey> keys;
  for (const std::string& field : *fields)
    keys.push_back({.field = field, .bucket_seconds = 0, .zone = {}});
  Aggregator aggregator(std::move(keys));
  GroupSink sink(aggregator);
  reading.need(sink.fields());
  const RunReport& report = reading.run(sink);
  std::vector<std::string> needed = *fields;
  const Measure measure = settle_measure(*asked, reading);
  if (measure != Measure::flows) needed.emplace_back(measure_name(measure));
  if (const auto error = reading.unanswerable(needed)) return fail(*error);
  return finish_result(
      reading, make_table(aggregator, *fields, measure, reading.limit(kUsualGroups), report));
}

}  // namespace weir::cli
