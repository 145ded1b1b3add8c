// SPDX-License-Identifier: Apache-2.0
// render: result table -> CSV, TSV, JSON for programs; tables for people are in result_table.cpp.
//
// Exact and free of the machine's settings: integers with all digits, times as ISO 8601 in UTC,
// shares with six significant digits, no bars, no notes.
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

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

/// Seconds that have an ISO 8601 form of their own, or nothing.
std::optional<std::uint64_t> instant_of(const Cell& cell, CellKind kind) noexcept {
  const auto* const seconds = std::get_if<unsigned __int128>(&cell);
  if (kind != CellKind::time || seconds == nullptr || *seconds > kLatestInstant) return {};
  return static_cast<std::uint64_t>(*seconds);
}

/// Writes instants as ISO 8601 in UTC. Those of one day share their date.
class InstantText {
 public:
  void append(TextBlock& out, std::uint64_t seconds) {
    const std::uint64_t day = seconds / kSecondsOfDay;
    if (day != day_) {
      day_ = day;
      const std::string midnight = format_iso8601(static_cast<std::int64_t>(day * kSecondsOfDay));
      date_ = midnight.substr(0, midnight.find('T') + 1);
    }
    out.append(date_);
    const auto second = static_cast<std::uint32_t>(seconds % kSecondsOfDay);
    append_two_digits(out, second / 3600);
    out.append(':');
    append_two_digits(out, second / 60 % 60);
    out.append(':');
    append_two_digits(out, second % 60);
    out.append('Z');
  }

 private:
  static constexpr std::uint64_t kSecondsOfDay = 86'400;

  static void append_two_digits(TextBlock& out, std::uint32_t value) {
    out.append(static_cast<char>('0' + value / 10));
    out.append(static_cast<char>('0' + value % 10));
  }

  std::uint64_t day_ = ~std::uint64_t{0};
  std::string date_;
};

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
      if (table.columns[i].kind == CellKind::bar) continue;
      TextBlock key;
      key.append(columns_.empty() ? '{' : ',');
      append_json_string(key, table.columns[i].name);
      key.append(':');
      keys_.emplace_back(key.view());
      columns_.push_back(i);
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
    } else if (const auto instant = instant_of(cell, kind)) {
      instant_text_.append(out_, *instant);
    } else {
      append_bare(out_, cell, kind);
    }
  }

  void write_object(const std::vector<Cell>& row) {
    if (columns_.empty()) out_.append('{');
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      out_.append(keys_[i]);
      write_json_cell(cell_of(row, columns_[i]), table_.columns[columns_[i]].kind);
    }
    out_.append('}');
  }

  void write_json_cell(const Cell& cell, CellKind kind) {
    if (is_missing(cell)) return out_.append("null");
    if (const auto* text = std::get_if<std::string>(&cell)) return append_json_string(out_, *text);
    const auto instant = instant_of(cell, kind);
    const bool quoted = instant || std::holds_alternative<Ip>(cell);
    if (quoted) out_.append('"');
    if (instant) {
      instant_text_.append(out_, *instant);
    } else {
      append_bare(out_, cell, kind);
    }
    if (quoted) out_.append('"');
  }

  const ResultTable& table_;
  TextBuffer& out_;
  std::vector<std::size_t> columns_;
  std::vector<std::string> keys_;  // parallel to columns_, with what stands before and behind
  InstantText instant_text_;
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
