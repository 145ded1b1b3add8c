// SPDX-License-Identifier: Apache-2.0
// sql: the rows of a batch -> DuckDB's vectors, a column at a time.
#pragma once

#include <cstdint>
#include <string>

#include "duckdb/api.hpp"
#include "sql/table_columns.hpp"
#include "weir/batch.hpp"

namespace weir::sql {

/// Threads: one at a time.
class VectorWriter {
 public:
  explicit VectorWriter(const duckdb::Api& api) : api_(api) {}

  /// Writes the selected rows of a field's column, or nulls if `column` is null: the format at hand
  /// lacks the field.
  void write(ColumnKind kind, const Column* column, const Selection& selection,
             duckdb::Vector vector);
  /// The same text in every row.
  void write_text(std::string_view text, std::size_t rows, duckdb::Vector vector);
  std::int64_t* numbers(duckdb::Vector vector) const {
    return static_cast<std::int64_t*>(api_.vector_get_data(vector));
  }

  /// Numbers that were too large for their type and became null.
  std::uint64_t unfit() const { return unfit_; }
  /// Texts that were not UTF-8, and of which bytes became U+FFFD.
  std::uint64_t mended() const { return mended_; }

 private:
  void write_nulls(const Column& column, const Selection& selection, duckdb::Vector vector);
  void write_all_null(std::size_t rows, duckdb::Vector vector) const;
  void set_null(std::size_t row, duckdb::Vector vector);
  void put(std::string_view text, std::size_t row, duckdb::String* out, duckdb::Vector vector);
  void write_addresses(const Column& column, const Selection& selection, duckdb::Vector vector);
  void write_texts(const Column& column, const Selection& selection, duckdb::Vector vector);
  void write_tags(const Column& column, const Selection& selection, duckdb::Vector vector);
  template <class Number>
  void write_numbers(const Column& column, const Selection& selection, std::uint64_t largest,
                     std::uint64_t divisor, std::uint64_t factor, duckdb::Vector vector);

  const duckdb::Api& api_;
  std::string valid_text_;
  std::uint64_t unfit_ = 0;
  std::uint64_t mended_ = 0;
};

}  // namespace weir::sql
