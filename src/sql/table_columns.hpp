// SPDX-License-Identifier: Apache-2.0
// sql: the fields of flow logs -> the columns of a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duckdb/api.hpp"
#include "weir/format.hpp"

namespace weir::sql {

/// What a column holds.
enum class ColumnKind : std::uint8_t {
  number32,      ///< INTEGER: AWS's INT_32
  number64,      ///< BIGINT: AWS's INT_64, and times as Unix seconds
  address,       ///< VARCHAR
  text,          ///< VARCHAR
  logged_tag,    ///< VARCHAR: percent-encoded, as it stands in the log
  instant,       ///< TIMESTAMP WITH TIME ZONE: `start` and `end` once more
  date,          ///< DATE: the UTC day of `start`, by which AWS's tables for Athena are partitioned
  source_file,   ///< VARCHAR: the object that a record is from
  line_number,   ///< BIGINT: its line there
  object_place,  ///< BIGINT: where its object stands among the others
  record_place,  ///< BIGINT: where it stands in its object
};

struct TableColumn {
  std::string name;
  ColumnKind kind = ColumnKind::text;
  FormatField field;       ///< that it is made of; without a name for source_file and line_number
  bool is_absent = false;  ///< no object has the field
};

/// Every field of a format in its order, then `start_time`, `end_time`, `date` where there are
/// `start` and `end`, then `source_file` and `line_number`. A name that is taken is left to the
/// field.
/// Source: types as in the Parquet files of AWS, VPC User Guide, "Flow log records".
std::vector<TableColumn> columns_of(const Format& format);

/// Every field of a format in its order, as the log has it, and last the two columns by which
/// records are put into the order of the input.
std::vector<TableColumn> logged_columns_of(const Format& format);

duckdb::Type sql_type(ColumnKind kind) noexcept;
/// As SQL writes it: `BIGINT`.
std::string_view sql_type_name(ColumnKind kind) noexcept;

}  // namespace weir::sql
