// SPDX-License-Identifier: Apache-2.0
// duckdb: a database in memory.
#include "duckdb/instance.hpp"

#include <optional>
#include <utility>

#include "duckdb/library.hpp"
#include "duckdb/message.hpp"

namespace weir::duckdb {
namespace {

Error said(const char* text) { return to_error(text == nullptr ? "DuckDB gave no reason" : text); }

std::string quoted(std::string_view text, char mark) {
  std::string out(1, mark);
  for (const char c : text) {
    if (c == mark) out += mark;
    out += c;
  }
  return out += mark;
}

}  // namespace

std::string quoted_text(std::string_view text) { return quoted(text, '\''); }
std::string quoted_name(std::string_view name) { return quoted(name, '"'); }

Result<std::unique_ptr<Instance>> Instance::open(std::span<const Setting> settings) {
  const Result<const Api*> loaded = load();
  if (!loaded) return Unexpected(loaded.error());
  const Api& api = **loaded;
  std::unique_ptr<Instance> instance(new Instance(api));
  Config config = nullptr;
  if (api.create_config(&config) != State::success) return Unexpected(said(nullptr));
  std::vector<Setting> all = {{"autoinstall_known_extensions", "false"},
                              {"autoload_known_extensions", "false"}};
  all.insert(all.end(), settings.begin(), settings.end());
  for (const Setting& setting : all) {
    if (api.set_config(config, setting.name.c_str(), setting.value.c_str()) == State::success) {
      continue;
    }
    api.destroy_config(&config);
    return Unexpected(said(("DuckDB knows no setting " + setting.name).c_str()));
  }
  char* message = nullptr;
  Database database = nullptr;
  const State opened = api.open_ext(nullptr, &database, config, &message);
  api.destroy_config(&config);
  if (opened != State::success) {
    Error error = said(message);
    api.free(message);
    return Unexpected(std::move(error));
  }
  instance->database_ = {database, [&api](Database last) { api.close(&last); }};
  if (api.connect(database, &instance->connection_) != State::success) {
    return Unexpected(said("DuckDB gives no connection"));
  }
  return instance;
}

Result<std::unique_ptr<Instance>> Instance::connect() const {
  std::unique_ptr<Instance> instance(new Instance(api_));
  instance->database_ = database_;
  if (api_.connect(database_.get(), &instance->connection_) != State::success) {
    return Unexpected(said("DuckDB gives no connection"));
  }
  return instance;
}

Instance::~Instance() {
  if (connection_ != nullptr) api_.disconnect(&connection_);
}

std::optional<double> Instance::share() const {
  const double percent = api_.query_progress(connection_).percentage;
  // All of it is done when its last piece has begun, by DuckDB's count: that says nothing.
  if (!(percent > 0 && percent < 100)) return std::nullopt;
  return percent / 100;
}

Result<void> Instance::execute(const std::string& sql) {
  ResultData result{};
  const State done = api_.query(connection_, sql.c_str(), &result);
  Result<void> ended;
  if (done != State::success) ended = Unexpected(said(api_.result_error(&result)));
  api_.destroy_result(&result);
  return ended;
}

/// Prepares the only statement of a text. Errors: what DuckDB says.
Result<Prepared> Instance::prepare(const std::string& sql) {
  Statements statements = nullptr;
  const Index count = api_.extract_statements(connection_, sql.c_str(), &statements);
  Prepared prepared = nullptr;
  std::optional<Error> error;
  if (const char* const message = api_.extract_statements_error(statements); message != nullptr) {
    error = said(message);
  } else if (count != 1) {
    error = said("one statement was expected");
  } else if (api_.prepare_extracted_statement(connection_, statements, 0, &prepared) !=
             State::success) {
    error = said(prepared == nullptr ? nullptr : api_.prepare_error(prepared));
    api_.destroy_prepare(&prepared);
  }
  api_.destroy_extracted(&statements);
  if (error) return Unexpected(*std::move(error));
  return prepared;
}

Result<StatementType> Instance::type_of(const std::string& sql) {
  Result<Prepared> made = prepare(sql);
  if (!made) return Unexpected(std::move(made.error()));
  Prepared prepared = *made;
  const StatementType type = api_.prepared_statement_type(prepared);
  api_.destroy_prepare(&prepared);
  return type;
}

Result<std::unique_ptr<Rows>> Instance::query(const std::string& sql, const MayRun& may_run) {
  Result<Prepared> made = prepare(sql);
  if (!made) return Unexpected(std::move(made.error()));
  Prepared prepared = *made;
  const StatementType type = api_.prepared_statement_type(prepared);
  if (may_run != nullptr) {
    if (Result<void> allowed = may_run(type); !allowed) {
      api_.destroy_prepare(&prepared);
      return Unexpected(std::move(allowed.error()));
    }
  }
  ResultData result{};
  if (api_.execute_prepared_streaming(prepared, &result) != State::success) {
    Error error = said(api_.result_error(&result));
    api_.destroy_result(&result);
    api_.destroy_prepare(&prepared);
    return Unexpected(std::move(error));
  }
  return std::make_unique<Rows>(api_, result, prepared);
}

Result<std::vector<AnswerColumn>> Instance::describe(const std::string& sql) {
  Result<Prepared> made = prepare(sql);
  if (!made) return Unexpected(std::move(made.error()));
  Prepared prepared = *made;
  std::vector<AnswerColumn> columns;
  for (Index i = 0; i < api_.prepared_statement_column_count(prepared); ++i) {
    char* const name = api_.prepared_statement_column_name(prepared, i);
    columns.push_back({.name = name == nullptr ? "" : name,
                       .type = api_.prepared_statement_column_type(prepared, i)});
    api_.free(name);
  }
  api_.destroy_prepare(&prepared);
  return columns;
}

Rows::~Rows() {
  if (chunk_ != nullptr) api_.destroy_data_chunk(&chunk_);
  api_.destroy_result(&result_);
  api_.destroy_prepare(&prepared_);
}

Result<Chunk> Rows::fetch() {
  Chunk chunk = api_.fetch_chunk(result_);
  if (chunk == nullptr) {
    if (const char* const message = api_.result_error(&result_);
        message != nullptr && *message != '\0') {
      return Unexpected(said(message));
    }
  }
  return chunk;
}

Result<Chunk> Rows::next() {
  if (chunk_ != nullptr) api_.destroy_data_chunk(&chunk_);
  if (!ahead_.empty()) {
    chunk_ = ahead_.front().release();
    ahead_.pop_front();
    return chunk_;
  }
  if (is_at_end_) return nullptr;
  Result<Chunk> fetched = fetch();
  if (fetched) chunk_ = *fetched;
  return fetched;
}

Result<OwnedChunk> Rows::take() {
  const Result<Chunk> fetched = fetch();
  if (!fetched) return Unexpected(fetched.error());
  return OwnedChunk(*fetched, ChunkEnd{&api_});
}

Result<bool> Rows::fetch_ahead(Index most_rows) {
  Index rows = 0;
  while (rows < most_rows) {
    Result<OwnedChunk> chunk = take();
    if (!chunk) return Unexpected(std::move(chunk.error()));
    if (*chunk == nullptr) {
      is_at_end_ = true;
      return true;
    }
    rows += api_.data_chunk_get_size(chunk->get());
    ahead_.push_back(*std::move(chunk));
  }
  return false;
}

}  // namespace weir::duckdb
