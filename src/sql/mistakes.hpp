// SPDX-License-Identifier: Apache-2.0
// sql: what DuckDB says of a mistake -> what it means for flow logs.
#pragma once

#include <memory>
#include <span>

#include "sql/flow_table.hpp"
#include "weir/result.hpp"

namespace weir::sql {

/// Says which column or table was meant, from which version of flow logs on there is a field, and
/// how a column is written that is a word of SQL. In a `safe` session files are no tables.
Error explain_mistake(Error error, std::span<const std::unique_ptr<FlowTable>> tables, bool safe);

}  // namespace weir::sql
