// SPDX-License-Identifier: Apache-2.0
// cli: `weir check`: what a careful reader must know before trusting totals.
#include "weir/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/verbs.hpp"

namespace weir::cli {
namespace {

class CheckSink final : public BatchSink {
 public:
  Result<bool> take(const Batch& batch, const Selection& selection) override {
    if (selection.count == batch.rows) {
      checker.add(batch);
    } else {
      checker.add(select(batch, selection));
    }
    return true;
  }
  void object_done(const DecodeReport& report) override { checker.object_done(report); }

  Checker checker;

 private:
  /// The selected rows alone, texts still pointing into the batch.
  static Batch select(const Batch& batch, const Selection& selection) {
    Batch selected;
    selected.format = batch.format;
    selected.rows = selection.count;
    for (const Column& column : batch.columns) {
      Column& copy = selected.columns.emplace_back();
      copy.decoded = column.decoded;
      for (std::size_t i = 0; i < selection.count; ++i) {
        const std::size_t row = selection.rows[i];
        if (column.nulls.test(row)) copy.nulls.set(i);
        if (!column.numbers.empty()) copy.numbers.push_back(column.numbers[row]);
        if (!column.addresses.empty()) copy.addresses.push_back(column.addresses[row]);
        if (!column.texts.empty()) copy.texts.push_back(column.texts[row]);
      }
    }
    return selected;
  }
};

/// How a topic is shown to people.
struct Topic {
  std::string_view name;
  std::string_view title;
  std::string_view subject;
  std::string_view count;  ///< empty: every count is one
  bool details = true;     ///< false: the title says it
};

constexpr Topic kTopics[] = {
    {"shapes", "How the records are wrapped", "shape", "objects"},
    {"formats", "Formats, and how weir knows them", "format", "objects"},
    {"samples", "A record of each", "format", ""},
    {"unreadable", "Objects that could not be read to their end", "object", ""},
    {"malformed", "Skipped lines", "reason", "lines"},
    {"malformed-samples", "The first of them", "place", ""},
    {"time", "Time", "what", "records"},
    {"skipdata", "SKIPDATA: AWS dropped records, sums over these times are lower bounds",
     "interface", "records", false},
    {"nodata", "NODATA: windows without traffic", "interface", "records", false},
    {"gaps", "Gaps: no record at all for longer than two windows", "interface", "gaps"},
    {"duplicates", "Duplicates", "what", "records"},
    {"odd-values", "Values that AWS does not document", "what", "records"},
    {"interfaces", "Interfaces and attachments", "interface", "records"},
};

ResultColumn text_column(std::string_view name) { return {.name = std::string(name)}; }

Cell time_cell(const std::optional<std::int64_t>& time) {
  if (!time) return {};
  return static_cast<unsigned __int128>(std::max<std::int64_t>(0, *time));
}

/// All findings as rows of one table, for programs.
ResultTable flat_table(const std::vector<Finding>& findings) {
  ResultTable table;
  table.columns = {text_column("topic"),
                   text_column("severity"),
                   text_column("subject"),
                   {.name = "count", .kind = CellKind::count},
                   {.name = "first", .kind = CellKind::time},
                   {.name = "last", .kind = CellKind::time},
                   text_column("detail")};
  for (const Finding& finding : findings) {
    table.rows.push_back(
        {finding.topic, std::string(finding.severity == Severity::warning ? "warning" : "note"),
         finding.subject, static_cast<unsigned __int128>(finding.count), time_cell(finding.first),
         time_cell(finding.last), finding.detail.empty() ? Cell() : Cell(finding.detail)});
  }
  return table;
}

/// A sample cut to what is left of a line; the whole one is in the machine formats.
std::string one_line(const Finding& finding, std::size_t width) {
  constexpr std::size_t kLongestLabel = 40;
  const std::size_t left = width - std::min(width / 2, kLongestLabel);
  if (finding.detail.size() <= left) return finding.detail;
  return finding.detail.substr(0, left - 3) + "...";
}

/// One topic's findings, for people: columns that say nothing are left out, long lists are cut and
/// say so.
ResultTable topic_table(const Topic& topic, const std::vector<const Finding*>& findings,
                        std::size_t width) {
  const auto any = [&](auto has) { return std::any_of(findings.begin(), findings.end(), has); };
  const bool times = any([](const Finding* finding) { return finding->first.has_value(); });
  const bool details =
      topic.details && any([](const Finding* finding) { return !finding->detail.empty(); });
  const bool counts = !topic.count.empty();
  ResultTable table;
  table.columns.push_back(text_column(topic.subject));
  if (counts) table.columns.push_back({.name = std::string(topic.count), .kind = CellKind::count});
  if (times) {
    table.columns.push_back({.name = "first", .kind = CellKind::time});
    table.columns.push_back({.name = "last", .kind = CellKind::time});
  }
  if (details) table.columns.push_back(text_column("detail"));
  for (const Finding* finding : findings) {
    if (table.rows.size() == kFindingsPerTopic) {
      table.notes.push_back(fmt::format("{} more; -o ndjson lists all",
                                        with_thousands(findings.size() - kFindingsPerTopic)));
      break;
    }
    auto& row = table.rows.emplace_back();
    row.emplace_back(finding->subject);
    if (counts) row.emplace_back(static_cast<unsigned __int128>(finding->count));
    if (times) {
      row.push_back(time_cell(finding->first));
      row.push_back(time_cell(finding->last));
    }
    if (details)
      row.emplace_back(topic.name == "samples" ? one_line(*finding, width) : finding->detail);
  }
  return table;
}

Result<void> write_topics(const std::vector<Finding>& findings, Output& output) {
  bool first = true;
  for (const Topic& topic : kTopics) {
    std::vector<const Finding*> own;
    for (const Finding& finding : findings) {
      if (finding.topic == topic.name) own.push_back(&finding);
    }
    if (own.empty()) continue;
    const bool warning = std::any_of(own.begin(), own.end(), [](const Finding* finding) {
      return finding->severity == Severity::warning;
    });
    const std::string_view color = !output.style.color ? "" : warning ? "\x1b[1;33m" : "\x1b[1m";
    const std::string title = fmt::format("{}{}{}{}\n", first ? "" : "\n", color, topic.title,
                                          color.empty() ? "" : "\x1b[0m");
    first = false;
    if (Result<void> written = output.sink->write(title); !written) return written;
    if (Result<void> written = write_result(topic_table(topic, own, output.style.width),
                                            output.kind, *output.sink, output.style);
        !written) {
      return written;
    }
  }
  return {};
}

/// `weir check --where EXPR`: whether the expression is right, and how weir reads it.
int check_expression(const Options& options) {
  const Result<Filter> filter = Filter::parse(options.where);
  if (!filter) return fail(filter.error());
  fmt::print("{}\n", filter->to_string());
  return kComplete;
}

}  // namespace

int run_check(const Options& options) {
  if (options.arguments.empty() && !options.where.empty()) return check_expression(options);
  if (nothing_to_read(options.arguments, "check")) return kComplete;
  auto prepared = Reading::prepare(options, options.arguments);
  if (!prepared) return fail(prepared.error());
  Reading& reading = **prepared;
  reading.need_all();
  reading.look_at_all();
  CheckSink sink;
  const RunReport& report = reading.run(sink);
  for (const Error& error : report.failures) sink.checker.object_failed(error);
  if (const auto error = reading.unanswerable({})) return fail(*error);
  Output& output = reading.output();
  const std::vector<Finding> findings = sink.checker.findings();
  Result<void> ended =
      output.kind == OutputKind::table
          ? write_topics(findings, output)
          : write_result(flat_table(findings), output.kind, *output.sink, output.style);
  if (ended) ended = output.sink->finish();
  return reading.finish(ended);
}

}  // namespace weir::cli
