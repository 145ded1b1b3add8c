// SPDX-License-Identifier: Apache-2.0
// sql: batches -> a table function of DuckDB. Each of DuckDB's threads decodes for itself, as much
// as it has use for, and writes its batches into DuckDB's vectors: no batch is cut or copied.
#pragma once

#include <memory>
#include <span>

#include "duckdb/instance.hpp"
#include "sql/flow_table.hpp"
#include "weir/result.hpp"

namespace weir::sql {

/// Makes the tables known by their names. They must outlive the instance.
/// Errors: what DuckDB says.
Result<void> register_tables(duckdb::Instance& instance,
                             std::span<const std::unique_ptr<FlowTable>> tables);

}  // namespace weir::sql
