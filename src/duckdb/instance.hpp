// SPDX-License-Identifier: Apache-2.0
// duckdb: a database in memory, a connection to it, and the chunks of its answers.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "duckdb/api.hpp"
#include "weir/result.hpp"

namespace weir::duckdb {

/// One of DuckDB's settings: `threads`, `memory_limit`, ...
struct Setting {
  std::string name;
  std::string value;
};

/// A column of an answer.
struct AnswerColumn {
  std::string name;
  Type type = Type::invalid;
};

class Rows;

/// A chunk that outlives the rows it came from.
struct ChunkEnd {
  const Api* api = nullptr;
  void operator()(ChunkHandle* chunk) const { api->destroy_data_chunk(&chunk); }
};
using OwnedChunk = std::unique_ptr<ChunkHandle, ChunkEnd>;

/// Threads: one at a time, but for interrupt() and share().
class Instance {
 public:
  /// Nothing is ever downloaded: extensions are neither installed nor loaded by themselves.
  /// Errors: those of load(), and usage for a setting that DuckDB refuses.
  static Result<std::unique_ptr<Instance>> open(std::span<const Setting> settings);
  /// Another connection to the same database, which stays as long as one of them. For another
  /// thread: DuckDB's connections share nothing that has to be guarded.
  /// Errors: what DuckDB says.
  Result<std::unique_ptr<Instance>> connect() const;
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const Api& api() const { return api_; }
  Database database() const { return database_.get(); }
  Connection connection() const { return connection_; }

  /// Runs statements for their effect.
  /// Errors: what DuckDB says.
  Result<void> execute(const std::string& sql);
  /// Says whether a statement of this kind is allowed.
  using MayRun = std::function<Result<void>(StatementType type)>;
  /// Runs one statement. Rows come as they are made, and nothing else may run until they are gone.
  /// Errors: what DuckDB and `may_run` say; also when there is no statement, or more than one.
  Result<std::unique_ptr<Rows>> query(const std::string& sql, const MayRun& may_run = nullptr);
  /// What kind of statement this is. Errors: as those of query().
  Result<StatementType> type_of(const std::string& sql);
  /// The columns that a statement would answer with.
  /// Errors: as query().
  Result<std::vector<AnswerColumn>> describe(const std::string& sql);
  /// Ends what is running: it fails soon.
  void interrupt() { api_.interrupt(connection_); }
  /// How much of what is running is done, 0..1, if DuckDB knows and was told to keep count.
  std::optional<double> share() const;

 private:
  explicit Instance(const Api& api) : api_(api) {}
  Result<Prepared> prepare(const std::string& sql);

  const Api& api_;
  std::shared_ptr<DatabaseHandle> database_;
  Connection connection_ = nullptr;
};

/// A text in single quotes for SQL, as `'it''s'`.
std::string quoted_text(std::string_view text);
/// A name in double quotes for SQL, as `"end"`.
std::string quoted_name(std::string_view name);

/// The rows of a statement, a chunk of up to 2,048 at a time.
/// Threads: one at a time.
class Rows {
 public:
  Rows(const Api& api, ResultData result, Prepared prepared)
      : api_(api), result_(result), prepared_(prepared) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  const Api& api() const { return api_; }
  StatementType statement_type() const { return api_.prepared_statement_type(prepared_); }
  ResultType result_type() const { return api_.result_return_type(result_); }
  Index column_count() { return api_.column_count(&result_); }
  std::string column_name(Index column) { return api_.column_name(&result_, column); }
  /// To be destroyed by the caller.
  LogicalType column_type(Index column) { return api_.column_logical_type(&result_, column); }

  /// The next chunk, or null at the end. It is valid until the next call.
  /// Errors: what DuckDB says.
  Result<Chunk> next();
  /// The next chunk, to be kept, or null at the end.
  /// Errors: what DuckDB says.
  Result<OwnedChunk> take();

  /// Fetches what next() will hand out, up to so many rows and some. Returns whether that is all.
  /// Errors: what DuckDB says.
  Result<bool> fetch_ahead(Index most_rows);

 private:
  Result<Chunk> fetch();

  const Api& api_;
  ResultData result_;
  Prepared prepared_;
  Chunk chunk_ = nullptr;
  std::deque<OwnedChunk> ahead_;
  bool is_at_end_ = false;
};

}  // namespace weir::duckdb
