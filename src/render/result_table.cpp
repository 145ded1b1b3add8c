// SPDX-License-Identifier: Apache-2.0
// render: result table -> a table for a person.
#include "render/result_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/number_words.hpp"
#include "base/terminal_text.hpp"
#include "render/field_text.hpp"
#include "render/number_text.hpp"
#include "render/table_layout.hpp"
#include "render/table_notes.hpp"
#include "weir/names.hpp"

namespace weir::render {
namespace {

constexpr std::size_t kLeastBar = 8;
/// What text may shrink to: an IPv4 prefix stays whole.
constexpr std::size_t kLeastCellText = 18;
/// Prose in a narrower column would be all line ends.
constexpr std::size_t kLeastProse = 24;
/// Narrower than this an address no longer tells hosts apart.
constexpr std::size_t kLeastCellAddress = 17;

struct ShownCell {
  std::string text;  // printable
  Paint paint = Paint::plain;
};

/// One column with all its cells.
struct ShownColumn {
  const ResultColumn* source = nullptr;
  std::vector<ShownCell> cells;
  std::string title;           // whole
  std::vector<double> shares;  // of bars, which are drawn once their width is known
  TableColumn column;

  bool is_bar() const noexcept { return source->kind == CellKind::bar; }
};

FieldId field_of(const ResultColumn& column) noexcept {
  return column.kind == CellKind::field ? column.field : FieldId::unknown;
}

bool has_port_names(FieldId id) noexcept {
  return id != FieldId::unknown && field_info(id).names == ValueNames::port;
}

/// A number of a field with its name: `TCP`, `8 an internet gateway`. The names of ports are set in
/// a column of their own by pad_ports().
std::string field_number_text(FieldId id, std::uint64_t value, const TimeZone& zone) {
  const ValueNames names = field_info(id).names;
  if (names == ValueNames::none || names == ValueNames::protocol ||
      names == ValueNames::tcp_flags) {
    return number_text(id, value, zone);
  }
  // A name beside a port that clients pick would mislead: Linux takes them from 32768 (AWS VPC User
  // Guide, "Custom network ACLs", ephemeral ports).
  const bool ephemeral = names == ValueNames::port && value >= 32768;
  const std::string name = ephemeral ? std::string() : value_name(names, value);
  return name.empty() ? decimal_text(value) : decimal_text(value) + ' ' + name;
}

std::string integer_text(const ResultColumn& column, unsigned __int128 value,
                         const TimeZone& zone) {
  switch (column.kind) {
    case CellKind::count:
      return with_thousands(value);
    case CellKind::byte_count:
      return human_bytes(value);
    case CellKind::time:
      return time_text(value, zone);
    case CellKind::field:
      if (column.field == FieldId::unknown || value > ~std::uint64_t{0}) break;
      return field_number_text(column.field, static_cast<std::uint64_t>(value), zone);
    case CellKind::text:
    case CellKind::share:
    case CellKind::bar:
    case CellKind::number:
    case CellKind::json:
      break;
  }
  return decimal_text(value);
}

ShownCell show_cell(const ResultColumn& column, const Cell& cell, const Style& style) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    return {.text = base::printable(*text, style.unicode),
            .paint = paint_of(field_of(column), *text)};
  }
  if (const auto* value = std::get_if<unsigned __int128>(&cell)) {
    return {.text = integer_text(column, *value, style.zone)};
  }
  if (const auto* address = std::get_if<Ip>(&cell)) return {.text = to_string(*address)};
  if (const auto* number = std::get_if<double>(&cell);
      number != nullptr && std::isfinite(*number)) {
    if (column.kind == CellKind::share) return {.text = base::share_text(*number)};
    // Whoever asked for a number in SQL wants its digits, not an exponent.
    return {.text = column.kind == CellKind::number ? fmt::format("{}", *number)
                                                    : fmt::format("{:.6g}", *number)};
  }
  return {.text = "-", .paint = Paint::faint};
}

double share_of(const Cell& cell) noexcept {
  if (const auto* number = std::get_if<double>(&cell)) return *number;
  if (const auto* value = std::get_if<unsigned __int128>(&cell)) return *value > 0 ? 1 : 0;
  return 0;
}

