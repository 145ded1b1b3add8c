// SPDX-License-Identifier: Apache-2.0
// parquet: what kinds of values DuckDB's types hold.
#pragma once

#include "duckdb/api.hpp"

namespace weir::parquet {

inline bool is_small_integer(duckdb::Type type) noexcept {
  using duckdb::Type;
  return type == Type::tinyint || type == Type::smallint || type == Type::utinyint ||
         type == Type::usmallint || type == Type::uinteger;
}

inline bool is_integer(duckdb::Type type) noexcept {
  using duckdb::Type;
  return type == Type::integer || type == Type::bigint || type == Type::ubigint ||
         is_small_integer(type);
}

inline bool is_float(duckdb::Type type) noexcept {
  return type == duckdb::Type::float32 || type == duckdb::Type::float64;
}

inline bool is_instant(duckdb::Type type) noexcept {
  using duckdb::Type;
  return type == Type::timestamp || type == Type::timestamp_s || type == Type::timestamp_ms ||
         type == Type::timestamp_ns || type == Type::timestamp_tz;
}

}  // namespace weir::parquet
