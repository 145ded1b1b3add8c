// SPDX-License-Identifier: Apache-2.0
// sql: records and answers -> Parquet files, such as AWS delivers. DuckDB encodes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/format.hpp"
#include "weir/progress.hpp"
#include "weir/result.hpp"
#include "weir/source.hpp"
#include "weir/sql.hpp"

namespace weir {

/// Rows of a row group: the unit that a reader passes over by its statistics.
inline constexpr std::size_t kParquetGroupRows = 122'880;

/// The file that a directory gets if it is named in place of a file.
inline constexpr std::string_view kUsualParquetName = "flows.parquet";

/// Into which folders records go.
enum class ParquetPartition : std::uint8_t { none, account_id, day, hour };
/// `day`, `hour` or `account-id`.
std::optional<ParquetPartition> find_parquet_partition(std::string_view name) noexcept;

struct ParquetOptions {
  /// The file. If it is a directory, or ends in `/`, the file `flows.parquet` in it; with a
  /// partition always a directory.
  std::string path;
  ParquetPartition partition = ParquetPartition::none;
  /// Selects and orders the columns; without value every field of every input, as they are met.
  std::optional<Format> fields;
  /// The first records of the input that match; all without value.
  std::optional<std::uint64_t> limit;
  /// Asked when everything is written and nothing has its name yet; its error is that of the whole.
  std::function<Result<void>()> before_naming;
  Progress* progress = nullptr;  ///< told of what follows on reading and sorting, or null
};

/// Writes the records of a session's table.
///
/// Shape:   columns are named and typed as in AWS's files: `_` for `-`; INT32, INT64, text; tags
///          percent-encoded, as they are logged; `-` is null. Rows are ordered by `start`, and
///          those of one second as in the input. Pages are packed by zstd, kParquetGroupRows rows
///          make a group. A partition lays files out as AWS does, with the levels that the records
///          tell:
///          AWSLogs/aws-account-id=/aws-service=vpcflowlogs/aws-region=/year=/month=/day=/hour=/
///          flows_HASH.parquet, where the hash is that of the file's bytes. So a conversion adds
///          its files to those of others, and the same one made twice is there once.
/// Errors:  those of running a statement; usage for fields that no input has; unreadable for what
///          cannot be written. Nothing has its final name before everything is written, and what
///          has it is whole, also after a crash: files grow in a hidden folder beside it, which the
///          next call in the same place removes if its process is gone.
/// Memory:  the session's.
/// Source:  AWS VPC User Guide, "Flow log files" and "Flow log records".
Result<void> write_parquet(SqlSession& session, const std::string& table,
                           const ParquetOptions& options);

/// Writes the answer to a question, with the types that SQL gave it, as `options` say: path, limit
/// and before_naming.
/// Errors: those of running a statement; usage if it has no answer; unreadable.
Result<void> write_parquet_answer(SqlSession& session, const std::string& question,
                                  const ParquetOptions& options);

/// Opens a sink that takes lines of JSON, one object a row, and makes a Parquet file of them when
/// it is finished: integers become INT64, times in ISO 8601 timestamps, objects within rows
/// structs. The file gets its name at the end, as those of write_parquet() do. Errors: unsupported
/// without DuckDB; unreadable; usage at the end if there was no row.
Result<std::unique_ptr<ByteSink>> open_parquet_sink(const std::string& path);

}  // namespace weir