/// Numbers of ports end in one place, so that names line up: ` 443 https`, `8080 http-alt`.
void pad_ports(std::vector<ShownCell>& cells) {
  const auto digits = [](std::string_view text) { return std::min(text.find(' '), text.size()); };
  std::size_t widest = 0;
  for (const ShownCell& cell : cells) widest = std::max(widest, digits(cell.text));
  for (ShownCell& cell : cells) cell.text.insert(0, widest - digits(cell.text), ' ');
}

bool column_aligns_right(const ResultColumn& column, const ResultTable& table, std::size_t index) {
  switch (column.kind) {
    case CellKind::count:
    case CellKind::byte_count:
    case CellKind::share:
    case CellKind::number:
      return true;
    case CellKind::field: {
      if (column.field == FieldId::unknown) return false;
      const ValueNames names = field_info(column.field).names;
      return names == ValueNames::none &&
             render::aligns_right(column.field, field_info(column.field).type);
    }
    case CellKind::text:
      // SQL gives numbers in columns without a kind.
      return !table.rows.empty() &&
             std::all_of(table.rows.begin(), table.rows.end(), [&](const std::vector<Cell>& row) {
               return index < row.size() &&
                      (std::holds_alternative<unsigned __int128>(row[index]) ||
                       std::holds_alternative<double>(row[index]));
             });
    case CellKind::time:
    case CellKind::bar:
    case CellKind::json:
      break;
  }
  return false;
}

std::size_t least_width(const ShownColumn& shown, std::size_t natural) {
  const ResultColumn& source = *shown.source;
  const FieldId id = field_of(source);
  if (id != FieldId::unknown && field_info(id).type == FieldType::address) {
    return std::min(natural, kLeastCellAddress);
  }
  const bool is_text = source.kind == CellKind::text || source.kind == CellKind::json ||
                       (source.kind == CellKind::field &&
                        (id == FieldId::unknown || field_info(id).type == FieldType::text ||
                         field_info(id).names != ValueNames::none));
  return is_text && !shown.column.align_right ? std::min(natural, kLeastCellText) : natural;
}

/// Fields are titled as AWS writes them, unless the column is a role that a field's values play.
std::string title_of(const ResultColumn& column, const Style& style) {
  if (column.kind == CellKind::bar) return {};
  const FieldId id = field_of(column);
  const bool is_field = id != FieldId::unknown && column_name(field_info(id).name) == column.name;
  return base::printable(is_field ? field_info(id).name : std::string_view(column.name),
                         style.unicode);
}

/// The title with the zone in which the times below it are.
std::string title_with_zone(const ResultColumn& column, const Style& style) {
  const FieldId id = field_of(column);
  const bool is_time = column.kind == CellKind::time ||
                       (id != FieldId::unknown && field_info(id).type == FieldType::time);
  std::string title = title_of(column, style);
  return is_time ? fmt::format("{} ({})", title, style.zone.name()) : title;
}

ShownColumn show_column(const ResultTable& table, std::size_t index, const Style& style) {
  const ResultColumn& source = table.columns[index];
  ShownColumn shown;
  shown.source = &source;
  // Without a row there is no time that could be misread.
  shown.title = table.rows.empty() ? title_of(source, style) : title_with_zone(source, style);
  shown.column = {.title = shown.title, .align_right = column_aligns_right(source, table, index)};
  for (const std::vector<Cell>& row : table.rows) {
    const Cell cell = index < row.size() ? row[index] : Cell();
    if (shown.is_bar()) {
      shown.shares.push_back(share_of(cell));
    } else {
      shown.cells.push_back(show_cell(source, cell, style));
    }
  }
  if (shown.is_bar()) {
    shown.column.width = shown.column.least = kLeastBar;
    return shown;
  }
  if (has_port_names(field_of(source))) pad_ports(shown.cells);
  for (const ShownCell& cell : shown.cells) {
    shown.column.width = std::max(shown.column.width, display_width(cell.text));
  }
  shown.column.least = least_width(shown, shown.column.width);
  return shown;
}

