// SPDX-License-Identifier: Apache-2.0
// render: how wide the columns of a table are and where they begin.
#include "render/table_layout.hpp"

#include <algorithm>
#include <vector>

namespace weir::render {
namespace {

/// Prose and numbers begin with what matters; ids, addresses and paths are told apart by both ends.
Cut cut_of(const TableColumn& column, std::string_view value) noexcept {
  const bool is_id = !column.align_right && value.find(' ') == std::string_view::npos;
  return is_id ? Cut::middle : Cut::end;
}

}  // namespace

void hold_title(TableColumn& column) noexcept {
  const std::size_t title = display_width(column.title);
  column.width = std::max(column.width, title);
  column.least = std::max(column.least, title);
}

std::size_t place_columns(std::span<TableColumn> columns) noexcept {
  std::size_t values_end = 0;
  std::size_t titles_end = 0;
  bool first = true;
  for (TableColumn& column : columns) {
    const std::size_t gap = first ? 0 : column.gap;
    const std::size_t title = display_width(column.title);
    first = false;
    if (column.align_right) {
      values_end = std::max(values_end + gap + column.width, titles_end + gap + title);
      titles_end = values_end;
      column.begin = values_end - column.width;
    } else {
      column.begin = std::max(values_end, titles_end) + gap;
      values_end = column.begin + column.width;
      titles_end = column.begin + title;
    }
  }
  return std::max(values_end, titles_end);
}

bool fit_columns(std::span<TableColumn> columns, std::size_t width) {
  std::vector<std::size_t> wanted;
  for (TableColumn& column : columns) {
    wanted.push_back(std::min(column.width, std::max(width, column.least)));
    column.width = column.least;
  }
  if (place_columns(columns) > width) return false;
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].width = wanted[i];
  while (place_columns(columns) > width) {
    TableColumn* widest = nullptr;
    for (TableColumn& column : columns) {
      if (column.width <= column.least) continue;
      if (widest == nullptr || column.width > widest->width) widest = &column;
    }
    if (widest == nullptr) return false;  // never: at their least the columns fit
    --widest->width;
  }
  return true;
}

std::string title_line(std::span<const TableColumn> columns) {
  std::string line;
  std::size_t used = 0;
  for (const TableColumn& column : columns) {
    const std::size_t title = display_width(column.title);
    if (title == 0) continue;
    const std::size_t begin =
        column.align_right ? column.begin + column.width - title : column.begin;
    line.append(begin - used, ' ');
    line += column.title;
    used = begin + title;
  }
  return line;
}

bool append_cell(std::string& line, std::size_t& used, const TableColumn& column,
                 std::string_view value, Paint paint, const Style& style) {
  const bool fits = display_width(value) <= column.width;
  const std::string shown =
      fits ? std::string(value)
           : cut_text(value, column.width, cut_of(column, value), style.unicode);
  const std::size_t width = display_width(shown);
  const std::size_t begin = column.align_right ? column.begin + column.width - width : column.begin;
  line.append(begin - used, ' ');
  append_painted(line, shown, paint, style.color);
  used = begin + width;
  return fits;
}

}  // namespace weir::render
