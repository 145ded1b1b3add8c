// SPDX-License-Identifier: Apache-2.0
// sql: Parquet objects -> a question to DuckDB's own reader that answers with the rows of a table.
//
// Where every value is sound, what the decoder makes of a Parquet object is the object's columns,
// or little more than them. Then DuckDB may read it by itself: with its filters, its statistics and
// without a copy of any row. Whether a value is sound is known
//
//   of numbers and texts   from the smallest and largest of each row group
//   of the others          when it is read: the question fails at a value that is not
//
// A question that fails is asked again of the decoder, which counts and shows what is wrong.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "duckdb/instance.hpp"
#include "parquet/file.hpp"
#include "sql/table_columns.hpp"

namespace weir::sql {

struct ParquetView {
  std::string sql;  ///< SELECT ...
  std::uint64_t records = 0;
};

/// The rows of `files` as a table with these columns, or nothing where only the decoder can tell
/// what they are: other types than AWS writes, and files whose columns differ.
std::optional<ParquetView> make_parquet_view(
    duckdb::Instance& instance, std::span<const std::shared_ptr<const parquet::File>> files,
    std::span<const TableColumn> columns);

}  // namespace weir::sql