/// A table that is laid out for a width.
class PeopleTable {
 public:
  PeopleTable(const ResultTable& table, const Style& style)
      : table_(table), style_(style), width_(std::max(style.width, kLeastTableWidth)) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      shown_.push_back(show_column(table, i, style));
      std::string& title = shown_.back().column.title;
      title = cut_text(title, width_ / 2, Cut::end, style.unicode);
      hold_title(shown_.back().column);
    }
    fit();
    for (const ShownColumn& shown : shown_) {
      if (shown.column.title != shown.title) notes_.cut();
    }
    stretch_bars();
  }

  Result<void> write(TextBuffer& out) {
    std::string titles;
    append_painted(titles, title_line(columns_), Paint::title, style_.color);
    titles += '\n';
    out.append(titles);
    for (std::size_t row = 0; row < table_.rows.size(); ++row) {
      write_row(out, row);
      if (auto done = out.flush_when_full(); !done) return done;
    }
    const std::string cut_notes = notes_.text(style_);
    if (!table_.notes.empty() || !cut_notes.empty()) out.append('\n');
    for (const std::string& note : table_.notes) out.append(note_text(note, style_));
    out.append(cut_notes);
    return out.flush();
  }

 private:
  void fit();
  bool fits();
  void stretch_bars();
  void write_row(TextBuffer& out, std::size_t row);
  ShownCell show(std::size_t column, std::size_t row) const;
  bool wraps(std::string_view text) const;

  const ResultTable& table_;
  const Style& style_;
  std::size_t width_;
  std::vector<ShownColumn> shown_;
  std::vector<TableColumn> columns_;  // of shown_, once they fit
  TableNotes notes_;
};

/// Narrows texts first. Bars go next, since they only draw what stands beside them, and then
/// columns from the right.
void PeopleTable::fit() {
  if (fits()) return;
  std::erase_if(shown_, [](const ShownColumn& shown) { return shown.is_bar(); });
  while (!fits() && !shown_.empty()) {
    if (shown_.size() == 1) {
      shown_.front().column.least = 1;
      fits();
      return;
    }
    notes_.hide(title_of(*shown_.back().source, style_));
    shown_.pop_back();
  }
}

bool PeopleTable::fits() {
  columns_.clear();
  for (const ShownColumn& shown : shown_) columns_.push_back(shown.column);
  return fit_columns(columns_, width_);
}

/// Gives bars what the other columns leave.
void PeopleTable::stretch_bars() {
  const auto bars = static_cast<std::size_t>(std::count_if(
      shown_.begin(), shown_.end(), [](const ShownColumn& shown) { return shown.is_bar(); }));
  if (bars == 0) return;
  const std::size_t spare = width_ - place_columns(columns_);
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    if (shown_[i].is_bar()) columns_[i].width += spare / bars;
  }
  place_columns(columns_);
}

void PeopleTable::write_row(TextBuffer& out, std::size_t row) {
  std::string line;
  std::string below;  // lines of prose that go on under the row
  std::size_t used = 0;
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    ShownCell cell = show(i, row);
    if (i + 1 == shown_.size() && wraps(cell.text)) {
      const std::string prose = wrap_text(cell.text, columns_[i].width, 0);
      const std::size_t end = std::min(prose.find('\n'), prose.size());
      cell.text = prose.substr(0, end);
      below = prose.substr(end);
    }
    if (cell.text.empty()) continue;
    if (!append_cell(line, used, columns_[i], cell.text, cell.paint, style_)) notes_.cut();
  }
  for (const char byte : below) {
    line += byte;
    if (byte == '\n') line.append(columns_.back().begin, ' ');
  }
  line += '\n';
  out.append(line);
}

ShownCell PeopleTable::show(std::size_t column, std::size_t row) const {
  const ShownColumn& shown = shown_[column];
  if (!shown.is_bar()) return shown.cells[row];
  return {.text = bar_text(shown.shares[row], columns_[column].width, style_.unicode),
          .paint = Paint::bar};
}

/// Prose in the last column goes on below instead of being cut.
bool PeopleTable::wraps(std::string_view text) const {
  const TableColumn& last = columns_.back();
  return shown_.back().source->kind == CellKind::text && !last.align_right &&
         last.width >= kLeastProse && display_width(text) > last.width &&
         text.find(' ') != std::string_view::npos;
}

}  // namespace

Result<void> write_people_table(const ResultTable& table, TextBuffer& out, const Style& style) {
  return PeopleTable(table, style).write(out);
}

}  // namespace weir::render

namespace weir {

std::string with_thousands(unsigned __int128 value) { return base::with_thousands(value); }
std::string human_bytes(unsigned __int128 value) { return base::human_bytes(value); }

}  // namespace weir
