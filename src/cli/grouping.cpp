// SPDX-License-Identifier: Apache-2.0
// cli: keys, measures and their columns.
#include "cli/grouping.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/number_words.hpp"
#include "weir/format.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kMostKeys = 16;

/// A thread's part of a GroupSink. Groups have no order, so blocks leave nothing behind, unless the
/// aggregation failed: then a piece carries the news to commit().
class GroupPart final : public SinkPart {
 public:
  explicit GroupPart(Aggregator& aggregator) : aggregator_(aggregator), part_(aggregator.part()) {}
  void take(const Batch& batch, const Selection& selection) override {
    part_->add(batch, selection);
  }
  std::unique_ptr<SinkPiece> end_block() override {
    return aggregator_.failed() ? std::make_unique<SinkPiece>() : nullptr;
  }
  void finish() override { part_->finish(); }

 private:
  Aggregator& aggregator_;
  std::unique_ptr<Aggregator::Part> part_;
};

/// Memory that this process may use: the machine's, or what its control group leaves of it.
std::uint64_t machine_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGE_SIZE);
  std::uint64_t bytes = ~std::uint64_t{0};
  if (pages > 0 && page_bytes > 0) {
    bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes);
  }
  std::uint64_t limit = 0;  // the file says "max" where there is none
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit) bytes = std::min(bytes, limit);
  return bytes;
}

Cell optional_cell(std::optional<unsigned __int128> value) { return value ? Cell(*value) : Cell(); }

/// Takes out the measures that no row has: a column of dashes tells a person nothing.
void drop_unknown_measures(ResultTable& table) {
  for (std::size_t i = table.columns.size(); i-- > 0;) {
    const CellKind kind = table.columns[i].kind;
    if (kind != CellKind::count && kind != CellKind::byte_count) continue;
    const auto is_missing = [i](const std::vector<Cell>& row) {
      return i >= row.size() || std::holds_alternative<std::monostate>(row[i]);
    };
    if (table.rows.empty() || !std::all_of(table.rows.begin(), table.rows.end(), is_missing)) {
      continue;
    }
    const auto at = static_cast<std::ptrdiff_t>(i);
    table.columns.erase(table.columns.begin() + at);
    for (std::vector<Cell>& row : table.rows) {
      if (i < row.size()) row.erase(row.begin() + at);
    }
  }
}

}  // namespace

FieldSet GroupSink::fields() const { return aggregator_.fields(); }

Result<bool> GroupSink::take(const Batch& batch, const Selection& selection) {
  aggregator_.add(batch, selection);
  if (aggregator_.failed()) return Unexpected(aggregator_.failure().error());
  return true;
}

std::unique_ptr<SinkPart> GroupSink::part() { return std::make_unique<GroupPart>(aggregator_); }

Result<bool> GroupSink::commit(std::unique_ptr<SinkPiece> /*piece*/) {
  if (aggregator_.failed()) return Unexpected(aggregator_.failure().error());
  return true;
}

Result<std::vector<std::string>> parse_group_fields(std::string_view list) {
  Result<Format> format = Format::parse(list);
  if (!format) {
    Error error = std::move(format.error());
    // The same list as in a format, but the person knows it as FIELDS.
    const std::size_t place = error.message.find(" in the format");
    if (place != std::string::npos) error.message.replace(place, std::string::npos, " in FIELDS");
    return Unexpected(std::move(error));
  }
  if (format->size() > kMostKeys) {
    return Unexpected(usage_error(fmt::format("FIELDS may name at most {} fields", kMostKeys)));
  }
  std::vector<std::string> fields;
  for (const FormatField& field : format->fields()) fields.push_back(field.name);
  return fields;
}

Result<std::optional<Measure>> parse_measure(const Options& options) {
  const std::string_view text = options.by;
  if (options.count && !text.empty() && text != measure_name(Measure::flows)) {
    return Unexpected(usage_error(
        fmt::format("--count and --by {} cannot be combined: --count sums up no {}", text, text),
        "leave one of them out"));
  }
  if (options.count) return std::optional(Measure::flows);
  for (const Measure measure : {Measure::bytes, Measure::packets, Measure::flows}) {
    if (text == measure_name(measure)) return std::optional(measure);
  }
  return std::optional<Measure>();
}

std::string_view measure_name(Measure measure) {
  switch (measure) {
    case Measure::flows:
      return "flows";
    case Measure::packets:
      return "packets";
    case Measure::bytes:
      return "bytes";
  }
  return "";
}

Result<AggregateOptions> parse_aggregate_options(const Options& options) {
  AggregateOptions parsed;
  parsed.count_only = options.count;
  parsed.memory_bytes = machine_memory() / 5 * 3;
  parsed.temp_directory = options.temp_dir;
  if (options.memory.empty()) return parsed;
  const Result<std::uint64_t> size = parse_size("memory", options.memory);
  if (!size) return Unexpected(size.error());
  parsed.memory_bytes = *size;
  return parsed;
}

