// SPDX-License-Identifier: Apache-2.0
// parquet: DuckDB, for the Parquet objects of a run.
#include "parquet/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

namespace weir::parquet {
namespace {

/// A reader holds some pages of each column, about a MiB each as writers make them.
std::string memory_limit() {
  constexpr std::size_t kMebibytes = 1024;
  constexpr std::size_t kMebibytesOfThread = 64;
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  return fmt::format("{}MiB", kMebibytes + threads * kMebibytesOfThread);
}

Result<std::unique_ptr<duckdb::Instance>> open() {
  const std::array<duckdb::Setting, 3> settings = {{
      {.name = "threads", .value = "1"},
      {.name = "memory_limit", .value = memory_limit()},
      {.name = "temp_directory", .value = ""},
  }};
  auto opened = duckdb::Instance::open(settings);
  if (!opened) return opened;
  // The parts of a large file are opened one by one, and what its end says is the same for all.
  // Pages are read once, so keeping them would be of no use. A single thread has nothing to put
  // into order: rows come as they stand in the file.
  for (const char* const statement :
       {"SET parquet_metadata_cache = true", "SET enable_external_file_cache = false",
        "SET preserve_insertion_order = false"}) {
    if (Result<void> done = (*opened)->execute(statement); !done) {
      return Unexpected(std::move(done.error()));
    }
  }
  return opened;
}

}  // namespace

Result<std::unique_ptr<duckdb::Instance>> Engine::connect() {
  const std::lock_guard lock(mutex_);
  if (first_ == nullptr) {
    auto opened = open();
    if (!opened) return opened;
    first_ = *std::move(opened);
  }
  return first_->connect();
}

std::string Engine::spelling_of_its_own(const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::string before;
  for (std::uint64_t bits = ++copies_; bits > 0; bits >>= 1) {
    before += (bits & 1) != 0 ? "//." : "/.";
  }
  return before + path;
}

}  // namespace weir::parquet
