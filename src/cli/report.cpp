// SPDX-License-Identifier: Apache-2.0
// cli: `weir report`: saved questions.
#include "weir/report.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "base/number_words.hpp"
#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/sections.hpp"
#include "cli/sql_run.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

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

/// Lists the reports: by group for people, with all that is known of them for programs. Returns the
/// exit status.
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

/// Rows of a table for people: the answer to most questions is on top.
constexpr std::uint64_t kUsualReportRows = 20;

Result<std::vector<Price>> read_prices(const Options& options) {
  if (options.prices.empty()) return parse_prices(built_in_prices(), "prices");
  const Result<std::string> text = read_query_file(options.prices);
  if (!text) return Unexpected(text.error());
  return parse_prices(*text, options.prices);
}

Result<ReportSettings> read_settings(const Report& report, const Options& options,
                                     const std::string& region = {}) {
  if (!options.prices.empty() && report.price_item.empty()) {
    return Unexpected(usage_error(fmt::format("the report {} uses no prices", report.name),
                                  "leave out --prices; `weir report` lists the reports on cost"));
  }
  const auto prices = read_prices(options);
  if (!prices) return Unexpected(prices.error());
  std::vector<std::string> assignments = options.set;
  // Whoever sets a Region knows better: the last one counts.
  if (!region.empty()) assignments.insert(assignments.begin(), "region=" + region);
  return settle_report(report, assignments, *prices);
}

/// The Regions that the records of the log are from, as `region` or the zone tells them.
Result<std::vector<std::string>> regions_of(SqlRun& run, std::span<const SqlColumn> columns) {
  const auto has = [&](std::string_view name) {
    return std::any_of(columns.begin(), columns.end(), [&](const SqlColumn& column) {
      return column.name == name && !column.is_absent;
    });
  };
  std::vector<std::string> regions;
  for (const std::string_view column : {"region", "az_id"}) {
    if (!has(column)) continue;
    auto found = run.ask(
        fmt::format("SELECT DISTINCT {0} FROM flows WHERE {0} IS NOT NULL ORDER BY 1", column));
    if (!found) return found;
    for (std::string& value : *found) {
      std::string region = column == "region" ? std::move(value) : region_of_zone(value);
      const bool is_new = std::find(regions.begin(), regions.end(), region) == regions.end();
      if (!region.empty() && is_new) regions.push_back(std::move(region));
    }
  }
  return regions;
}

/// The prices of the log's own Region, if the table has them. What else there is to say about them
/// is added to `notes`.
Result<ReportSettings> settle_prices(SqlRun& run, const Report& report, const Options& options,
                                     std::span<const SqlColumn> columns,
                                     std::vector<std::string>& notes) {
  Result<ReportSettings> usual = read_settings(report, options);
  const bool is_set = std::any_of(options.set.begin(), options.set.end(),
                                  [](std::string_view it) { return it.starts_with("region="); });
  if (!usual || !usual->price || is_set) return usual;
  const auto regions = regions_of(run, columns);
  if (!regions) return Unexpected(regions.error());
  if (regions->size() == 1) {
    Result<ReportSettings> own = read_settings(report, options, regions->front());
    if (own) return own;
  }
  const std::string used = fmt::format("prices of {} are used", usual->price->region);
  if (regions->empty()) {
    notes.push_back(fmt::format("the log does not say its Region: {}; --set region=REGION", used));
  } else if (regions->size() == 1) {
    notes.push_back(fmt::format("there is no price for the log's Region, {}: {}; --prices FILE",
                                regions->front(), used));
  } else {
    notes.push_back(
        fmt::format("the log has several Regions, {}: {}; -w 'region = {}' --set "
                    "region={}",
                    fmt::join(*regions, ", "), used, regions->front(), regions->front()));
  }
  return usual;
}

/// What all rows cost together, and in a month of such traffic.
using SumWords = std::function<std::vector<std::string>(double)>;
Result<SumWords> sum_words(SqlRun& run) {
  const auto span = run.ask("SELECT (max(\"end\") - min(start))::VARCHAR FROM flows");
  if (!span) return Unexpected(span.error());
  const double seconds = span->empty() ? 0 : std::strtod(span->front().c_str(), nullptr);
  return SumWords([seconds](double sum) {
    constexpr double kHour = 3600;
    constexpr double kMonthHours = 730;  // what AWS counts as a month
    constexpr double kLeastShown = 0.0001;
    std::string text = sum > 0 && sum < kLeastShown ? std::string("total: <0.0001 USD")
                                                    : fmt::format("total: {:.4f} USD", sum);
    if (seconds > 0) {
      text += fmt::format(" in {:.1f} hours; a month of 730 hours at this rate: {:.2f} USD",
                          seconds / kHour, sum / seconds * kHour * kMonthHours);
    }
    return std::vector<std::string>{text};
  });
}

