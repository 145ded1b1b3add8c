// SPDX-License-Identifier: Apache-2.0
// cli: `weir read` and `weir convert`: records in, records out.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/commands.hpp"
#include "cli/parquet.hpp"
#include "cli/reading.hpp"
#include "cli/verbs.hpp"
#include "pipeline/peek_formats.hpp"
#include "pipeline/record_sink.hpp"

namespace weir::cli {
namespace {

/// Opening ten thousand objects twice would be felt; beyond that the first format decides.
constexpr std::size_t kMostPeeks = 10'000;

/// The columns of a CSV over objects of several formats: every field that any of them has, in the
/// order in which they are met. Nothing if the first record alone decides: all objects begin with
/// one format, there are too many to look at, or one is standard input, which can be read only
/// once.
std::optional<Format> common_columns(const Reading& reading) {
  const std::vector<Input>& inputs = reading.inputs();
  const auto arrives_once = [](const Input& input) { return !input.path(); };
  if (inputs.size() > kMostPeeks || std::any_of(inputs.begin(), inputs.end(), arrives_once)) {
    return std::nullopt;
  }
  parquet::Engine parquet;
  const pipeline::PeekedFormats peeked =
      pipeline::peek_formats(inputs, reading.run_options().decode, kMostPeeks, parquet);
  if (peeked.formats.size() < 2) return std::nullopt;
  return pipeline::union_of(peeked.formats);
}

int write_records(const Options& options) {
  std::optional<Format> columns;
  if (!options.fields.empty()) {
    Result<Format> chosen = Format::parse(options.fields);
    if (!chosen) return fail(chosen.error());
    columns = *std::move(chosen);
  }
  auto prepared = Reading::prepare(options, options.arguments);
  if (!prepared) return fail(prepared.error());
  Reading& reading = **prepared;
  if (columns) {
    FieldSet wanted;
    for (const FormatField& field : columns->fields()) wanted.add(field.name);
    reading.need(wanted);
  } else {
    reading.need_all();
  }
  Output& output = reading.output();
  const bool fixed_columns = output.kind == OutputKind::csv || output.kind == OutputKind::tsv;
  std::vector<std::string> needed;
  if (columns) {
    for (const FormatField& field : columns->fields()) needed.push_back(field.name);
  } else if (fixed_columns) {
    columns = common_columns(reading);
  }
  const auto writer =
      RecordWriter::create(output.kind, *output.sink, output.style, std::move(columns));
  pipeline::RecordSink sink(*writer, output.kind == OutputKind::table,
                            reading.limit(pipeline::RecordSink::kAllRecords));
  reading.run(sink);
  if (const auto error = reading.unanswerable(needed)) return fail(*error);
  if (reading.no_answer()) return reading.finish({});
  Result<void> ended = writer->finish();
  if (ended) ended = output.sink->finish();
  const int status = reading.finish(ended);
  for (const std::string& field : writer->dropped_fields()) {
    print_warning(
        fmt::format("field {} appeared after the columns were written; use --fields or -o "
                    "ndjson",
                    field));
  }
  return writer->dropped_fields().empty() ? status : std::max(status, kPartial);
}

}  // namespace

int run_read(const Options& options) {
  if (nothing_to_read(options.arguments, "read")) return kComplete;
  return asks_for_parquet(options) ? write_parquet_records(options) : write_records(options);
}

int run_convert(const Options& options) {
  if (options.output.empty()) {
    return fail(usage_error("weir convert needs -o KIND:FILE",
                            "weir convert -o ndjson:flows.ndjson.gz flow-logs/"));
  }
  if (options.output.starts_with("table")) {
    return fail(usage_error("weir convert cannot write -o table, which cannot be read back",
                            "-o parquet, flowlog, csv, tsv, json or ndjson"));
  }
  if (!options.partition.empty() && !asks_for_parquet(options)) {
    return fail(usage_error("--partition needs -o parquet:DIRECTORY/",
                            "weir convert --partition day -o parquet:archive/ flow-logs/"));
  }
  if (nothing_to_read(options.arguments, "convert")) return kComplete;
  return asks_for_parquet(options) ? write_parquet_records(options) : write_records(options);
}

}  // namespace weir::cli
