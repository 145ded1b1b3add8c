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

  /// Keeps a copy of what came through a pipe: DuckDB remembers files by their paths, so no other
  /// copy may get this one's.
  void keep(std::unique_ptr<base::SpillFile> copy);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<base::SpillFile>> copies_;
  std::unique_ptr<duckdb::Instance> first_;
};

}  // namespace weir::parquet
