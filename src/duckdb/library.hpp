// SPDX-License-Identifier: Apache-2.0
// duckdb: finds DuckDB's shared library when someone asks for SQL or Parquet, and not before: it
// takes longer to load than most questions take to answer.
#pragma once

#include <string>
#include <string_view>

#include "duckdb/api.hpp"
#include "weir/result.hpp"

namespace weir::duckdb {

/// The versions that weir is written for: `v1.4.4` and the other releases of 1.4.
inline constexpr std::string_view kVersion = "v1.4.";

/// Loads the library, at the first call; later ones cost nothing. It is looked for in
/// $WEIR_DUCKDB (a file), beside the program, in build/duckdb/ of a clone, in the folder `weir` of
/// an installation's libraries, and where the system keeps libraries.
///
/// Errors:  unsupported, in one line that says what is missing or of which other version, with the
///          way to get it as the hint. An error stays: what was not there is not looked for again.
/// Threads: safe for all.
Result<const Api*> load();

/// The file that load() has taken, and its version: `build/duckdb/libduckdb.so`, `v1.4.4`.
struct Loaded {
  std::string file;
  std::string version;
};
/// Empty before load() and when it has failed.
Loaded loaded();

}  // namespace weir::duckdb
