// SPDX-License-Identifier: Apache-2.0
// parquet: what tests of Parquet objects share: files that DuckDB writes.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/scratch_testing.hpp"
#include "duckdb/duckdb_testing.hpp"
#include "duckdb/instance.hpp"

namespace weir::parquet_testing {

/// Tests that write Parquet files.
class ParquetTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = duckdb_testing::reason_to_skip()) GTEST_SKIP() << *reason;
    auto writer = duckdb::Instance::open({});
    ASSERT_TRUE(writer) << writer.error().message;
    writer_ = *std::move(writer);
  }

  /// Writes what a query answers, and returns the file's path.
  std::string write(const std::string& name, const std::string& query,
                    const std::string& options = "FORMAT parquet") {
    std::string path = scratch_.path(name);
    const Result<void> done = writer_->execute("COPY (" + query + ") TO " +
                                               duckdb::quoted_text(path) + " (" + options + ")");
    EXPECT_TRUE(done) << done.error().message;
    return path;
  }

  const scratch_testing::ScratchDirectory scratch_;
  std::unique_ptr<duckdb::Instance> writer_;
};

}  // namespace weir::parquet_testing
