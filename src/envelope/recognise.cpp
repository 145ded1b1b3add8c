// SPDX-License-Identifier: Apache-2.0
// envelope: the first bytes of an object -> its shape.
//
// The table of envelopes goes from what nothing else can be to what everything could be. Each row
// looks at whole lines of the sample; a shape that wraps every line must be seen on most of them.
// Here are the rows of JSON and CSV; the other envelopes recognise themselves.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "envelope/csv_reader.hpp"
#include "envelope/envelopes.hpp"
#include "envelope/field_line.hpp"
#include "envelope/looks.hpp"
#include "envelope/other_logs.hpp"
#include "field/header_names.hpp"

namespace weir::envelope {
namespace {

/// The lines of a sample that are not blank. The last is left out if the sample may cut it, unless
/// there is no other.
std::vector<std::string_view> sample_lines(std::string_view sample, bool complete) {
  constexpr std::size_t kMostLines = 200;
  std::vector<std::string_view> lines;
  while (!sample.empty() && lines.size() < kMostLines) {
    const std::size_t length = sample.find('\n');
    const bool cut = length == std::string_view::npos && !complete && !lines.empty();
    const std::string_view line = sample.substr(0, length);
    if (!cut && !trim(line).empty()) lines.push_back(line);
    if (length == std::string_view::npos) break;
    sample.remove_prefix(length + 1);
  }
  return lines;
}

using Lines = SampleLines;

template <class Predicate>
std::size_t count_lines(const Lines& lines, Predicate predicate) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), predicate));
}

/// The cells of a header row; empty if the line is none.
std::vector<std::string> header_cells(std::string_view line, CsvDialect dialect) {
  CsvReader reader(dialect);
  CsvRow row;
  reader.feed(line);
  if (reader.next(row) || !reader.finish(row) || !row.problem.empty() || row.too_long) return {};
  const bool several = row.cells.size() > 1;
  if (!several && !row.cells[0].quoted && !is_message_column(trim(row.cells[0].text))) return {};
  std::vector<std::string> cells;
  for (const CsvRow::Cell& cell : row.cells) cells.emplace_back(trim(cell.text));
  return cells;
}

std::optional<Recognition> recognise_csv(const Lines& lines) {
  for (const char delimiter : {',', '\t'}) {
    // Without a quote in its header, a TSV has none at all: weir and databases escape with a
    // backslash.
    const CsvDialect dialect{.delimiter = delimiter,
                             .has_quotes = delimiter == ',' || lines.front().starts_with('"')};
    const std::vector<std::string> cells = header_cells(lines.front(), dialect);
    if (cells.empty()) continue;
    if (std::any_of(cells.begin(), cells.end(), is_message_column)) {
      return Recognition{.kind = EnvelopeKind::message_csv, .csv = dialect};
    }
    const std::vector<std::string_view> names(cells.begin(), cells.end());
    const FieldLayout layout = lay_out(names);
    const bool is_layout = layout.known > 0 && layout.known * 2 >= layout.names;
    if (is_layout || is_record(lay_out(names, Names::header))) {
      return Recognition{.kind = EnvelopeKind::field_csv, .csv = dialect};
    }
  }
  return std::nullopt;
}

std::optional<Recognition> csv_of_kind(const Lines& lines, EnvelopeKind kind) {
  std::optional<Recognition> csv = recognise_csv(lines);
  return csv && csv->kind == kind ? csv : std::nullopt;
}

std::vector<std::string_view> split_words(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::string_view word = take_token(line); !word.empty(); word = take_token(line)) {
    words.push_back(word);
  }
  return words;
}

/// A header in any spelling: field::is_header(). One name alone can be the header of a CSV as well.
bool names_fields(std::string_view line) {
  const std::vector<std::string_view> words = split_words(line);
  return words.size() > 1 && field::is_header(words);
}

bool is_empty_cell(std::string_view line) noexcept { return trim(line) == "\"\""; }

