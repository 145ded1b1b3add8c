// SPDX-License-Identifier: Apache-2.0
// sql: records and answers -> Parquet files.
#include "weir/parquet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "duckdb/instance.hpp"
#include "sql/whole_files.hpp"

namespace weir {
namespace {

using duckdb::quoted_name;
using duckdb::quoted_text;
using sql::WholeFiles;

struct PartitionName {
  ParquetPartition partition;
  std::string_view name;
};
constexpr PartitionName kPartitions[] = {{ParquetPartition::account_id, "account-id"},
                                         {ParquetPartition::day, "day"},
                                         {ParquetPartition::hour, "hour"}};

/// A level of AWS's folders: its key, the column that gives its value (none: it is always the
/// same), and from which partition on it is there.
/// Source: AWS VPC User Guide, "Flow log files", Hive-compatible S3 prefixes.
struct Level {
  std::string_view key;
  std::string_view column;
  std::string_view form;  ///< of a time, or the value
  ParquetPartition from;
};
constexpr Level kLevels[] = {
    {"aws-account-id", "account_id", {}, ParquetPartition::account_id},
    {"aws-service", {}, "vpcflowlogs", ParquetPartition::account_id},
    {"aws-region", "region", {}, ParquetPartition::account_id},
    {"year", "start", "%Y", ParquetPartition::day},
    {"month", "start", "%m", ParquetPartition::day},
    {"day", "start", "%d", ParquetPartition::day},
    {"hour", "start", "%H", ParquetPartition::hour},
};

/// The value in SQL. Hive and Athena have a name for the folder of those without one, of times
/// beyond the year 9999, too.
std::string value_of(const Level& level) {
  if (level.column.empty()) return quoted_text(level.form);
  const std::string column = quoted_name(level.column);
  const std::string value =
      level.form.empty()
          ? column
          : fmt::format(
                "CASE WHEN {0} < 253402300800 THEN strftime(make_timestamp({0} * 1000000), "
                "{1}) END",
                column, quoted_text(level.form));
  return fmt::format("coalesce({}, '__HIVE_DEFAULT_PARTITION__')", value);
}

/// Runs a statement for its effect.
Result<void> execute(SqlSession& session, const std::string& statement) {
  const auto answer = session.run(statement);
  if (!answer) return Unexpected(answer.error());
  return {};
}

/// The texts of an answer's first column.
Result<std::vector<std::string>> texts_of(SqlSession& session, const std::string& question) {
  auto answer = session.run(question);
  if (!answer) return Unexpected(std::move(answer.error()));
  std::vector<std::string> texts;
  std::vector<Cell> row;
  while (true) {
    const Result<bool> more = (*answer)->next(row);
    if (!more) return Unexpected(more.error());
    if (!*more) return texts;
    const auto* const text = row.empty() ? nullptr : std::get_if<std::string>(&row.front());
    texts.push_back(text == nullptr ? "" : *text);
  }
}

/// Keeps to one thread while something is done.
Result<void> with_one_thread(SqlSession& session, const std::function<Result<void>()>& work) {
  auto threads = texts_of(session, "SELECT current_setting('threads')::VARCHAR");
  if (!threads) return Unexpected(std::move(threads.error()));
  auto done = execute(session, "SET threads = 1");
  if (done) done = work();
  auto reset = execute(session, "SET threads = " + threads->front());
  return done ? reset : done;
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + quoted_name(name);
  return list;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string copy_statement(const std::string& question, const std::string& path,
                           const std::string& more = {}) {
  return fmt::format("COPY ({}\n) TO {} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {}{})",
                     question, quoted_text(path), kParquetGroupRows, more);
}

/// The records of a table: what is selected, and in which order.
class Records {
 public:
  /// Errors: what looking at the table reports.
  static Result<Records> of(SqlSession& session, const std::string& table,
                            const ParquetOptions& options) {
    Records records;
    records.from_ = fmt::format("weir_records({})", quoted_text(table));
    auto columns = texts_of(session, "DESCRIBE SELECT * FROM " + records.from_);
    if (!columns) return Unexpected(std::move(columns.error()));
    // The last two say where a record stands in the input.
    records.places_ = {columns->end() - 2, columns->end()};
    columns->resize(columns->size() - 2);
    records.columns_ = *std::move(columns);
    if (options.limit) {
      records.from_ = fmt::format("(SELECT * FROM {} LIMIT {})", records.from_, *options.limit);
    }
    return records;
  }

  const std::vector<std::string>& columns() const { return columns_; }

  std::string select(const std::vector<std::string>& columns, const std::vector<Level>& levels) {
    std::string list = listed(columns);
    std::vector<std::string> order;
    for (const Level& level : levels) {
      list += fmt::format(", {} AS {}", value_of(level), quoted_name(level.key));
      order.emplace_back(level.key);
    }
    if (has(columns_, "start")) order.emplace_back("start");
    order.insert(order.end(), places_.begin(), places_.end());
    return fmt::format("SELECT {} FROM {} ORDER BY {}", list, from_, listed(order));
  }

 private:
  Records() = default;

  std::string from_;
  std::vector<std::string> columns_;
  std::vector<std::string> places_;
};

Result<std::vector<std::string>> chosen_columns(const Records& records,
                                                const ParquetOptions& options) {
  if (!options.fields) return records.columns();
  std::vector<std::string> chosen;
  for (const FormatField& field : options.fields->fields()) {
    chosen.push_back(column_name(field.name));
    if (has(records.columns(), chosen.back())) continue;
    const std::string version =
        field.id == FieldId::unknown
            ? ""
            : fmt::format(", which version {} introduced", field_info(field.id).version);
    return Unexpected(usage_error(fmt::format("no input has the field {}{}", field.name, version),
                                  "`weir check INPUT` shows the fields of every input"));
  }
  return chosen;
}

/// The levels of a partition that the records tell.
Result<std::vector<Level>> levels_of(const Records& records, const ParquetOptions& options,
                                     const std::vector<std::string>& chosen) {
  std::vector<Level> levels;
  const bool by_account = options.partition == ParquetPartition::account_id;
  const std::string_view needed = by_account ? "account_id" : "start";
  if (!has(records.columns(), needed)) {
    return Unexpected(
        usage_error(fmt::format("no input has the field {}, which tells the partition",
                                by_account ? "account-id" : "start"),
                    "`weir check INPUT` shows the fields of every input"));
  }
  for (const Level& level : kLevels) {
    if (level.from > options.partition) continue;
    if (!level.column.empty() && !has(records.columns(), level.column)) continue;
    if (has(chosen, level.key)) {
      return Unexpected(usage_error(
          fmt::format("there is a field {}, and the partition makes a column of this name",
                      level.key),
          "leave it out: --fields LIST"));
    }
    levels.push_back(level);
  }
  return levels;
}

Result<void> copy_file(SqlSession& session, Records& records,
                       const std::vector<std::string>& columns, const WholeFiles& files) {
  return execute(session, copy_statement(records.select(columns, {}), files.growing()));
}

/// DuckDB does not keep an order when several of its threads write partitions. So records are
/// sorted by all threads into one file, and handed to their folders by one.
Result<void> copy_tree(SqlSession& session, Records& records,
                       const std::vector<std::string>& columns, const std::vector<Level>& levels,
                       const WholeFiles& files, Progress* progress) {
  const std::string sorted = quoted_text(files.scratch());
  auto done = execute(session, fmt::format("COPY ({}) TO {} (FORMAT parquet, COMPRESSION lz4)",
                                           records.select(columns, levels), sorted));
  if (!done) return done;
  if (progress != nullptr) progress->begin("writing Parquet");
  // A part is written whenever so many rows have come: whole groups.
  done = execute(session,
                 fmt::format("SET partitioned_write_flush_threshold = {}", 4 * kParquetGroupRows));
  if (!done) return done;
  std::vector<std::string> keys;
  keys.reserve(levels.size());
  for (const Level& level : levels) keys.emplace_back(level.key);
  const std::string statement = copy_statement(
      fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false)", sorted),
      files.growing() + "/AWSLogs",
      fmt::format(", OVERWRITE true, PARTITION_BY ({})", listed(keys)));
  return with_one_thread(session, [&] { return execute(session, statement); });
}

Result<void> write_once(SqlSession& session, const std::string& table,
                        const ParquetOptions& options, const WholeFiles& files) {
  auto records = Records::of(session, table, options);
  if (!records) return Unexpected(std::move(records.error()));
  auto columns = chosen_columns(*records, options);
  if (!columns) return Unexpected(std::move(columns.error()));
  if (options.partition == ParquetPartition::none) {
    return copy_file(session, *records, *columns, files);
  }
  auto levels = levels_of(*records, options, *columns);
  if (!levels) return Unexpected(std::move(levels.error()));
  return copy_tree(session, *records, *columns, *levels, files, options.progress);
}

Result<void> write_all(SqlSession& session, const std::string& table, const ParquetOptions& options,
                       const WholeFiles& files) {
  if (auto done = write_once(session, table, options, files); !done) return done;
  if (session.late_fields(table).empty()) return {};
  // A field that came up behind an object's first record was no column yet.
  session.learn_late_fields(table);
  return options.fields ? Result<void>() : write_once(session, table, options, files);
}

}  // namespace

std::optional<ParquetPartition> find_parquet_partition(std::string_view name) noexcept {
  for (const PartitionName& known : kPartitions) {
    if (known.name == name) return known.partition;
  }
  return std::nullopt;
}

Result<void> write_parquet(SqlSession& session, const std::string& table,
                           const ParquetOptions& options) {
  const bool is_tree = options.partition != ParquetPartition::none;
  auto files = is_tree ? WholeFiles::for_tree(options.path)
                       : WholeFiles::for_file(options.path, std::string(kUsualParquetName));
  if (!files) return Unexpected(std::move(files.error()));
  const auto write = [&] { return write_all(session, table, options, *files); };
  // A single reader hands out records in order, and can stop after so many.
  Result<void> done = options.limit ? with_one_thread(session, write) : write();
  if (!done) return Unexpected(sql::explain_write(std::move(done.error()), *files));
  if (options.before_naming) {
    if (auto accepted = options.before_naming(); !accepted) return accepted;
  }
  return is_tree ? files->name_tree("flows", ".parquet") : files->name_file();
}

Result<void> write_parquet_answer(SqlSession& session, const std::string& question,
                                  const ParquetOptions& options) {
  auto files = WholeFiles::for_file(options.path, "answer.parquet");
  if (!files) return Unexpected(std::move(files.error()));
  const std::string limited =
      options.limit ? fmt::format("SELECT * FROM ({}\n) LIMIT {}", question, *options.limit)
                    : question;
  Result<void> done = execute(session, copy_statement(limited, files->growing()));
  if (!done) return Unexpected(sql::explain_write(std::move(done.error()), *files));
  if (options.before_naming) {
    if (auto accepted = options.before_naming(); !accepted) return accepted;
  }
  return files->name_file();
}

}  // namespace weir
