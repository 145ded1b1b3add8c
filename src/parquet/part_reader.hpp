// SPDX-License-Identifier: Apache-2.0
// parquet: a part of a file -> chunks of its rows, in their order.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "parquet/plan.hpp"

namespace weir::parquet {

/// The values of a column of a chunk.
struct Values {
  const void* data = nullptr;            ///< as the plan's ValueKind says
  const std::uint64_t* valid = nullptr;  ///< one bit per row; null if there are no nulls
};

/// Some chunks of a part: the unit that threads work on. They stay when the reader goes on.
class RowBlock {
 public:
  RowBlock() = default;

  const Plan& plan() const { return *plan_; }
  std::size_t chunks() const { return chunks_.size(); }
  std::size_t rows(std::size_t chunk) const;
  Values values(std::size_t chunk, std::size_t column) const;
  /// The row in the file of the block's first one, from 0, where rows have no numbers.
  std::uint64_t first_row() const { return first_row_; }

 private:
  friend class PartReader;
  const duckdb::Api& api() const { return *chunks_.front().get_deleter().api; }

  std::shared_ptr<const Plan> plan_;
  std::vector<duckdb::OwnedChunk> chunks_;
  std::uint64_t first_row_ = 0;
};

/// Threads: one at a time, not always the same one.
class PartReader {
 public:
  /// Errors: damaged; unsupported where DuckDB is missing.
  static Result<std::unique_ptr<PartReader>> open(Engine& engine, std::shared_ptr<const File> file,
                                                  const Part& part, const Wanted& wanted);

  /// Fills the block and returns true, or returns false at the end. The block has its plan in any
  /// case.
  /// Errors: damaged, after the rows before the damage.
  Result<bool> next(RowBlock& block);

  /// The part's share of the file that has been passed.
  std::uint64_t bytes() const;

 private:
  PartReader() = default;

  std::shared_ptr<const File> file_;
  Part part_;
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<duckdb::Instance> instance_;
  std::unique_ptr<duckdb::Rows> rows_;
  std::uint64_t next_row_ = 0;
  bool ended_ = false;
  std::optional<Error> failure_;  // told once the rows before it are handed out
};

}  // namespace weir::parquet
