// SPDX-License-Identifier: Apache-2.0
// sql: a database in memory that sees flow logs as tables.
#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "duckdb/instance.hpp"
#include "duckdb/library.hpp"
#include "sql/answer_values.hpp"
#include "sql/flow_table.hpp"
#include "sql/functions.hpp"
#include "sql/mistakes.hpp"
#include "sql/scan.hpp"
#include "sql/session_folder.hpp"
#include "weir/sql.hpp"

namespace weir {
namespace {

using sql::FlowTable;

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
/// What weir takes beside DuckDB: the blocks and batches of a thread, and the rest.
constexpr std::uint64_t kBytesOfThread = 4 * kMebibyte;
constexpr std::uint64_t kBytesOfProgram = 16 * kMebibyte;
/// Less than this and DuckDB cannot even begin.
constexpr std::uint64_t kLeastMemory = 32 * kMebibyte;
/// What a thread of DuckDB needs to group more than fits. Measured: with less it gives up where it
/// should spill.
constexpr std::uint64_t kBytesToSpill = 192 * kMebibyte;

/// An answer of more rows is read by the decoder from its beginning.
constexpr duckdb::Index kMostRowsHeld = 65'536;

/// Functions under which AWS's example queries for Athena know what DuckDB has by other names.
constexpr const char* kAthenaFunctions =
    "CREATE TEMP MACRO day_of_week(day) AS isodow(day);"
    "CREATE TEMP MACRO from_unixtime(seconds) AS to_timestamp(seconds);";

/// Has DuckDB keep count of how far it is, for share(), and print nothing.
constexpr const char* kKeepCount =
    "SET enable_progress_bar = true; SET enable_progress_bar_print = false; "
    "SET progress_bar_time = 1000";

class Session;

class Answer final : public SqlAnswer {
 public:
  Answer(Session& session, std::unique_ptr<duckdb::Rows> rows)
      : session_(session), rows_(std::move(rows)) {}
  ~Answer() override;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  Result<void> read_columns();
  const std::vector<ResultColumn>& columns() const override { return columns_; }
  Result<bool> next(std::vector<Cell>& row) override;

 private:
  Result<void> pass_over_rows();

  Session& session_;
  std::unique_ptr<duckdb::Rows> rows_;
  std::vector<ResultColumn> columns_;
  std::vector<sql::ValueType> types_;
  std::vector<sql::ValueColumn> values_;  // of the chunk at hand
  std::size_t row_ = 0;
  std::size_t row_count_ = 0;
  bool is_at_end_ = false;
};

class Session final : public SqlSession {
 public:
  Session(SqlOptions options, std::unique_ptr<sql::SessionFolder> folder)
      : options_(std::move(options)), folder_(std::move(folder)) {}

  Result<void> start();
  Result<std::unique_ptr<SqlAnswer>> run(const std::string& statement) override;
  Result<bool> is_question(const std::string& statement) override;
  Result<std::vector<SqlColumn>> describe(const std::string& table) override;
  void interrupt() override {
    instance_->interrupt();
    for (const auto& table : tables_) table->stop_runs();
  }
  std::optional<double> share() override { return instance_->share(); }
  std::optional<RunReport> report(const std::string& table) const override {
    const FlowTable* const found = find(table);
    return found == nullptr ? std::nullopt : found->report();
  }
  std::vector<std::string> late_fields(const std::string& table) const override {
    const FlowTable* const found = find(table);
    return found == nullptr ? std::vector<std::string>() : found->late_fields();
  }
  void learn_late_fields(const std::string& table) override {
    if (FlowTable* const found = find(table)) found->learn_late_fields();
  }
  std::uint64_t unfit_numbers(const std::string& table) const override {
    const FlowTable* const found = find(table);
    return found == nullptr ? 0 : found->losses().numbers;
  }
  std::uint64_t mended_texts(const std::string& table) const override {
    const FlowTable* const found = find(table);
    return found == nullptr ? 0 : found->losses().texts;
  }

  /// Ends what an answer has begun that was not read to its end: DuckDB holds on to its scans, and
  /// to what they have found out, until the next statement.
  void let_go() { (void)instance_->execute("SELECT 1").has_value(); }

  /// What a failure means: what a table has found wrong comes before DuckDB's account of it.
  Error explain(Error error) {
    for (const auto& table : tables_) {
      if (std::optional<Error> failure = table->take_failure()) return *std::move(failure);
    }
    return sql::explain_mistake(std::move(error), tables_, options_.safe);
  }

 private:
  Result<std::unique_ptr<SqlAnswer>> answer(std::unique_ptr<duckdb::Rows> rows);
  Result<std::unique_ptr<duckdb::Rows>> read_by_duckdb(const std::string& statement);
  std::vector<duckdb::Setting> settings() const;
  Result<void> close_doors();
  FlowTable* find(const std::string& name) const {
    for (const auto& table : tables_) {
      if (table->name() == name) return table.get();
    }
    return nullptr;
  }

