// SPDX-License-Identifier: Apache-2.0
// parquet: a file of OCSF events -> a query that has the columns of a flow log.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "duckdb/instance.hpp"
#include "parquet/ocsf_members.hpp"
#include "weir/result.hpp"

namespace weir::parquet {

struct OcsfView {
  std::vector<duckdb::AnswerColumn> columns;  ///< those of fields, and texts
  std::vector<std::string> values;            ///< SQL of each, of the file's columns
  std::string condition;  ///< SQL for what is Network Activity; empty: all of it
  OtherRows other_rows;   ///< of other classes
};

/// True for the columns of OCSF events, whether they are nested or named by their paths.
bool is_ocsf(std::span<const duckdb::AnswerColumn> columns) noexcept;

/// The view of a file, whose path is `source` in SQL. Nested columns are taken apart in SQL, so
/// that DuckDB reads only the members that a question needs. Errors: other_log for events of other
/// classes alone, no_flow_log for events without endpoints, and what DuckDB says.
Result<OcsfView> make_ocsf_view(duckdb::Instance& instance, const std::string& source,
                                const std::string& name);

}  // namespace weir::parquet
