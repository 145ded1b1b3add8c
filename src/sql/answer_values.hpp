// SPDX-License-Identifier: Apache-2.0
// sql: DuckDB's vectors -> cells of a result table, for every type that DuckDB has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "duckdb/api.hpp"
#include "weir/render.hpp"
#include "weir/result.hpp"

namespace weir::sql {

/// A type of DuckDB with what its values need to be read.
struct ValueType {
  duckdb::Type id = duckdb::Type::invalid;
  duckdb::Type storage = duckdb::Type::invalid;  ///< of decimals and enumerations
  std::uint8_t scale = 0;                        ///< of decimals
  std::uint64_t array_size = 0;
  std::vector<std::string> names;  ///< of an enumeration's values, of a struct's members
  std::vector<ValueType> members;  ///< of a struct; the single one of a list or array
};

/// Reads a type, with all that is within. `type` stays the caller's.
/// Errors: unsupported for a type without a text of weir's own; the hint is a cast.
Result<ValueType> read_type(const duckdb::Api& api, duckdb::LogicalType type);
/// As results show values of the type. `name` tells times and the like from sums.
ResultColumn result_column(std::string name, const ValueType& type);

/// A column of a chunk, or a vector within one.
class ValueColumn {
 public:
  /// Both must outlive this.
  ValueColumn(const duckdb::Api& api, const ValueType& type, duckdb::Vector vector);

  Cell cell(std::size_t row) const;

 private:
  bool is_null(std::size_t row) const {
    return valid_ != nullptr && (valid_[row / 64] >> (row % 64) & 1) == 0;
  }
  template <class Value>
  const Value& at(std::size_t row) const {
    return static_cast<const Value*>(data_)[row];
  }
  __int128 signed_integer(duckdb::Type storage, std::size_t row) const;
  void append_text(std::size_t row, std::string& out) const;
  void append_json(std::size_t row, std::string& out) const;
  void append_entries(std::uint64_t begin, std::uint64_t count, std::string& out) const;

  const ValueType& type_;
  const void* data_;
  const std::uint64_t* valid_;
  std::vector<ValueColumn> members_;
};

}  // namespace weir::sql
