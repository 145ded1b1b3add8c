// SPDX-License-Identifier: Apache-2.0
// render: result table -> CSV, TSV, JSON for programs; tables for people are in result_table.cpp.
//
// Exact and free of the machine's settings: integers with all digits, times as ISO 8601 in UTC,
// shares with six significant digits, no bars, no notes.
#include <charconv>
#include <cmath>

#include "render/escaped_text.hpp"
#include "render/result_table.hpp"
#include "render/text_buffer.hpp"

namespace weir {
namespace {

constexpr std::uint64_t kLatestInstant = 253'402'300'799;  // the end of the year 9999

void append_double(TextBuffer& out, double value, CellKind kind) {
  char text[32];
  const auto [end, failure] =
      kind == CellKind::share
          ? std::to_chars(text, text + sizeof text, value, std::chars_format::general, 6)
          : std::to_chars(text, text + sizeof text, value);
  if (failure == std::errc{}) {
    out.append(std::string_view(text, static_cast<std::size_t>(end - text)));
  }
}

bool is_missing(const Cell& cell) noexcept {
  if (const double* number = std::get_if<double>(&cell)) return !std::isfinite(*number);
  return std::holds_alternative<std::monostate>(cell);
}

/// An instant that has an ISO 8601 form of its own, or nothing.
std::string instant_text(const Cell& cell, CellKind kind) {
  const auto* const seconds = std::get_if<unsigned __int128>(&cell);
  if (kind != CellKind::time || seconds == nullptr || *seconds > kLatestInstant) return {};
  return format_iso8601(static_cast<std::int64_t>(*seconds));
}

/// Appends what is no text in any format: digits, and addresses without quotes.
void append_bare(TextBuffer& out, const Cell& cell, CellKind kind) {
  if (const auto* integer = std::get_if<unsigned __int128>(&cell)) {
    append_number(out, *integer);
  } else if (const auto* number = std::get_if<double>(&cell)) {
    append_double(out, *number, kind);
  } else if (const auto* address = std::get_if<Ip>(&cell)) {
    append_ip(out, *address);
  }
}

/// Rows without the columns that only people see.
class MachineRows {
 public:
  MachineRows(const ResultTable& table, TextBuffer& out) : table_(table), out_(out) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].kind != CellKind::bar) columns_.push_back(i);
    }
  }

  Result<void> write_delimited(bool csv) {
    write_titles(csv);
    for (const std::vector<Cell>& row : table_.rows) {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) out_.append(csv ? ',' : '\t');
        write_delimited_cell(row, columns_[i], csv);
      }
      out_.append('\n');
      if (auto done = out_.flush_when_full(); !done) return done;
    }
    return out_.flush();
  }

  Result<void> write_json(bool as_array) {
    if (as_array) out_.append('[');
    std::string_view before = as_array ? "\n" : "";
    for (const std::vector<Cell>& row : table_.rows) {
      out_.append(before);
      before = as_array ? ",\n" : "";
      write_object(row);
      if (!as_array) out_.append('\n');
      if (auto done = out_.flush_when_full(); !done) return done;
    }
    if (as_array) out_.append("\n]\n");
    return out_.flush();
  }

 private:
  static const Cell& cell_of(const std::vector<Cell>& row, std::size_t column) noexcept {
    static const Cell missing;
    return column < row.size() ? row[column] : missing;
  }

  void write_titles(bool csv) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) out_.append(csv ? ',' : '\t');
      write_text(table_.columns[columns_[i]].name, csv);
    }
    out_.append('\n');
  }

  void write_text(std::string_view text, bool csv) {
    csv ? append_csv_text(out_, text) : append_tsv_text(out_, text);
  }

  void write_delimited_cell(const std::vector<Cell>& row, std::size_t column, bool csv) {
    const Cell& cell = cell_of(row, column);
    const CellKind kind = table_.columns[column].kind;
    if (is_missing(cell)) {
      // A line with nothing on it is no row to most readers of CSV.
      if (!csv || columns_.size() == 1) out_.append(csv ? "\"\"" : "-");
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
      write_text(*text, csv);
    } else if (const std::string instant = instant_text(cell, kind); !instant.empty()) {
      out_.append(instant);
    } else {
      append_bare(out_, cell, kind);
    }
  }

  void write_object(const std::vector<Cell>& row) {
    out_.append('{');
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) out_.append(',');
      append_json_string(out_, table_.columns[columns_[i]].name);
      out_.append(':');
      write_json_cell(cell_of(row, columns_[i]), table_.columns[columns_[i]].kind);
    }
    out_.append('}');
  }

  void write_json_cell(const Cell& cell, CellKind kind) {
    if (is_missing(cell)) return out_.append("null");
    if (const auto* text = std::get_if<std::string>(&cell)) return append_json_string(out_, *text);
    if (const std::string instant = instant_text(cell, kind); !instant.empty()) {
      return append_json_string(out_, instant);
    }
    const bool quoted = std::holds_alternative<Ip>(cell);
    if (quoted) out_.append('"');
    append_bare(out_, cell, kind);
    if (quoted) out_.append('"');
  }

  const ResultTable& table_;
  TextBuffer& out_;
  std::vector<std::size_t> columns_;
};

}  // namespace

Result<void> write_result(const ResultTable& table, OutputKind kind, ByteSink& sink,
                          const Style& style) {
  TextBuffer out(sink);
  MachineRows rows(table, out);
  switch (kind) {
    case OutputKind::csv:
    case OutputKind::tsv:
      return rows.write_delimited(kind == OutputKind::csv);
    case OutputKind::json:
    case OutputKind::ndjson:
      return rows.write_json(kind == OutputKind::json);
    case OutputKind::flowlog:
      return Unexpected({.code = ErrorCode::usage,
                         .message = "flow-log text holds records, and this answer has none",
                         .where = {},
                         .excerpt = {},
                         .hint = "use -o table, csv, tsv, json or ndjson"});
    case OutputKind::table:
      break;
  }
  return write_people_table(table, out, style);
}

}  // namespace weir