/// A line that is one JSON string, as `jq '.events[].message'` prints.
bool is_json_string(std::string_view line) noexcept {
  const std::string_view text = trim(line);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  const std::string_view inside = text.substr(1, text.size() - 2);
  return inside.find('"') == std::string_view::npos && looks_like_record(inside);
}

/// The other service that has written the sample, as text or CSV; in JSON every record tells.
std::string_view service_of_sample(const Lines& lines) {
  if (recognise_json(lines)) return {};
  for (const char delimiter : {',', '\t'}) {
    const std::vector<std::string> cells = header_cells(lines.front(), {.delimiter = delimiter});
    const std::vector<std::string_view> names(cells.begin(), cells.end());
    if (const std::string_view service = service_of_names(names); !service.empty()) return service;
  }
  const std::string_view service = service_of_names(split_words(trim(lines.front())));
  return service.empty() ? service_of_lines(lines) : service;
}

std::optional<Error> refuse(std::string_view sample, const Lines& lines, const std::string& name) {
  if (sample.starts_with("PAR1")) {
    return Error{.code = ErrorCode::unsupported,
                 .message = "this is a Parquet file inside something else",
                 .where = name,
                 .hint =
                     "Parquet is packed inside: unpack the file around it, and name what comes "
                     "out"};
  }
  if (const std::string_view kind = name_by_magic(sample); !kind.empty()) {
    return no_flow_log(fmt::format("this is not a flow log but {}", kind), name);
  }
  if (std::none_of(lines.begin(), lines.end(), looks_like_record) && is_binary(sample)) {
    // RFC 7932: a Brotli stream has no magic number, only the ending that its file usually has.
    if (name.ends_with(".br")) {
      return no_flow_log("this is not a flow log but, by its name, packed with Brotli", name);
    }
    return no_flow_log("these bytes are not text, so this is not a flow log", name);
  }
  return std::nullopt;
}

}  // namespace

Error no_flow_log(std::string message, const std::string& name) {
  return {.code = ErrorCode::no_flow_log,
          .message = std::move(message),
          .where = name,
          .hint =
              "tried: bare lines, lines with a timestamp, rows of aws --output text, CSV, JSON, "
              "YAML lists"};
}

Result<Recognition> recognise(std::string_view sample, bool complete, const std::string& name) {
  const Lines lines = sample_lines(sample, complete);
  if (auto error = refuse(sample, lines, name)) return Unexpected(*std::move(error));
  if (lines.empty()) return Recognition{};
  if (const std::string_view service = service_of_sample(lines); !service.empty()) {
    return Unexpected(other_log(service, name));
  }
  // A header whose names are separated by tabs is a TSV's: its cells may be empty.
  const std::string_view first = trim(lines.front());
  const bool has_tabs = first.find('\t') != std::string_view::npos;
  if (!has_tabs && (looks_like_header(first) || names_fields(first))) return Recognition{};
  for (const EnvelopeRow& row : envelope_table()) {
    if (auto recognition = row.recognise(lines)) {
      recognition->kind = row.kind;
      return *recognition;
    }
  }
  return Recognition{};
}

std::optional<Recognition> recognise_json(const SampleLines& lines) {
  const std::string_view first = trim(lines.front());
  if (first.starts_with('{') || first.starts_with('[') || is_json_string(first)) {
    return Recognition{};
  }
  return std::nullopt;
}

std::optional<Recognition> recognise_message_csv(const SampleLines& lines) {
  return csv_of_kind(lines, EnvelopeKind::message_csv);
}

std::optional<Recognition> recognise_field_csv(const SampleLines& lines) {
  // A CSV of one column can write what is missing only as "".
  if (is_field_name(trim(lines.front())) && count_lines(lines, is_empty_cell) > 0) {
    return Recognition{.csv = {.delimiter = ',', .has_quotes = true}};
  }
  return csv_of_kind(lines, EnvelopeKind::field_csv);
}

}  // namespace weir::envelope
