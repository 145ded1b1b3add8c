// SPDX-License-Identifier: Apache-2.0
// duckdb: the part of DuckDB's C interface that weir calls, as data: types, and a table of function
// pointers that library.cpp fills.
//
// The library is found when SQL is asked for, not when weir is built, so there is no header of
// DuckDB's to include. What stands here is the stable C interface of DuckDB 1.4 (duckdb.org,
// "C API"): handles are opaque pointers, and the few structs that are passed by value are spelled
// out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::duckdb {

using Index = std::uint64_t;

/// duckdb_state.
enum class State : int { success = 0, error = 1 };

/// duckdb_type; the numbers are part of the interface.
enum class Type : int {
  invalid = 0,
  boolean = 1,
  tinyint = 2,
  smallint = 3,
  integer = 4,
  bigint = 5,
  utinyint = 6,
  usmallint = 7,
  uinteger = 8,
  ubigint = 9,
  float32 = 10,
  float64 = 11,
  timestamp = 12,
  date = 13,
  time = 14,
  interval = 15,
  hugeint = 16,
  varchar = 17,
  blob = 18,
  decimal = 19,
  timestamp_s = 20,
  timestamp_ms = 21,
  timestamp_ns = 22,
  enumeration = 23,
  list = 24,
  structure = 25,
  map = 26,
  uuid = 27,
  tagged_union = 28,
  bit = 29,
  time_tz = 30,
  timestamp_tz = 31,
  uhugeint = 32,
  array = 33,
  any = 34,
  bignum = 35,
  sql_null = 36,
  time_ns = 39,
};

/// duckdb_statement_type, those that weir tells apart.
enum class StatementType : int { invalid = 0, select = 1, explain = 4, transaction = 10 };

/// duckdb_result_type.
enum class ResultType : int { invalid = 0, changed_rows = 1, nothing = 2, query_result = 3 };

/// duckdb_query_progress_type.
struct QueryProgress {
  double percentage = 0;  ///< below 0 if nothing is known
  std::uint64_t rows_processed = 0;
  std::uint64_t total_rows_to_process = 0;
};

using Database = struct DatabaseHandle*;
using Connection = struct ConnectionHandle*;
using Config = struct ConfigHandle*;
using Prepared = struct PreparedHandle*;
using Statements = struct StatementsHandle*;
using Chunk = struct ChunkHandle*;
using Vector = struct VectorHandle*;
using LogicalType = struct LogicalTypeHandle*;
using Value = struct ValueHandle*;
using TableFunction = struct TableFunctionHandle*;
using ScalarFunction = struct ScalarFunctionHandle*;
using ScalarFunctionSet = struct ScalarFunctionSetHandle*;
using BindInfo = struct BindInfoHandle*;
using InitInfo = struct InitInfoHandle*;
using FunctionInfo = struct FunctionInfoHandle*;
using ReplacementInfo = struct ReplacementInfoHandle*;

/// duckdb_result: its members are read through functions only.
struct ResultData {
  Index columns, rows, changed;
  void* column_data;
  char* error;
  void* internal;
};

/// duckdb_string_t: 16 bytes in a vector of texts or blobs. Texts of up to 12 bytes are inline and
/// padded with zeros; of longer ones the vector owns the bytes.
struct String {
  static constexpr std::uint32_t kMostInline = 12;
  struct Inline {
    std::uint32_t length;
    char text[kMostInline];
  };
  struct Pointer {
    std::uint32_t length;
    char prefix[4];
    const char* text;
  };
  union {
    Inline inlined;
    Pointer pointer;
  };
  std::string_view view() const {
    return {inlined.length <= kMostInline ? inlined.text : pointer.text, inlined.length};
  }
};
static_assert(sizeof(String) == 16);

/// duckdb_hugeint and duckdb_uhugeint, by their bits.
struct HugeInt {
  std::uint64_t lower;
  std::uint64_t upper;
};
struct Interval {
  std::int32_t months;
  std::int32_t days;
  std::int64_t micros;
};
struct ListEntry {
  std::uint64_t offset;
  std::uint64_t length;
};

using Destroy = void (*)(void* data);
using BindCallback = void (*)(BindInfo info);
using InitCallback = void (*)(InitInfo info);
using TableCallback = void (*)(FunctionInfo info, Chunk output);
using ScalarCallback = void (*)(FunctionInfo info, Chunk input, Vector output);
using ReplacementCallback = void (*)(ReplacementInfo info, const char* table, void* data);

