// SPDX-License-Identifier: Apache-2.0
// parquet: what a run wants of a file -> the query that gets it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "parquet/file.hpp"
#include "weir/batch.hpp"

namespace weir::parquet {

/// What a run wants of every file.
struct Wanted {
  std::vector<FieldSet> fields;
  /// Rows that start before the one or at or after the other may be left out.
  std::optional<std::int64_t> since;
  std::optional<std::int64_t> until;

  bool contains(const FormatField& field) const;
};

/// What the values of a column are when they arrive.
enum class ValueKind : std::uint8_t {
  int32,
  int64,
  uint64,
  text,  ///< duckdb::String: what the file has as text, and whatever is to be read as text
};

struct PlannedColumn {
  std::size_t field = 0;  ///< position in the format
  ValueKind kind = ValueKind::text;
};

struct Plan {
  FormatPtr format;
  std::vector<PlannedColumn> columns;  ///< columns of the answer, in their order
  /// Rows may be missing in between, and the answer's last column is the row in the file, from 0,
  /// as int64.
  bool has_row_numbers = false;
  OtherRows other_rows;  ///< in the first part of a file: all that the file has
  std::string sql;
};

/// Only wanted columns are read, and row groups whose statistics say that nothing in them is wanted
/// are not.
Plan make_plan(const File& file, const Part& part, const Wanted& wanted);

}  // namespace weir::parquet
