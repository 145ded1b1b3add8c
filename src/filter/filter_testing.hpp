// SPDX-License-Identifier: Apache-2.0
// filter: what an expression keeps, as text, for tests.
#pragma once

#include <string>
#include <string_view>

#include "batch/batch_testing.hpp"
#include "weir/filter.hpp"

namespace weir::filter {

/// Rows that an expression lets through: `0 2 5`, or the error's message.
inline std::string matching_rows(const Batch& batch, std::string_view expression) {
  const auto filter = Filter::parse(expression);
  if (!filter) return filter.error().message;
  Selection selection;
  selection.select_all(batch.rows);
  filter->bind(batch.format).apply(batch, selection);
  std::string rows;
  for (std::size_t i = 0; i < selection.count; ++i) {
    if (!rows.empty()) rows += ' ';
    rows += std::to_string(selection.rows[i]);
  }
  return rows;
}

}  // namespace weir::filter