  const SqlOptions options_;
  std::unique_ptr<sql::SessionFolder> folder_;  // outlives the instance, which writes into it
  std::vector<std::unique_ptr<FlowTable>> tables_;
  std::unique_ptr<duckdb::Instance> instance_;
  bool has_transactions_ = false;
};

/// What DuckDB is told to keep to. It counts its blocks alone: its process takes up to four fifths
/// more (measured with groups and joins that spill). Of little it gets more, so that one thread can
/// spill at all; then it takes a third more.
std::uint64_t memory_of_duckdb(const SqlOptions& options) {
  const std::uint64_t own = kBytesOfProgram + options.threads * kBytesOfThread;
  const std::uint64_t left = options.memory_bytes > own ? options.memory_bytes - own : 0;
  return std::max({left / 2, std::min(left / 5 * 4, kBytesToSpill), kLeastMemory});
}

std::vector<duckdb::Setting> Session::settings() const {
  std::vector<duckdb::Setting> settings = {{"temp_directory", folder_->path() + "/spilled"}};
  std::uint64_t threads = options_.threads;
  if (options_.memory_bytes > 0) {
    const std::uint64_t memory = memory_of_duckdb(options_);
    threads = std::clamp<std::uint64_t>(memory / kBytesToSpill, 1, threads);
    settings.push_back({"memory_limit", std::to_string(memory) + "B"});
  }
  settings.push_back({"threads", std::to_string(threads)});
  return settings;
}

Result<void> Session::start() {
  for (const SqlTable& table : options_.tables) {
    tables_.push_back(std::make_unique<FlowTable>(table, options_.threads));
  }
  auto instance = duckdb::Instance::open(settings());
  if (!instance) return Unexpected(std::move(instance.error()));
  instance_ = *std::move(instance);
  if (auto done = instance_->execute(kKeepCount); !done) return done;
  if (!options_.safe) {
    // A table of Parquet is looked at before it is read.
    if (auto done = instance_->execute("SET parquet_metadata_cache = true"); !done) return done;
    for (const auto& table : tables_) table->let_read(*instance_);
  }
  if (auto done = sql::register_tables(*instance_, tables_); !done) return done;
  if (auto done = sql::register_functions(*instance_); !done) return done;
  if (auto done = instance_->execute(kAthenaFunctions); !done) return done;
  const std::string zone = duckdb::quoted_text(options_.time_zone);
  if (!instance_->execute("SET TimeZone = " + zone)) {
    return Unexpected({.code = ErrorCode::usage,
                       .message = "--tz: unknown time zone " + options_.time_zone,
                       .hint = "use a name such as Europe/Berlin, or an offset of whole hours"});
  }
  return options_.safe ? close_doors() : Result<void>();
}

/// Source: duckdb.org, "Securing DuckDB".
Result<void> Session::close_doors() {
  return instance_->execute("SET enable_external_access = false; SET lock_configuration = true");
}

bool is_only_asking(duckdb::StatementType type) {
  return type == duckdb::StatementType::select || type == duckdb::StatementType::explain;
}

Result<void> may_run_safely(duckdb::StatementType type) {
  if (is_only_asking(type)) return {};
  return Unexpected({.code = ErrorCode::usage,
                     .message = "--safe allows queries only, and this statement changes something",
                     .hint = "SELECT, WITH, DESCRIBE, SUMMARIZE and EXPLAIN are queries"});
}

/// Such a statement reads no rows, so it has nothing to report.
bool asks_for_columns_alone(std::string_view statement) {
  statement.remove_prefix(std::min(statement.find_first_not_of(" \t\r\n"), statement.size()));
  std::string word;
  for (const char c : statement) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (lower < 'a' || lower > 'z') break;
    word += lower;
  }
  return word == "describe" || word == "desc" || word == "show" || word == "explain";
}

bool is_interrupt(const Error& error) {
  return error.message.find("Interrupted") != std::string::npos;
}

/// Asks a question of the views of the tables. Null where they do not answer all of it: then nobody
/// has seen a row, and it can be asked once more.
/// Errors: that it was interrupted; of a question that has to do with no view, what DuckDB says.
Result<std::unique_ptr<duckdb::Rows>> Session::read_by_duckdb(const std::string& statement) {
  bool is_refused = false;
  const auto may_run = [&](duckdb::StatementType type) -> Result<void> {
    is_refused = !is_only_asking(type);
    if (!is_refused) return {};
    return Unexpected(usage_error("this statement may change something"));
  };
  for (const auto& table : tables_) table->allow_view(true);
  auto rows = instance_->query(statement, may_run);
  const bool uses_views = std::any_of(tables_.begin(), tables_.end(),
                                      [](const auto& table) { return table->has_used_view(); });
  for (const auto& table : tables_) table->allow_view(false);
  if (!uses_views && !is_refused) return rows;  // failed or not, once is enough
  const Result<bool> is_all =
      rows ? (*rows)->fetch_ahead(kMostRowsHeld) : Result<bool>(Unexpected(rows.error()));
  if (!is_all && is_interrupt(is_all.error())) return Unexpected(is_all.error());
  if (!is_all || !*is_all) return std::unique_ptr<duckdb::Rows>();
  if (!asks_for_columns_alone(statement)) {
    for (const auto& table : tables_) table->end_view();
  }
  return rows;
}

Result<std::unique_ptr<SqlAnswer>> Session::run(const std::string& statement) {
  // What fails within a transaction ends it.
  if (!options_.safe && !has_transactions_) {
    auto rows = read_by_duckdb(statement);
    if (!rows) return Unexpected(explain(std::move(rows.error())));
    if (*rows != nullptr) return answer(*std::move(rows));
  }
  auto rows = instance_->query(statement, options_.safe ? may_run_safely : nullptr);
  if (!rows) return Unexpected(explain(std::move(rows.error())));
  has_transactions_ =
      has_transactions_ || (*rows)->statement_type() == duckdb::StatementType::transaction;
  return answer(*std::move(rows));
}

Result<std::unique_ptr<SqlAnswer>> Session::answer(std::unique_ptr<duckdb::Rows> rows) {
  auto answer = std::make_unique<Answer>(*this, std::move(rows));
  if (auto done = answer->read_columns(); !done) return Unexpected(std::move(done.error()));
  return std::unique_ptr<SqlAnswer>(std::move(answer));
}

Result<bool> Session::is_question(const std::string& statement) {
  const auto type = instance_->type_of(statement);
  if (!type) return Unexpected(explain(type.error()));
  return *type == duckdb::StatementType::select;
}

Result<std::vector<SqlColumn>> Session::describe(const std::string& table) {
  FlowTable* const found = find(table);
  if (found == nullptr) {
    return Unexpected({.code = ErrorCode::not_found, .message = "there is no table " + table});
  }
  const auto columns = found->columns();
  if (!columns) return Unexpected(columns.error());
  std::vector<SqlColumn> described;
  for (const sql::TableColumn& column : **columns) {
    described.push_back({.name = column.name,
                         .type = std::string(sql::sql_type_name(column.kind)),
                         .is_absent = column.is_absent});
  }
  return described;
}

Answer::~Answer() {
  rows_.reset();
  if (!is_at_end_) session_.let_go();
}

Result<void> Answer::read_columns() {
  if (rows_->result_type() != duckdb::ResultType::query_result) return pass_over_rows();
  const duckdb::Api& api = rows_->api();
  for (duckdb::Index i = 0; i < rows_->column_count(); ++i) {
    duckdb::LogicalType type = rows_->column_type(i);
    Result<sql::ValueType> read = sql::read_type(api, type);
    api.destroy_logical_type(&type);
    if (!read) return Unexpected(std::move(read.error()));
    types_.push_back(*std::move(read));
    columns_.push_back(sql::result_column(rows_->column_name(i), types_.back()));
  }
  return {};
}

/// What INSERT and its like give is a count that nobody has asked for.
Result<void> Answer::pass_over_rows() {
  while (true) {
    const Result<duckdb::Chunk> chunk = rows_->next();
    if (!chunk) return Unexpected(session_.explain(chunk.error()));
    if (*chunk == nullptr) {
      is_at_end_ = true;
      return {};
    }
  }
}

Result<bool> Answer::next(std::vector<Cell>& row) {
  while (row_ == row_count_) {
    const Result<duckdb::Chunk> chunk = rows_->next();
    if (!chunk) return Unexpected(session_.explain(chunk.error()));
    if (*chunk == nullptr) {
      is_at_end_ = true;
      return false;
    }
    const duckdb::Api& api = rows_->api();
    row_ = 0;
    row_count_ = api.data_chunk_get_size(*chunk);
    values_.clear();
    for (std::size_t i = 0; i < types_.size(); ++i) {
      values_.emplace_back(api, types_[i], api.data_chunk_get_vector(*chunk, i));
    }
  }
  row.clear();
  for (const sql::ValueColumn& column : values_) row.push_back(column.cell(row_));
  ++row_;
  return true;
}

}  // namespace

Result<SqlEngine> find_sql_engine() {
  const auto api = duckdb::load();
  if (!api) return Unexpected(api.error());
  const duckdb::Loaded loaded = duckdb::loaded();
  return SqlEngine{.version = loaded.version, .file = loaded.file};
}

Result<std::unique_ptr<SqlSession>> SqlSession::open(SqlOptions options) {
  // Without the library there is nothing to make a folder for.
  if (const auto api = duckdb::load(); !api) return Unexpected(api.error());
  auto folder = sql::SessionFolder::create(options.temp_directory);
  if (!folder) return Unexpected(std::move(folder.error()));
  if (options.threads == 0) {
    options.threads = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
  }
  auto session = std::make_unique<Session>(std::move(options), *std::move(folder));
  if (auto started = session->start(); !started) return Unexpected(std::move(started.error()));
  return std::unique_ptr<SqlSession>(std::move(session));
}

}  // namespace weir
