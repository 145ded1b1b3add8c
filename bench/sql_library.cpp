// SPDX-License-Identifier: Apache-2.0
// bench: SQL -> its answer as lines with tabs, by a database that is a library.
//
// usage: sql_library duckdb|chdb LIBRARY THREADS SQL
//
// DuckDB and ClickHouse ship as shared libraries inside npm packages. A shell around them in Node
// would be timed as well; this one adds a dlopen(). The functions are those of their C interfaces.
#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

[[noreturn]] void die(std::string_view what, const char* why) {
  std::fprintf(stderr, "sql_library: %.*s: %s\n", static_cast<int>(what.size()), what.data(),
               why == nullptr ? "no reason given" : why);
  std::exit(1);
}

template <typename Function>
Function* find(void* library, const char* name) {
  void* const found = dlsym(library, name);
  if (found == nullptr) die(name, dlerror());
  return reinterpret_cast<Function*>(found);
}

// duckdb.h: the members are deprecated there and read through functions only.
struct DuckdbResult {
  std::uint64_t columns, rows, changed;
  void* column_data;
  char* error;
  void* internal;
};

void run_duckdb(void* library, const std::string& threads, const char* sql) {
  void* database = nullptr;
  void* connection = nullptr;
  DuckdbResult result{};
  const auto query = find<int(void*, const char*, DuckdbResult*)>(library, "duckdb_query");
  const auto error = find<const char*(DuckdbResult*)>(library, "duckdb_result_error");
  const auto text =
      find<char*(DuckdbResult*, std::uint64_t, std::uint64_t)>(library, "duckdb_value_varchar");
  const auto release = find<void(void*)>(library, "duckdb_free");
  if (find<int(const char*, void**)>(library, "duckdb_open")(nullptr, &database) != 0 ||
      find<int(void*, void**)>(library, "duckdb_connect")(database, &connection) != 0) {
    die("duckdb_open", nullptr);
  }
  if (query(connection, ("SET threads=" + threads).c_str(), &result) != 0 ||
      query(connection, sql, &result) != 0) {
    die(sql, error(&result));
  }
  const std::uint64_t columns =
      find<std::uint64_t(DuckdbResult*)>(library, "duckdb_column_count")(&result);
  const std::uint64_t rows =
      find<std::uint64_t(DuckdbResult*)>(library, "duckdb_row_count")(&result);
  for (std::uint64_t row = 0; row < rows; ++row) {
    for (std::uint64_t column = 0; column < columns; ++column) {
      char* const value = text(&result, column, row);
      std::printf("%s%s", column == 0 ? "" : "\t", value == nullptr ? "" : value);
      release(value);
    }
    std::printf("\n");
  }
}

void run_chdb(void* library, const std::string& threads, const char* sql) {
  std::string program = "clickhouse";
  std::string setting = "--max_threads=" + threads;
  char* arguments[] = {program.data(), setting.data()};
  void** const connection = find<void**(int, char**)>(library, "chdb_connect")(2, arguments);
  if (connection == nullptr) die("chdb_connect", nullptr);
  void* const result =
      find<void*(void*, const char*, const char*)>(library, "chdb_query")(*connection, sql, "TSV");
  const char* const error = find<const char*(void*)>(library, "chdb_result_error")(result);
  if (error != nullptr && *error != '\0') die(sql, error);
  std::fwrite(find<const char*(void*)>(library, "chdb_result_buffer")(result), 1,
              find<std::size_t(void*)>(library, "chdb_result_length")(result), stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: sql_library duckdb|chdb LIBRARY THREADS SQL\n");
    return 2;
  }
  void* const library = dlopen(argv[2], RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) die(argv[2], dlerror());
  (std::string_view(argv[1]) == "duckdb" ? run_duckdb : run_chdb)(library, argv[3], argv[4]);
  std::fflush(stdout);
  std::_Exit(0);  // taking a database down is no part of its answer
}
