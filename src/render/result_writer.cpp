// SPDX-License-Identifier: Apache-2.0
// render: result table -> CSV, TSV, JSON for programs; tables for people are in result_table.cpp.
//
// Exact and free of the machine's settings: integers with all digits, times as ISO 8601 in UTC
// unless a zone was asked for,
// shares with six significant digits, no bars, no notes.
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "base/protocol.hpp"
#include "render/escaped_text.hpp"
#include "render/result_table.hpp"
#include "render/text_buffer.hpp"

namespace weir {
namespace {

constexpr std::uint64_t kLatestInstant = 253'402'300'799;  // the end of the year 9999

void append_double(render::TextBuffer& out, double value, CellKind kind) {
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

/// Writes instants as ISO 8601. Those of one day of UTC share their date.
class InstantText {
 public:
  explicit InstantText(std::optional<TimeZone> zone) : zone_(zone) {}

  /// Seconds that have an ISO 8601 form of their own, or nothing. A field that is a time is a
  /// number, unless a zone was asked for.
  std::optional<std::uint64_t> instant_of(const Cell& cell,
                                          const ResultColumn& column) const noexcept {
    const auto* const seconds = std::get_if<unsigned __int128>(&cell);
    if (seconds == nullptr || *seconds > kLatestInstant) return {};
    const bool is_time =
        column.kind == CellKind::time ||
        (zone_ && column.kind == CellKind::field && column.field != FieldId::unknown &&
         field_info(column.field).type == FieldType::time);
    return is_time ? std::optional(static_cast<std::uint64_t>(*seconds)) : std::nullopt;
  }

  void append(TextBlock& out, std::uint64_t seconds) {
    if (zone_ && !zone_->is_utc()) {
      return out.append(format_iso8601(static_cast<std::int64_t>(seconds), *zone_));
    }
    const std::uint64_t day = seconds / base::kSecondsOfDay;
    if (day != day_) {
      day_ = day;
      const std::string midnight =
          format_iso8601(static_cast<std::int64_t>(day * base::kSecondsOfDay));
      date_ = midnight.substr(0, midnight.find('T') + 1);
    }
    out.append(date_);
    const auto second = static_cast<std::uint32_t>(seconds % base::kSecondsOfDay);
    append_two_digits(out, second / 3600);
    out.append(':');
    append_two_digits(out, second / 60 % 60);
    out.append(':');
    append_two_digits(out, second % 60);
    out.append('Z');
  }

 private:
  static void append_two_digits(TextBlock& out, std::uint32_t value) {
    out.append(static_cast<char>('0' + value / 10));
    out.append(static_cast<char>('0' + value % 10));
  }

  std::optional<TimeZone> zone_;
  std::uint64_t day_ = ~std::uint64_t{0};
  std::string date_;
};

/// Appends what is no text in any format: digits, and addresses without quotes.
void append_bare(render::TextBuffer& out, const Cell& cell, CellKind kind) {
  if (const auto* integer = std::get_if<unsigned __int128>(&cell)) {
    render::append_number(out, *integer);
  } else if (const auto* number = std::get_if<double>(&cell)) {
    append_double(out, *number, kind);
  } else if (const auto* address = std::get_if<Ip>(&cell)) {
    render::append_ip(out, *address);
  }
}

/// Rows without the columns that only people see.
class MachineRows final : public ResultWriter {
 public:
  MachineRows(std::vector<ResultColumn> columns, OutputKind kind, ByteSink& sink,
              std::optional<TimeZone> zone)
      : columns_(std::move(columns)), kind_(kind), out_(sink), instant_text_(zone) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].kind == CellKind::bar) continue;
      TextBlock key;
      key.append(shown_.empty() ? '{' : ',');
      render::append_json_string(key, columns_[i].name);
      key.append(':');
      keys_.emplace_back(key.view());
      shown_.push_back(i);
    }
    if (kind_ == OutputKind::json) out_.append('[');
    if (is_delimited()) write_titles();
  }

  Result<void> write(const std::vector<Cell>& row) override {
    if (is_delimited()) {
      write_delimited(row);
    } else {
      if (kind_ == OutputKind::json) out_.append(first_ ? "\n" : ",\n");
      write_object(row);
      if (kind_ == OutputKind::ndjson) out_.append('\n');
    }
    first_ = false;
    return out_.flush_when_full();
  }

  Result<void> finish() override {
    if (kind_ == OutputKind::json) out_.append("\n]\n");
    return out_.flush();
  }

 private:
  static const Cell& cell_of(const std::vector<Cell>& row, std::size_t column) noexcept {
    static const Cell missing;
    return column < row.size() ? row[column] : missing;
  }

  bool is_csv() const noexcept { return kind_ == OutputKind::csv; }
  bool is_delimited() const noexcept { return is_csv() || kind_ == OutputKind::tsv; }

  void write_titles() {
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      if (i > 0) out_.append(is_csv() ? ',' : '\t');
      write_text(columns_[shown_[i]].name);
    }
    out_.append('\n');
  }

  void write_text(std::string_view text) {
    is_csv() ? render::append_csv_text(out_, text) : render::append_tsv_text(out_, text);
  }

  void write_delimited(const std::vector<Cell>& row) {
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      if (i > 0) out_.append(is_csv() ? ',' : '\t');
      write_delimited_cell(row, shown_[i]);
    }
    out_.append('\n');
  }

  void write_delimited_cell(const std::vector<Cell>& row, std::size_t column) {
    const Cell& cell = cell_of(row, column);
    const CellKind kind = columns_[column].kind;
    if (is_missing(cell)) {
      // A line with nothing on it is no row to most readers of CSV.
      if (!is_csv() || shown_.size() == 1) out_.append(is_csv() ? "\"\"" : "-");
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
      write_text(*text);
    } else if (const auto instant = instant_text_.instant_of(cell, columns_[column])) {
      instant_text_.append(out_, *instant);
    } else {
      append_bare(out_, cell, kind);
    }
  }

  void write_object(const std::vector<Cell>& row) {
    if (shown_.empty()) out_.append('{');
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      out_.append(keys_[i]);
      write_json_cell(cell_of(row, shown_[i]), columns_[shown_[i]]);
    }
    out_.append('}');
  }

  void write_json_cell(const Cell& cell, const ResultColumn& column) {
    const CellKind kind = column.kind;
    if (is_missing(cell)) return out_.append("null");
    if (const auto* text = std::get_if<std::string>(&cell)) {
      const bool is_bare =
          kind == CellKind::count || kind == CellKind::number || kind == CellKind::json;
      return is_bare ? out_.append(*text) : render::append_json_string(out_, *text);
    }
    const auto instant = instant_text_.instant_of(cell, column);
    const bool quoted = instant || std::holds_alternative<Ip>(cell);
    if (quoted) out_.append('"');
    if (instant) {
      instant_text_.append(out_, *instant);
    } else {
      append_bare(out_, cell, kind);
    }
    if (quoted) out_.append('"');
  }

  std::vector<ResultColumn> columns_;
  std::vector<std::size_t> shown_;  // indexes of columns_
  std::vector<std::string> keys_;   // parallel to shown_, with what stands before and behind
  OutputKind kind_;
  render::TextBuffer out_;
  bool first_ = true;
  InstantText instant_text_;
};

}  // namespace

