// SPDX-License-Identifier: Apache-2.0
// cli: `-o parquet:FILE` of `weir convert` and `weir read`.
#include "cli/parquet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/sql_run.hpp"
#include "weir/parquet.hpp"

namespace weir::cli {
namespace {

/// --partition and --fields. Errors: usage.
Result<ParquetOptions> parse_parquet_options(const Options& options) {
  ParquetOptions parsed;
  if (!options.partition.empty()) {
    // flags.cpp lists the levels, and the command line lets no other through.
    parsed.partition = find_parquet_partition(options.partition).value_or(ParquetPartition::none);
  }
  if (!options.fields.empty()) {
    Result<Format> fields = Format::parse(options.fields);
    if (!fields) return Unexpected(std::move(fields.error()));
    parsed.fields = *std::move(fields);
  }
  return parsed;
}

/// What reading has found out, before a file gets its name: none is better than a wrong one.
Result<void> judge(const SqlRun& run, Reading& reading) {
  auto report = run.session().report(kFlowTable);
  if (!report) return {};
  reading.take_report(*std::move(report));
  if (auto error = reading.unanswerable({})) return Unexpected(*std::move(error));
  if (reading.no_answer() && !reading.report().failures.empty()) {
    return Unexpected(reading.report().failures.front());
  }
  return {};
}

}  // namespace

int write_parquet_records(const Options& options) {
  Result<ParquetOptions> parquet = parse_parquet_options(options);
  if (!parquet) return fail(parquet.error());
  SqlRun run(options);
  run.expect_sort();
  std::vector<std::string> inputs = options.arguments;
  if (inputs.empty()) inputs.emplace_back("-");
  if (Result<void> opened = run.open(std::move(inputs)); !opened) return fail(opened.error());
  Reading& reading = run.reading();
  constexpr std::uint64_t kAllRecords = ~std::uint64_t{0};
  const std::uint64_t limit = reading.limit(kAllRecords);
  parquet->path = reading.output().file;
  if (limit != kAllRecords) parquet->limit = limit;
  parquet->before_naming = [&] { return judge(run, reading); };
  parquet->progress = &reading.progress();
  run.begin("reading", "sorting and writing Parquet");
  const Result<void> ended =
      run.guarded([&] { return write_parquet(run.session(), kFlowTable, *parquet); });
  const bool is_exact =
      run.session().unfit_numbers(kFlowTable) == 0 && run.session().mended_texts(kFlowTable) == 0;
  std::error_code ignored;
  const std::filesystem::path path(parquet->path);
  const bool names_folder =
      parquet->partition == ParquetPartition::none &&
      (parquet->path.ends_with('/') || std::filesystem::is_directory(path, ignored));
  const int status = run.finish(ended);
  if (ended && names_folder && !options.quiet) {
    print_message(fmt::format("wrote {}", (path / kUsualParquetName).string()));
  }
  return is_exact ? status : std::max(status, int{kPartial});
}

}  // namespace weir::cli
