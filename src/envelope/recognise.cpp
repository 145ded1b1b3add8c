// SPDX-License-Identifier: Apache-2.0
// envelope: the first bytes of an object -> its shape.
//
// The questions go from what nothing else can be to what everything could be. Each looks at whole
// lines of the sample; a shape that wraps every line must be seen on most of them.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "envelope/csv_reader.hpp"
#include "envelope/envelopes.hpp"
#include "envelope/field_line.hpp"
#include "envelope/list_items.hpp"
#include "envelope/looks.hpp"
#include "envelope/magic.hpp"
#include "envelope/tabbed_rows.hpp"

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

using Lines = std::vector<std::string_view>;

template <class Predicate>
std::size_t count_lines(const Lines& lines, Predicate predicate) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), predicate));
}

bool is_comment(std::string_view line) noexcept { return trim(line).starts_with('#'); }

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
    if (layout.known > 0 && layout.known * 2 >= layout.names) {
      return Recognition{.kind = EnvelopeKind::field_csv, .csv = dialect};
    }
  }
  return std::nullopt;
}

bool is_empty_cell(std::string_view line) noexcept { return trim(line) == "\"\""; }

bool is_tabbed(const Lines& lines) {
  constexpr std::size_t kFirstLines = 20;
  for (const std::string_view line : std::span(lines).first(std::min(lines.size(), kFirstLines))) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    if (row_kind(line.substr(0, tab)) != RowKind::cells) return true;
    // Records joined by tabs. A record whose fields are separated by tabs has no blank in a cell.
    std::string_view rest = line;
    while (!rest.empty()) {
      const std::size_t length = std::min(rest.find('\t'), rest.size());
      const std::string_view cell = rest.substr(0, length);
      if (cell.find(' ') != std::string_view::npos && looks_like_record(cell)) return true;
      rest.remove_prefix(std::min(length + 1, rest.size()));
    }
  }
  return false;
}

std::string_view after_timestamp(std::string_view line) noexcept {
  const std::size_t length = leading_timestamp(line);
  return length > 0 ? line.substr(length) : std::string_view();
}

bool is_timestamped(const Lines& lines) {
  const std::size_t stamped =
      count_lines(lines, [](std::string_view line) { return leading_timestamp(line) > 0; });
  return stamped > 0 && stamped * 2 >= lines.size();
}

/// A stream's name ends in -all, -accept or -reject. A bare interface or gateway may be a stream of
/// another name or the first field of a custom format; it is the stream's only if the record that
/// follows names it again, or begins as records begin.
bool is_behind_stream(std::string_view line) noexcept {
  std::string_view rest = after_timestamp(line);
  const std::string_view token = take_token(rest);
  if (is_stream_name(token)) return true;
  if (!is_interface_or_gateway(token)) return false;
  if (begins_like_record(rest)) return true;
  for (auto next = take_token(rest); !next.empty(); next = take_token(rest)) {
    if (trim(next) == token) return true;
  }
  return false;
}

bool has_streams(const Lines& lines) {
  return std::all_of(lines.begin(), lines.end(), [](std::string_view line) {
    return leading_timestamp(line) == 0 || is_behind_stream(line);
  });
}

/// `- ` may begin a list item or a record whose first field is missing. It is a list if every other
/// line belongs to a YAML document, and either there is such a line or what follows the hyphen
/// begins as records begin.
bool is_list(const Lines& lines) {
  std::size_t items = 0;
  std::size_t records = 0;
  std::size_t frame = 0;
  std::size_t certain = 0;
  for (const std::string_view line : lines) {
    if (const auto item = list_item(line)) {
      if (item->front() < '0' || item->front() > '9') return false;
      ++items;
      if (looks_like_record(*item)) ++records;
      if (begins_like_record(*item)) ++certain;
    } else if (!is_list_frame(line)) {
      return false;
    } else if (!is_comment(line)) {
      ++frame;
    }
  }
  return records > 0 && records * 2 >= items && (frame > 0 || certain == items);
}

/// A line that is one JSON string, as `jq '.events[].message'` prints.
bool is_json_string(std::string_view line) noexcept {
  const std::string_view text = trim(line);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  const std::string_view inside = text.substr(1, text.size() - 2);
  return inside.find('"') == std::string_view::npos && looks_like_record(inside);
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

Error ocsf(const std::string& name) {
  return {.code = ErrorCode::unsupported,
          .message = "this is OCSF (Security Lake) schema, not VPC Flow Logs format",
          .where = name,
          .hint = "read the flow logs that AWS delivers to S3 or CloudWatch Logs instead"};
}

Result<Recognition> recognise(std::string_view sample, bool complete, const std::string& name) {
  const Lines lines = sample_lines(sample, complete);
  if (auto error = refuse(sample, lines, name)) return Unexpected(*std::move(error));
  if (lines.empty()) return Recognition{};
  const std::string_view first = trim(lines.front());
  if (first.starts_with('{') || first.starts_with('[')) {
    return Recognition{.kind = EnvelopeKind::json};
  }
  // A header whose names are separated by tabs is a TSV's: its cells may be empty.
  const bool has_tabs = first.find('\t') != std::string_view::npos;
  // A CSV of one column can write what is missing only as "".
  if (is_field_name(first) && count_lines(lines, is_empty_cell) > 0) {
    return Recognition{.kind = EnvelopeKind::field_csv,
                       .csv = {.delimiter = ',', .has_quotes = true}};
  }
  if (!has_tabs && looks_like_header(first)) return Recognition{};
  if (const auto csv = recognise_csv(lines)) return *csv;
  if (is_json_string(first)) return Recognition{.kind = EnvelopeKind::json};
  if (is_tabbed(lines)) return Recognition{.kind = EnvelopeKind::tabbed_rows};
  if (is_timestamped(lines)) {
    return Recognition{.kind = EnvelopeKind::timestamped_lines, .has_streams = has_streams(lines)};
  }
  if (is_list(lines)) return Recognition{.kind = EnvelopeKind::list_items};
  return Recognition{};
}

}  // namespace weir::envelope
