// SPDX-License-Identifier: Apache-2.0
// sql: the objects behind a table, and what reading them has found out.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/peek_formats.hpp"
#include "pipeline/pulled_run.hpp"
#include "sql/parquet_view.hpp"
#include "sql/table_columns.hpp"
#include "weir/sql.hpp"

namespace weir::sql {

/// Values that no column of their type can hold as they are.
struct Losses {
  std::uint64_t numbers = 0;  ///< too large, now null
  std::uint64_t texts = 0;    ///< broken UTF-8, mended
};

/// By which a file is known to be what it was.
struct FileState {
  std::uint64_t bytes = 0;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  bool operator==(const FileState&) const = default;
};

/// Threads: safe for all.
class FlowTable {
 public:
  FlowTable(SqlTable table, std::size_t threads) : table_(std::move(table)), threads_(threads) {}

  const std::string& name() const { return table_.name; }
  const SqlTable& source() const { return table_; }
  /// Threads that may read at once.
  std::size_t threads() const { return table_.options.decode.strict ? 1 : threads_; }

  /// The columns; the objects are looked at when they are asked for the first time.
  /// Errors: no_flow_log and others when not one object has a record.
  Result<const std::vector<TableColumn>*> columns();
  /// The same for records as the log has them, in the order of the input.
  Result<std::vector<TableColumn>> logged_columns();
  /// Records that the objects may hold, from their sizes.
  std::uint64_t estimated_rows() const;
  /// Lets DuckDB read the objects by itself where that comes to the same: it must outlive this.
  void let_read(duckdb::Instance& instance) { instance_ = &instance; }
  /// The table as a question that only the statement at hand may use, or nothing. The objects are
  /// looked at as by columns().
  std::optional<std::string> view();
  /// A statement begins or ends that may use view().
  void allow_view(bool may);
  /// True if the statement has used it.
  bool has_used_view() const;
  /// The statement has come to its end.
  void end_view();

  /// What all runs of the table read Parquet objects with.
  parquet::Engine& parquet() { return parquet_; }

  /// What a run of the table has to do. Bad lines are told once, however often it is read.
  RunOptions run_options();
  /// Runs at work, so that they can be stopped.
  void add_run(pipeline::PulledRun* run);
  void stop_runs();
  /// A run has ended.
  void end_run(pipeline::PulledRun* run, RunReport report, Losses losses);

  std::optional<RunReport> report() const;
  std::vector<std::string> late_fields() const;
  /// Makes columns of them.
  void learn_late_fields();
  Losses losses() const;

  /// Why the last statement failed, in words of weir's own.
  void fail(Error error);
  std::optional<Error> take_failure();

 private:
  Result<void> look_at_objects();
  Result<void> make_ready();
  void make_view(const pipeline::PeekedFormats& peeked);

  const SqlTable table_;
  const std::size_t threads_;
  parquet::Engine parquet_;
  mutable std::mutex mutex_;
  bool is_ready_ = false;
  bool is_told_ = false;  // a run tells bad lines
  FormatPtr format_;      // all fields
  std::vector<TableColumn> columns_;
  duckdb::Instance* instance_ = nullptr;
  std::optional<ParquetView> view_;
  RunReport view_report_;
  std::vector<FileState> file_states_;  // when the view was made
  bool may_use_view_ = false;
  bool has_used_view_ = false;
  std::vector<pipeline::PulledRun*> runs_;
  std::optional<RunReport> report_;
  std::optional<Error> failure_;
  Losses losses_;
};

}  // namespace weir::sql
