// SPDX-License-Identifier: Apache-2.0
// cli: which saved questions there are.
#include "cli/report_list.hpp"

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/sections.hpp"
#include "weir/report.hpp"

namespace weir::cli {
namespace {

std::string field_list(std::span<const FieldId> fields, std::string_view separator) {
  std::vector<std::string_view> names;
  for (const FieldId id : fields) names.push_back(field_info(id).name);
  return fmt::format("{}", fmt::join(names, separator));
}

std::string needs_of(const Report& report) {
  std::vector<std::string> needs;
  for (const std::vector<FieldId>& alternatives : report.needs) {
    needs.push_back(field_list(alternatives, "|"));
  }
  return fmt::format("{}", fmt::join(needs, " "));
}

/// `port=443 address=`: one that has to be set has no value.
std::string parameters_of(const Report& report) {
  std::vector<std::string> parameters;
  for (const ReportParameter& parameter : report.parameters) {
    parameters.push_back(fmt::format("{}={}", parameter.name, parameter.value));
  }
  return fmt::format("{}", fmt::join(parameters, " "));
}

/// Everything, for programs.
ResultTable full_table() {
  ResultTable table;
  table.columns = {{.name = "name"},   {.name = "group"},
                   {.name = "title"},  {.name = "version", .kind = CellKind::count},
                   {.name = "needs"},  {.name = "better_with"},
                   {.name = "price"},  {.name = "parameters"},
                   {.name = "reading"}};
  for (const Report& report : reports()) {
    table.rows.push_back({report.name, report.group, report.title,
                          static_cast<unsigned __int128>(report.version()), needs_of(report),
                          field_list(report.better_with, " "), report.price_item,
                          parameters_of(report), report.reading});
  }
  return table;
}

/// One line per report of a group, for people.
ResultTable group_table(std::string_view group) {
  ResultTable table;
  table.columns = {
      {.name = "report"}, {.name = "version", .kind = CellKind::count}, {.name = "answers"}};
  for (const Report& report : reports()) {
    if (report.group != group) continue;
    table.rows.push_back(
        {report.name, static_cast<unsigned __int128>(report.version()), report.title});
  }
  return table;
}

Result<void> write_report_groups(Output& output) {
  Sections sections(output);
  for (const std::string_view group : report_groups()) {
    ResultTable table = group_table(group);
    if (group == report_groups().back()) {
      table.notes.emplace_back(
          "version is that of the flow log. `weir report NAME INPUT` answers, --set NAME=VALUE "
          "sets a parameter, --sql prints the SQL; -o ndjson lists fields and parameters");
    }
    if (Result<void> written = sections.write(group, table); !written) return written;
  }
  return {};
}

}  // namespace

int list_reports(const Options& options) {
  Result<Output> output = choose_output(options);
  if (!output) return fail(output.error());
  if (Result<void> opened = open_output(*output, {}); !opened) return fail(opened.error());
  Result<void> ended = output->kind == OutputKind::table
                           ? write_report_groups(*output)
                           : write_result(full_table(), output->kind, *output->sink, output->style);
  if (ended) ended = output->sink->finish();
  if (!ended && !output->sink->is_closed_pipe()) return fail(ended.error());
  return kComplete;
}

}  // namespace weir::cli
