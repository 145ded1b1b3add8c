// SPDX-License-Identifier: Apache-2.0
// cli: a session of SQL over the inputs, and answers written as every verb writes them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "weir/result.hpp"
#include "weir/sql.hpp"

namespace weir::cli {

/// The name of the table that INPUT... is.
inline constexpr const char* kFlowTable = "flows";

/// What stands around an answer that people see, for verbs whose questions are known.
struct AnswerWords {
  std::string title;               ///< a line above the table
  std::vector<std::string> notes;  ///< below it
  std::uint64_t usual_rows = 0;  ///< of the table, unless -n says otherwise; 0: as many as of SQL's
  bool has_human_bytes = false;  ///< columns named `bytes` or `..._bytes` in MiB and the like
  /// Told what the first column named `..._usd` adds up to over all rows, also those that are not
  /// shown; what it returns stands under the table.
  std::function<std::vector<std::string>(double)> notes_on_sum = nullptr;
};

class SqlRun {
 public:
  /// `options` must outlive this.
  explicit SqlRun(const Options& options) : options_(options) {}

  /// Errors: usage, not_found for inputs; those of SqlSession::open().
  /// `more_fields` are those of SqlTable for INPUT...
  Result<void> open(std::vector<std::string> inputs, std::vector<std::string> more_fields = {});
  /// Has open() count the records that say that AWS has dropped others.
  void count_skipdata() { counts_skipdata_ = true; }
  /// Has open() count the records that cannot take part in the answer: see Reading::need_each().
  void need_each(std::vector<std::vector<FieldId>> needs) { needs_ = std::move(needs); }
  /// Has open() leave room for a sort of more than fits, which takes more than DuckDB counts.
  void expect_sort() { expects_sort_ = true; }
  /// The values of the first column of a small answer, as texts; for what a verb asks itself.
  /// Errors: those of running the statement.
  Result<std::vector<std::string>> ask(const std::string& statement);
  void set_words(AnswerWords words) { words_ = std::move(words); }

  SqlSession& session() { return *session_; }
  const SqlSession& session() const { return *session_; }
  Reading& reading() { return *reading_; }
  InterruptWatch& watch() { return watch_; }
  const std::vector<std::string>& table_names() const { return table_names_; }

  /// The phase that begins now, and the one once all inputs have been read.
  void begin(std::string_view phase, std::string_view then);
  /// Runs one statement and writes its answer to the output.
  /// Errors: what running and writing report.
  Result<void> answer(const std::string& statement);
  /// The same for all statements of a text. Errors: also usage, for a second answer in an output
  /// for programs, which has one.
  Result<void> answer_all(const std::string& sql);
  /// Does something that an interrupt ends.
  Result<void> guarded(const std::function<Result<void>()>& work);
  /// Prints warnings and the summary, and returns the exit status. `ended` is how answering ended.
  /// Does not return if a signal has ended it.
  int finish(const Result<void>& ended);

 private:
  Result<std::vector<SqlTable>> make_tables(std::vector<std::string> more_fields);
  static Result<void> check_inputs(const std::vector<Input>& inputs);
  SqlTable make_table(const std::string& name, std::vector<Input> inputs);
  Result<void> write(std::unique_ptr<SqlAnswer> answer);
  Result<void> write_parquet_file(const std::string& statement);
  Result<void> write_table(std::unique_ptr<SqlAnswer> answer);
  Result<void> write_rows(SqlAnswer& answer);
  void collect_reports();

  const Options& options_;
  InterruptWatch watch_;  // first, so that DuckDB's threads do not see the signals
  std::unique_ptr<Reading> reading_;
  AnswerWords words_;
  std::vector<std::string> table_names_;
  std::vector<Input> inputs_;  // of all tables
  std::string_view phase_;
  std::string_view then_;
  std::unique_ptr<SqlSession> session_;
  bool counts_skipdata_ = false;
  std::vector<std::vector<FieldId>> needs_;
  bool expects_sort_ = false;
  bool has_read_ = false;
  bool has_answered_ = false;
};

/// The zone of --tz as SQL names it: `+02:00` is Etc/GMT-2.
std::string sql_time_zone(const TimeZone& zone);

struct SqlWords {
  std::optional<std::string> query;  ///< nothing: a prompt, or standard input, has it
  std::vector<std::string> inputs;   ///< of the table flows
};

/// The first word is the query, unless -f names a file with it, or the word is a file, a directory
/// or a pattern: then all are inputs. Without any input, standard input is one if it is no terminal
/// and not where the query comes from.
/// Errors: usage; unreadable for the file of -f.
Result<SqlWords> read_sql_words(const Options& options);

/// Reads a query to its end from a file, or from standard input for `-`.
/// Errors: not_found, unreadable; usage if it is too long for a query.
Result<std::string> read_query_file(const std::string& name);

}  // namespace weir::cli
