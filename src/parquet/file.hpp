// SPDX-License-Identifier: Apache-2.0
// parquet: one object -> which columns it has, and in which parts it can be read.
//
// AWS writes one column per field, named with `_` for `-` (AWS VPC User Guide, "Flow log records":
// INT_32, INT_64 and STRING). What others make of such files has other types, fewer columns and
// another order; all of it is read by the names of the columns. Security Lake writes OCSF events
// with nested columns, which src/parquet/ocsf_view.hpp turns into those of a flow log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parquet/engine.hpp"
#include "parquet/ocsf_view.hpp"
#include "weir/format.hpp"
#include "weir/result.hpp"
#include "weir/source.hpp"

namespace weir::parquet {

using FileColumn = duckdb::AnswerColumn;

/// Rows that are read one after the other: some row groups.
struct Part {
  std::uint64_t first_row = 0;  ///< from 0
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< its share of the file, for progress
  bool is_all = true;       ///< the whole file; then `rows` may be unknown, 0
};

/// Threads: safe for all, once it is open.
class File {
 public:
  /// Reads the end of the file, where Parquet says what is in it. What comes through a pipe or is
  /// packed in something else is copied into a temporary file, for as long as this lives.
  /// Errors: damaged, with DuckDB's reason; no_flow_log, with the columns; other_log; unsupported
  /// where DuckDB is missing; unreadable.
  static Result<std::shared_ptr<const File>> open(Engine& engine, Object& object);
  /// The same for who does not read it: it is one part.
  static Result<std::shared_ptr<const File>> look_at(Engine& engine, Object& object);

  const std::string& name() const { return name_; }
  const FormatPtr& format() const { return format_; }
  /// A column each field of the format, with DuckDB's type.
  std::span<const FileColumn> columns() const { return columns_; }
  std::span<const Part> parts() const { return parts_; }
  std::uint64_t bytes() const { return bytes_; }
  /// The file as a text for SQL, in quotes.
  const std::string& source() const { return source_; }
  /// What to select from: it has these of columns() and, if asked for, `file_row_number`, from 0.
  std::string rows(std::span<const std::size_t> columns, bool with_numbers) const;
  /// True if the file has other columns than those that columns() names.
  bool is_view() const { return ocsf_.has_value(); }
  /// Rows that are left out, so that row numbers have gaps: OCSF events of other classes.
  const OtherRows& other_rows() const { return other_rows_; }
  /// The words for what it is: `Parquet`, `OCSF Network Activity, Parquet in gzip`.
  std::string shape() const;

  /// DuckDB's words about this file as an error.
  Error damaged(const Error& said) const;

 private:
  File() = default;
  static Result<std::shared_ptr<const File>> open(Engine& engine, Object& object, bool in_parts);
  Result<void> find_source(Engine& engine, Object& object);
  Result<void> read_columns(duckdb::Instance& instance);
  Result<void> read_ocsf(duckdb::Instance& instance);
  Result<void> find_parts(duckdb::Instance& instance);

  std::string name_;
  std::string packing_;
  std::unique_ptr<base::SpillFile> copy_;
  std::string path_;
  std::string source_;
  std::uint64_t bytes_ = 0;
  FormatPtr format_;
  std::vector<FileColumn> columns_;
  std::vector<Part> parts_;
  std::optional<OcsfView> ocsf_;
  OtherRows other_rows_;
};

}  // namespace weir::parquet