Result<std::int64_t> parse_every(std::string_view text) {
  Result<std::int64_t> seconds = parse_duration(text);
  if (!seconds) {
    seconds.error().message = fmt::format("cannot read '{}' as a length of time (--every)", text);
  }
  return seconds;
}

Measure settle_measure(std::optional<Measure> asked, const Reading& reading) {
  if (asked) return *asked;
  return reading.has_field("bytes") ? Measure::bytes : Measure::flows;
}

ResultColumn field_column(const std::string& field) {
  const FieldId id = find_field(field);
  return {.name = column_name(field),
          .kind = id == FieldId::unknown ? CellKind::text : CellKind::field,
          .field = id};
}

void add_measure_columns(ResultTable& table) {
  table.columns.push_back({.name = "flows", .kind = CellKind::count});
  table.columns.push_back({.name = "packets", .kind = CellKind::count});
  table.columns.push_back({.name = "bytes", .kind = CellKind::byte_count});
}

Cell cell_of(const GroupValue& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value))
    return static_cast<unsigned __int128>(*number);
  if (const auto* address = std::get_if<Ip>(&value)) return *address;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

void add_measures(std::vector<Cell>& row, const GroupTotals& totals) {
  for (const Measure measure : {Measure::flows, Measure::packets, Measure::bytes}) {
    row.push_back(optional_cell(measure_of(totals, measure)));
  }
}

double share_of(const GroupTotals& totals, const GroupTotals& whole, Measure measure) {
  const auto part = measure_of(totals, measure).value_or(0);
  const auto all = measure_of(whole, measure).value_or(0);
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

void add_common_notes(ResultTable& table, const Aggregator& aggregator, const std::string& keys,
                      const RunReport& report) {
  FieldCoverage coverage = report.coverage;
  const GroupTotals total = aggregator.total();
  coverage.covered = RecordSums();
  coverage.covered.flows = total.flows;
  coverage.covered.packets = total.packets;
  coverage.covered.bytes = total.bytes;
  if (const auto words = coverage_words(coverage)) {
    table.notes.insert(table.notes.begin(), *words);
  }
  if (aggregator.without_key() > 0) {
    table.notes.push_back(fmt::format("{} without {} left out",
                                      base::counted(aggregator.without_key(), "record"), keys));
  }
  std::vector<std::string> windows;
  for (const auto& [count, name] : {std::pair(report.left_out_nodata, "NODATA"),
                                    std::pair(report.left_out_skipdata, "SKIPDATA")}) {
    if (count > 0) windows.push_back(fmt::format("{} {}", with_thousands(count), name));
  }
  if (!windows.empty()) {
    const bool is_one = report.left_out_nodata + report.left_out_skipdata == 1;
    table.notes.push_back(
        fmt::format("{} {} and left out; --count has {}", fmt::join(windows, " and "),
                    is_one ? "record is no flow" : "records are no flows", is_one ? "it" : "them"));
  }
  if (report.skipdata > 0) {
    table.notes.push_back(fmt::format("{}: AWS dropped records, so sums are lower bounds",
                                      base::counted(report.skipdata, "SKIPDATA record")));
  }
}

Result<void> write_rows(Reading& reading, ResultTable table, std::uint64_t row_count,
                        const std::function<Result<void>(const TakeRow&)>& rows) {
  Output& output = reading.output();
  WrittenRows written(reading.progress(), row_count);
  if (output.kind == OutputKind::table) {
    auto ended = rows([&](std::vector<Cell> row) -> Result<bool> {
      written.add();
      table.rows.push_back(std::move(row));
      return true;
    });
    if (!ended) return ended;
    drop_unknown_measures(table);
    return write_result(table, output.kind, *output.sink, output.style);
  }
  auto writer =
      ResultWriter::create(table.columns, output.kind, *output.sink, output.style.machine_zone());
  if (!writer) return Unexpected(std::move(writer.error()));
  auto ended = rows([&](const std::vector<Cell>& row) -> Result<bool> {
    written.add();
    if (auto done = (*writer)->write(row); !done) return Unexpected(std::move(done.error()));
    return true;
  });
  return ended ? (*writer)->finish() : ended;
}

int finish_result(Reading& reading, ResultTable table, std::uint64_t row_count,
                  const std::function<Result<void>(const TakeRow&)>& rows) {
  if (reading.no_answer()) return reading.finish({});
  Output& output = reading.output();
  const std::vector<std::string> notes = table.notes;
  Result<void> ended = write_rows(reading, std::move(table), row_count, rows);
  if (ended) ended = output.sink->finish();
  if (output.kind != OutputKind::table && !reading.quiet()) {
    for (const std::string& note : notes) print_message(note);
  }
  return reading.finish(ended);
}

}  // namespace weir::cli
