// SPDX-License-Identifier: Apache-2.0
// envelope: the rows of `aws ... --output text`.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::envelope {

/// What the first cell of a row says about the others.
enum class RowKind : std::uint8_t {
  events,   ///< `EVENTS`: one event of filter-log-events or get-log-events
  results,  ///< `RESULTS`: one field of one row of get-query-results
  other,    ///< `NEXTTOKEN`, `SEARCHEDLOGSTREAMS`, `STATISTICS`, page tokens
  cells,    ///< every cell is a record: `--query 'events[].message'`
};
RowKind row_kind(std::string_view first_cell) noexcept;

}  // namespace weir::envelope