// A line a function: what it returns, its name behind `duckdb_`, its parameters.
#define WEIR_DUCKDB_FUNCTIONS(F)                                                            \
  F(const char*, library_version, ())                                                       \
  F(State, create_config, (Config * config))                                                \
  F(State, set_config, (Config config, const char* name, const char* value))                \
  F(void, destroy_config, (Config * config))                                                \
  F(State, open_ext, (const char* path, Database* database, Config config, char** error))   \
  F(void, close, (Database * database))                                                     \
  F(State, connect, (Database database, Connection * connection))                           \
  F(void, disconnect, (Connection * connection))                                            \
  F(void, interrupt, (Connection connection))                                               \
  F(QueryProgress, query_progress, (Connection connection))                                 \
  F(void, free, (void* memory))                                                             \
  F(State, query, (Connection connection, const char* sql, ResultData* result))             \
  F(void, destroy_result, (ResultData * result))                                            \
  F(Index, column_count, (ResultData * result))                                             \
  F(const char*, column_name, (ResultData * result, Index column))                          \
  F(LogicalType, column_logical_type, (ResultData * result, Index column))                  \
  F(const char*, result_error, (ResultData * result))                                       \
  F(ResultType, result_return_type, (ResultData result))                                    \
  F(Chunk, fetch_chunk, (ResultData result))                                                \
  F(Index, extract_statements, (Connection connection, const char* sql, Statements* out))   \
  F(const char*, extract_statements_error, (Statements statements))                         \
  F(State, prepare_extracted_statement,                                                     \
    (Connection connection, Statements statements, Index index, Prepared * out))            \
  F(void, destroy_extracted, (Statements * statements))                                     \
  F(const char*, prepare_error, (Prepared prepared))                                        \
  F(StatementType, prepared_statement_type, (Prepared prepared))                            \
  F(Index, prepared_statement_column_count, (Prepared prepared))                            \
  F(char*, prepared_statement_column_name, (Prepared prepared, Index column))               \
  F(Type, prepared_statement_column_type, (Prepared prepared, Index column))                \
  F(State, execute_prepared_streaming, (Prepared prepared, ResultData * result))            \
  F(void, destroy_prepare, (Prepared * prepared))                                           \
  F(void, destroy_data_chunk, (Chunk * chunk))                                              \
  F(Index, data_chunk_get_size, (Chunk chunk))                                              \
  F(void, data_chunk_set_size, (Chunk chunk, Index size))                                   \
  F(Index, data_chunk_get_column_count, (Chunk chunk))                                      \
  F(Vector, data_chunk_get_vector, (Chunk chunk, Index column))                             \
  F(void*, vector_get_data, (Vector vector))                                                \
  F(std::uint64_t*, vector_get_validity, (Vector vector))                                   \
  F(void, vector_ensure_validity_writable, (Vector vector))                                 \
  F(void, vector_assign_string_element_len,                                                 \
    (Vector vector, Index row, const char* text, Index length))                             \
  F(void, vector_reference_vector, (Vector to, Vector from))                                \
  F(Vector, list_vector_get_child, (Vector vector))                                         \
  F(Vector, array_vector_get_child, (Vector vector))                                        \
  F(Vector, struct_vector_get_child, (Vector vector, Index index))                          \
  F(LogicalType, create_logical_type, (Type type))                                          \
  F(void, destroy_logical_type, (LogicalType * type))                                       \
  F(Type, get_type_id, (LogicalType type))                                                  \
  F(std::uint8_t, decimal_scale, (LogicalType type))                                        \
  F(Type, decimal_internal_type, (LogicalType type))                                        \
  F(Type, enum_internal_type, (LogicalType type))                                           \
  F(std::uint32_t, enum_dictionary_size, (LogicalType type))                                \
  F(char*, enum_dictionary_value, (LogicalType type, Index index))                          \
  F(LogicalType, list_type_child_type, (LogicalType type))                                  \
  F(LogicalType, array_type_child_type, (LogicalType type))                                 \
  F(LogicalType, map_type_key_type, (LogicalType type))                                     \
  F(LogicalType, map_type_value_type, (LogicalType type))                                   \
  F(Index, array_type_array_size, (LogicalType type))                                       \
  F(Index, struct_type_child_count, (LogicalType type))                                     \
  F(char*, struct_type_child_name, (LogicalType type, Index index))                         \
  F(LogicalType, struct_type_child_type, (LogicalType type, Index index))                   \
  F(Value, create_varchar_length, (const char* text, Index length))                         \
  F(char*, get_varchar, (Value value))                                                      \
  F(void, destroy_value, (Value * value))                                                   \
  F(TableFunction, create_table_function, ())                                               \
  F(void, destroy_table_function, (TableFunction * function))                               \
  F(void, table_function_set_name, (TableFunction function, const char* name))              \
  F(void, table_function_add_parameter, (TableFunction function, LogicalType type))         \
  F(void, table_function_set_extra_info, (TableFunction function, void* data, Destroy end)) \
  F(void, table_function_set_bind, (TableFunction function, BindCallback callback))         \
  F(void, table_function_set_init, (TableFunction function, InitCallback callback))         \
  F(void, table_function_set_local_init, (TableFunction function, InitCallback callback))   \
  F(void, table_function_set_function, (TableFunction function, TableCallback callback))    \
  F(void, table_function_supports_projection_pushdown, (TableFunction function, bool does)) \
  F(State, register_table_function, (Connection connection, TableFunction function))        \
  F(void*, bind_get_extra_info, (BindInfo info))                                            \
  F(Value, bind_get_parameter, (BindInfo info, Index index))                                \
  F(void, bind_add_result_column, (BindInfo info, const char* name, LogicalType type))      \
  F(void, bind_set_bind_data, (BindInfo info, void* data, Destroy end))                     \
  F(void, bind_set_cardinality, (BindInfo info, Index rows, bool is_exact))                 \
  F(void, bind_set_error, (BindInfo info, const char* message))                             \
  F(void*, init_get_bind_data, (InitInfo info))                                             \
  F(void, init_set_init_data, (InitInfo info, void* data, Destroy end))                     \
  F(Index, init_get_column_count, (InitInfo info))                                          \
  F(Index, init_get_column_index, (InitInfo info, Index index))                             \
  F(void, init_set_max_threads, (InitInfo info, Index threads))                             \
  F(void*, function_get_init_data, (FunctionInfo info))                                     \
  F(void*, function_get_local_init_data, (FunctionInfo info))                               \
  F(void, function_set_error, (FunctionInfo info, const char* message))                     \
  F(ScalarFunction, create_scalar_function, ())                                             \
  F(void, destroy_scalar_function, (ScalarFunction * function))                             \
  F(void, scalar_function_set_name, (ScalarFunction function, const char* name))            \
  F(void, scalar_function_add_parameter, (ScalarFunction function, LogicalType type))       \
  F(void, scalar_function_set_return_type, (ScalarFunction function, LogicalType type))     \
  F(void, scalar_function_set_function, (ScalarFunction function, ScalarCallback callback)) \
  F(void, scalar_function_set_volatile, (ScalarFunction function))                          \
  F(void, scalar_function_set_error, (FunctionInfo info, const char* message))              \
  F(ScalarFunctionSet, create_scalar_function_set, (const char* name))                      \
  F(State, add_scalar_function_to_set, (ScalarFunctionSet set, ScalarFunction function))    \
  F(State, register_scalar_function_set, (Connection connection, ScalarFunctionSet set))    \
  F(void, destroy_scalar_function_set, (ScalarFunctionSet * set))                           \
  F(void, add_replacement_scan,                                                             \
    (Database database, ReplacementCallback callback, void* data, Destroy end))             \
  F(void, replacement_scan_set_function_name, (ReplacementInfo info, const char* name))     \
  F(void, replacement_scan_add_parameter, (ReplacementInfo info, Value value))

/// The functions, each under its name without `duckdb_`.
/// Threads: immutable once loaded.
struct Api {
// NOLINTBEGIN(bugprone-macro-parentheses): these are declarations
#define WEIR_DUCKDB_MEMBER(result, name, parameters) result(*name) parameters = nullptr;
  WEIR_DUCKDB_FUNCTIONS(WEIR_DUCKDB_MEMBER)
#undef WEIR_DUCKDB_MEMBER
  // NOLINTEND(bugprone-macro-parentheses)
};

}  // namespace weir::duckdb
