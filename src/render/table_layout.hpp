// SPDX-License-Identifier: Apache-2.0
// render: how wide the columns of a table are and where they begin.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "render/terminal_text.hpp"
#include "weir/render.hpp"

namespace weir::render {

/// Tables are laid out for at least this many columns, however narrow the terminal says it is.
inline constexpr std::size_t kLeastTableWidth = 20;

/// A column of a table on a terminal.
struct TableColumn {
  std::string title;         ///< printable
  bool align_right = false;  ///< numbers
  std::size_t width = 1;     ///< of the values, and of the title after hold_title()
  std::size_t least = 1;     ///< what fit_columns() may shrink it to
  std::size_t gap = 2;       ///< blanks before it
  std::size_t begin = 0;     ///< set by place_columns(): where values begin
};

/// Makes a column as wide as its title, so that the title stands over its own values and nothing
/// else.
void hold_title(TableColumn& column) noexcept;

/// Sets where each column begins and returns the width of the table.
///
/// A title that is wider than its column (which hold_title() rules out) leans over the blanks of a
/// neighbour:
///
///     srcaddr         srcport  protocol     bytes
///     203.0.113.112     51234  TCP       12.5 KiB
std::size_t place_columns(std::span<TableColumn> columns) noexcept;

/// Narrows the widest columns, one by one, until the table fits. False if it cannot; then every
/// column is as narrow as it may be.
bool fit_columns(std::span<TableColumn> columns, std::size_t width);

/// The line of titles, without line end.
std::string title_line(std::span<const TableColumn> columns);

/// Appends a printable value to a line, in its column. Returns false if it had to be cut.
/// `used` is the number of columns that the line has so far.
bool append_cell(std::string& line, std::size_t& used, const TableColumn& column,
                 std::string_view value, Paint paint, const Style& style);

}  // namespace weir::render
