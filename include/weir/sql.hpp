// SPDX-License-Identifier: Apache-2.0
// sql: flow logs as tables, and answers to questions in SQL. DuckDB does the work; it is looked for
// when a session is opened (docs/sql.md says where).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/pipeline.hpp"
#include "weir/render.hpp"
#include "weir/result.hpp"

namespace weir {

/// Flow logs under a name.
///
/// Shape:   the columns are the fields of all formats that the objects begin with, as column_name()
///          spells them; `start_time`, `end_time` and `date` where there are `start` and `end`; and
///          `source_file` and `line_number`. docs/sql.md has the types.
struct SqlTable {
  std::string name;           ///< `flows`
  std::vector<Input> inputs;  ///< as expand_inputs() lists them; each is read more than once
  RunOptions options;         ///< filter, times, formats; its fields and threads are not read
  /// Fields that the table has in any case, with hyphens: null where no object has them.
  std::vector<std::string> more_fields = {};
  /// Called once, before the objects are looked at for the first time.
  std::function<Result<void>()> before_reading;
};

struct SqlOptions {
  std::vector<SqlTable> tables;
  std::size_t threads = 0;         ///< 0: as many as the machine has
  std::uint64_t memory_bytes = 0;  ///< what DuckDB and weir may use together; 0: no limit of ours
  std::string temp_directory;      ///< where what has no room in memory goes; empty: $TMPDIR, /tmp
  /// Refuses statements that change anything or reach anything but the tables: for services that
  /// run the SQL of strangers.
  bool safe = false;
  /// In which times are shown and local ones are meant: an IANA name.
  std::string time_zone = "UTC";
};

/// The version of DuckDB that sessions use, `v1.4.4`, and its file.
/// Errors: unsupported if there is none, or another version.
struct SqlEngine {
  std::string version;
  std::string file;
};
Result<SqlEngine> find_sql_engine();

/// A column of a table, as `DESCRIBE` gives it.
struct SqlColumn {
  std::string name;
  std::string type;
  bool is_absent = false;  ///< no object has it: it is there because SqlTable::more_fields asks
};

/// The rows of an answer, as they come.
///
/// Shape:   a statement without rows has no columns. Cells are such that a ResultWriter gives every
///          type exactly: integers of any size, decimals and truth values as numbers of JSON;
///          lists, structs and maps as JSON; times with a zone as instants; the other types as
///          their text.
/// Threads: one at a time.
class SqlAnswer {
 public:
  virtual ~SqlAnswer() = default;
  virtual const std::vector<ResultColumn>& columns() const = 0;
  /// Fills `row` and returns true, or returns false at the end.
  /// Errors: what DuckDB says; the place of a mistake is in `excerpt`.
  virtual Result<bool> next(std::vector<Cell>& row) = 0;
};

/// A database in memory that sees flow logs as tables.
///
/// Memory:  bounded by SqlOptions::memory_bytes; what has no room goes to a folder of the session's
///          own below temp_directory. The folder is gone when the session is, and one that a killed
///          process left behind goes when the next session opens.
/// Threads: one at a time, but for interrupt() and share().
class SqlSession {
 public:
  /// Errors: unsupported without DuckDB; unreadable for a temp_directory that cannot be written;
  /// usage.
  static Result<std::unique_ptr<SqlSession>> open(SqlOptions options);
  virtual ~SqlSession() = default;

  /// Runs one statement. Its answer must be gone before the session runs another.
  /// Errors: usage, with the place in `excerpt`; what reading the tables reports.
  virtual Result<std::unique_ptr<SqlAnswer>> run(const std::string& statement) = 0;

  /// True if a statement is a question, which COPY can write to a file; nothing is run.
  /// Errors: usage, with the place in `excerpt`.
  virtual Result<bool> is_question(const std::string& statement) = 0;

  /// The statements of a text, without the semicolons between them.
  static std::vector<std::string> split(std::string_view sql);
  /// True if a text ends inside a statement: within quotes, or before its semicolon.
  static bool is_incomplete(std::string_view sql);

  /// Columns of a table. Errors: not_found, and what looking at its objects reports.
  virtual Result<std::vector<SqlColumn>> describe(const std::string& table) = 0;

  /// Ends what is running, within a tenth of a second: it fails.
  /// Threads: may be called by any.
  virtual void interrupt() = 0;

  /// How much of what is running is done, 0..1, if DuckDB knows.
  /// Threads: may be called by any.
  virtual std::optional<double> share() = 0;

  /// What reading a table has found out so far, or nothing if no statement has read it to an end.
  /// One that was read several times is counted once.
  virtual std::optional<RunReport> report(const std::string& table) const = 0;
  /// Fields that objects had and the columns of a table lack: they appeared after the first record.
  virtual std::vector<std::string> late_fields(const std::string& table) const = 0;
  /// Makes columns of them, for the statements to come.
  virtual void learn_late_fields(const std::string& table) = 0;
  /// Numbers of a table that no signed integer of SQL holds, and that became null.
  virtual std::uint64_t unfit_numbers(const std::string& table) const = 0;
  /// Texts of a table that are not UTF-8, as SQL's must be; their broken bytes became U+FFFD.
  virtual std::uint64_t mended_texts(const std::string& table) const = 0;
};

}  // namespace weir