Result<std::unique_ptr<ResultWriter>> ResultWriter::create(std::vector<ResultColumn> columns,
                                                           OutputKind kind, ByteSink& sink,
                                                           std::optional<TimeZone> zone) {
  if (kind == OutputKind::flowlog || kind == OutputKind::table) {
    return Unexpected({.code = ErrorCode::usage,
                       .message = kind == OutputKind::flowlog
                                      ? "flow-log text holds records, and this answer has none"
                                      : "a table is written when all of its rows are known",
                       .hint = "use -o table, csv, tsv, json or ndjson"});
  }
  return std::unique_ptr<ResultWriter>(
      std::make_unique<MachineRows>(std::move(columns), kind, sink, zone));
}

Result<void> write_result(const ResultTable& table, OutputKind kind, ByteSink& sink,
                          const Style& style) {
  if (kind == OutputKind::table) {
    render::TextBuffer out(sink);
    return render::write_people_table(table, out, style);
  }
  auto writer = ResultWriter::create(table.columns, kind, sink, style.machine_zone());
  if (!writer) return Unexpected(std::move(writer.error()));
  for (const std::vector<Cell>& row : table.rows) {
    if (auto done = (*writer)->write(row); !done) return done;
  }
  return (*writer)->finish();
}

}  // namespace weir
