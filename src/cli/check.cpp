// SPDX-License-Identifier: Apache-2.0
// cli: `weir check`: what a careful reader must know before trusting totals.
#include "weir/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/sections.hpp"
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

constexpr Topic kTopics[] = {
    {"shapes", "Input files", "shape", "objects"},
    {"formats", "Record formats", "format", "objects"},
    {"samples", "Examples", "format", "", true, true},
    {"other-logs", "Logs of other services", "service", "objects"},
    {"left-out", "Files in archives that were not read", "what", "files"},
    {"changed", "Files that changed while they were read", "object", ""},
    {"unreadable", "Damaged or truncated files", "object", ""},
    {"malformed", "Skipped lines", "reason", "lines"},
    {"malformed-samples", "First skipped lines", "place", ""},
    {"time", "Time", "what", "records"},
    {"skipdata", "SKIPDATA: AWS dropped records, sums over these times are lower bounds",
     "interface", "records", false},
    {"nodata", "NODATA: windows without traffic", "interface", "records", false},
    {"gaps", "Gaps: no record at all for longer than two windows", "interface", "gaps"},
    {"duplicates", "Duplicates", "what", "records"},
    {"odd-values", "Values that AWS does not document, or that cannot be right", "what", "records"},
    {"interfaces", "Interfaces and attachments", "interface", "records"},
};

/// `weir check --where EXPR`: whether the expression is right, and how weir reads it.
int check_expression(const Options& options) {
  const Result<Filter> filter = parse_where(options.where);
  if (!filter) return fail(filter.error());
  fmt::print("{}\n", for_standard_output(filter->to_string()));
  return kComplete;
}

}  // namespace

int run_check(const Options& options) {
  if (!options.config.empty()) return check_configuration(options);
  if (options.arguments.empty() && !options.where.empty()) return check_expression(options);
  if (nothing_to_read(options.arguments, "check")) return kComplete;
  if (options.guess) return guess_formats(options);
  auto prepared = Reading::prepare(options, options.arguments);
  if (!prepared) return fail(prepared.error());
  Reading& reading = **prepared;
  reading.need_all();
  reading.look_at_all();
  CheckSink sink;
  const RunReport& report = reading.run(sink);
  for (const Error& error : report.failures) sink.checker.object_failed(error);
  for (const Error& warning : report.changed_files) sink.checker.file_changed(warning);
  for (const OtherLog& other : report.other_logs) {
    sink.checker.other_log(other.error.service, other.objects);
  }
  sink.checker.members_left_out(report.members_left_out);
  if (const auto error = reading.unanswerable({})) return fail(*error);
  reading.progress().begin("judging");
  Output& output = reading.output();
  Result<void> ended = write_findings(sink.checker.findings(), kTopics, output);
  if (ended) ended = output.sink->finish();
  return reading.finish(ended);
}

}  // namespace weir::cli
