// SPDX-License-Identifier: Apache-2.0
// render: which fields of a record a terminal has room for, and where they stand.
#pragma once

#include <span>
#include <vector>

#include "render/record_cells.hpp"
#include "render/table_layout.hpp"
#include "weir/batch.hpp"

namespace weir::render {

/// The columns of a table of records. Fields are positions in the list that was laid out.
struct RecordLayout {
  std::vector<TableColumn> columns;
  std::vector<std::size_t> fields;    ///< parallel to columns
  std::vector<std::size_t> constant;  ///< left out, since one value stands in all records so far
  std::vector<std::size_t> hidden;    ///< left out for want of room
  CellOptions options;
};

/// Lays out a table by the records of a first batch; later ones that are wider are cut. `chosen`
/// says that a person picked the fields: then their order stands and none is left out as constant.
RecordLayout lay_out_records(const RecordCells& cells, std::span<const FormatField> fields,
                             const Selection& selection, const Style& style, bool chosen);

}  // namespace weir::render