/// A name that is forgotten makes the first input one.
Error with_name_first(Error error, const std::vector<std::string>& arguments) {
  struct stat status {};
  if (stat(arguments.front().c_str(), &status) == 0) {
    error.hint = fmt::format(
        "the name of a report comes first: weir report top-talkers {}; "
        "`weir report` lists them all",
        arguments.front());
  }
  return error;
}

/// What stands under the answer.
std::vector<std::string> notes_of(const Report& report, const ReportSettings& settings) {
  std::vector<std::string> notes = {report.reading};
  if (settings.price) {
    notes.push_back(
        fmt::format("price: {}; --prices FILE takes others", price_words(*settings.price)));
  }
  return notes;
}

void tell_missing(const Report& report, std::span<const SqlColumn> columns) {
  const std::vector<FieldId> missing = missing_better_fields(report, columns);
  if (missing.empty()) return;
  std::vector<std::string> names;
  names.reserve(missing.size());
  for (const FieldId id : missing) {
    names.push_back(fmt::format("{} (version {})", field_info(id).name, field_info(id).version));
  }
  print_message(fmt::format("better with {}, which no input has: {}", fmt::join(names, ", "),
                            report.better_because));
}

void tell_coverage(const SqlSession& session) {
  const std::optional<RunReport> found = session.report(kFlowTable);
  const auto words = found ? coverage_words(found->coverage) : std::nullopt;
  if (words) print_message(*words);
}

void tell_skipdata(const SqlSession& session) {
  const std::optional<RunReport> found = session.report(kFlowTable);
  if (!found || found->skipdata == 0) return;
  print_message(fmt::format("{}: AWS dropped records, so sums are lower bounds",
                            base::counted(found->skipdata, "SKIPDATA record")));
}

Result<void> answer(SqlRun& run, const Report& report, const Options& options) {
  const auto columns = run.session().describe(kFlowTable);
  if (!columns) return Unexpected(columns.error());
  if (Result<void> checked = check_report_fields(report, *columns); !checked) return checked;
  std::vector<std::string> on_prices;
  const auto settled = settle_prices(run, report, options, *columns, on_prices);
  if (!settled) return Unexpected(settled.error());
  const ReportSettings& settings = *settled;
  const Output& output = run.reading().output();
  const bool is_quiet = run.reading().quiet();
  const bool is_on_terminal =
      output.kind == OutputKind::table && output.file.empty() && stdout_is_terminal();
  AnswerWords words{.title = {},
                    .notes = {},
                    .usual_rows = kUsualReportRows,
                    .has_human_bytes = true,
                    .notes_on_sum = nullptr};
  std::vector<std::string> notes = notes_of(report, settings);
  notes.insert(notes.end(), on_prices.begin(), on_prices.end());
  if (settings.price && !is_quiet) {
    auto sum = sum_words(run);
    if (!sum) return Unexpected(sum.error());
    words.notes_on_sum = *std::move(sum);
  }
  if (!is_quiet && is_on_terminal) {
    words.title = report.title;
    words.notes = notes;
  }
  run.set_words(std::move(words));
  if (!is_quiet && !is_on_terminal) print_message(report.title);
  Result<void> answered = run.answer_all(settings.statements + report.sql);
  if (!is_quiet && answered) {
    if (!is_on_terminal) tell_coverage(run.session());
    for (const std::string& note : notes) {
      if (!is_on_terminal) print_message(note);
    }
    tell_missing(report, *columns);
    tell_skipdata(run.session());
  }
  return answered;
}

}  // namespace

int run_report(const Options& options) {
  if (options.arguments.empty()) return list_reports(options);
  const Result<const Report*> found = find_report(options.arguments.front());
  if (!found) return fail(with_name_first(found.error(), options.arguments));
  const Report& report = **found;
  const Result<ReportSettings> settings = read_settings(report, options);
  if (!settings) return fail(settings.error());
  if (options.sql) {
    fmt::print("{}{}", settings->statements, report.sql);
    return std::fflush(stdout) == 0 ? kComplete : kNoAnswer;
  }
  std::vector<std::string> inputs(options.arguments.begin() + 1, options.arguments.end());
  if (nothing_to_read(inputs, "report")) return kComplete;
  if (inputs.empty()) inputs.emplace_back("-");
  SqlRun run(options);
  run.count_skipdata();
  run.need_each(report.needs);
  if (Result<void> opened = run.open(std::move(inputs), report.optional_fields()); !opened) {
    return fail(opened.error());
  }
  return run.finish(answer(run, report, options));
}

}  // namespace weir::cli
