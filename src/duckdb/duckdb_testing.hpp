// SPDX-License-Identifier: Apache-2.0
// duckdb: what the tests that need DuckDB share.
#pragma once

#include <optional>
#include <string>

#include "duckdb/library.hpp"

namespace weir::duckdb_testing {

/// Why a test has to do without DuckDB; nothing if it need not. Where DuckDB is not installed there
/// is nothing to test; ./test installs it. A build for ThreadSanitizer would take DuckDB's own
/// locks, which were not built for it, for races.
inline std::optional<std::string> reason_to_skip() {
#ifdef __SANITIZE_THREAD__
  return "DuckDB is not built for ThreadSanitizer";
#else
  const auto api = duckdb::load();
  return api ? std::nullopt : std::optional(api.error().message);
#endif
}

}  // namespace weir::duckdb_testing
