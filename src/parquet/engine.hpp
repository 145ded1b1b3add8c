// SPDX-License-Identifier: Apache-2.0
// parquet: DuckDB, for the Parquet objects of a run. It is opened when the first of them is met.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/spill_file.hpp"
#include "duckdb/instance.hpp"
#include "weir/result.hpp"

namespace weir::parquet {

/// Memory:  a limit for all connections together, so that no file can take the machine's.
/// Threads: safe for all.
class Engine {
 public:
  Engine() = default;
  /// Connects to an instance that others use too, with its threads and limits.
  explicit Engine(std::unique_ptr<duckdb::Instance> first) : first_(std::move(first)) {}

  /// A connection for one thread. DuckDB has no threads of its own here: each of ours decodes what
  /// it asks for.
  /// Errors: those of duckdb::load().
  Result<std::unique_ptr<duckdb::Instance>> connect();

  /// Another spelling of a path that begins with `/`, which no copy has had: DuckDB remembers files
  /// by their paths, and the system gives a path again once a copy is gone.
  std::string spelling_of_its_own(const std::string& path);

 private:
  std::mutex mutex_;
  std::uint64_t copies_ = 0;
  std::unique_ptr<duckdb::Instance> first_;
};

}  // namespace weir::parquet
