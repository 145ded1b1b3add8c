// SPDX-License-Identifier: Apache-2.0
// render: one value of one record -> the text of a table cell.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "render/terminal_text.hpp"
#include "weir/batch.hpp"
#include "weir/render.hpp"

namespace weir::render {

/// How cells of a table lean on their neighbours.
struct CellOptions {
  bool time_of_day = false;       ///< the leading time without its date, which has its own line
  bool duration = false;          ///< `end` as `+60s` after `start`
  bool status_in_action = false;  ///< NODATA and SKIPDATA in the cell of the action they lack
};

struct CellText {
  std::string text;  ///< printable
  Paint paint = Paint::plain;
};

/// The records of one batch as cells. Fields are named by their position in `fields`, which must
/// outlive this.
class RecordCells {
 public:
  RecordCells(const Batch& batch, std::span<const FormatField> fields, const Style& style);

  CellText cell(std::size_t field, std::size_t row, const CellOptions& options) const;
  bool is_missing(std::size_t field, std::size_t row) const noexcept;

  /// Days since 1970 of a record in the zone, taken from `start`, or from `end` without one.
  std::optional<std::int64_t> day(std::size_t row) const;
  /// The field that day() reads, or -1.
  int day_field() const noexcept { return start_ >= 0 ? start_ : end_; }
  /// Faint for NODATA, a warning for SKIPDATA, whose traffic nobody knows.
  Paint row_paint(std::size_t row) const noexcept;

 private:
  const Column* column(int field) const noexcept;
  bool shows_duration(std::size_t row) const noexcept;

  std::span<const FormatField> fields_;
  std::vector<const Column*> columns_;
  const Style* style_;
  int start_;
  int end_;
  int action_;
  const Column* log_status_;  // also when it is none of `fields`
};

}  // namespace weir::render
