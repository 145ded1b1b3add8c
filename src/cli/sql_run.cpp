// SPDX-License-Identifier: Apache-2.0
// cli: a session of SQL over the inputs.
#include "cli/sql_run.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/number_words.hpp"
#include "cli/grouping.hpp"
#include "cli/reading.hpp"
#include "cli/sections.hpp"
#include "cli/terminal.hpp"
#include "render/table_notes.hpp"
#include "source/spool.hpp"
#include "weir/parquet.hpp"
#include "weir/source.hpp"

namespace weir::cli {
namespace {

/// What a sort is told to keep to, in sixteenths. Measured: told 256 MiB, one of ten times as much
/// had 275 to 330 MiB resident; told 208, 228 to 238.
constexpr std::uint64_t kSixteenthsOfSort = 13;

/// Rows of a table for people, unless -n says otherwise: it is in memory before it is drawn.
constexpr std::uint64_t kUsualRows = 1000;

constexpr std::uint64_t kAllRows = ~std::uint64_t{0};

Error second_answer() {
  return usage_error("the query returns two results; only -o table can hold more than one",
                     "run the statements one at a time, or use -o table");
}

/// `NAME=INPUT` -> its two parts. Errors: usage.
Result<std::pair<std::string, std::string>> split_table(const std::string& text) {
  const std::size_t place = text.find('=');
  const auto is_word = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const std::string name = text.substr(0, place);
  const bool good = place != std::string::npos && place > 0 && place + 1 < text.size() &&
                    std::all_of(name.begin(), name.end(), is_word);
  if (good) return std::pair(name, text.substr(place + 1));
  return Unexpected(usage_error(fmt::format("cannot read '{}' as NAME=INPUT (--table)", text),
                                "NAME is letters, digits and _: --table before=old-logs/"));
}

bool is_byte_count(const ResultColumn& column) {
  const bool is_named = column.name == "bytes" || column.name.ends_with("_bytes");
  return is_named && column.kind == CellKind::count;
}

/// Money is shown to four places, and to programs with all that it has.
std::optional<std::size_t> money_column(const std::vector<ResultColumn>& columns) {
  const auto found = std::find_if(columns.begin(), columns.end(), [](const ResultColumn& column) {
    return column.name.ends_with("_usd");
  });
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

double money_of(const Cell& cell) {
  const auto* const value = std::get_if<double>(&cell);
  return value == nullptr ? 0 : *value;
}

Cell shown_money(const Cell& cell) {
  const auto* const value = std::get_if<double>(&cell);
  if (value == nullptr) return cell;
  constexpr double kLeastShown = 0.0001;
  if (*value > 0 && *value < kLeastShown) return std::string("<0.0001");
  return fmt::format("{:.4f}", *value);
}

/// Adds what the reading of one table has found out to that of others.
void add_report(RunReport& sum, RunReport report) {
  sum.objects += report.objects;
  sum.records += report.records;
  sum.matched += report.matched;
  sum.rejected += report.rejected;
  sum.repeated_names += report.repeated_names;
  sum.skipdata += report.skipdata;
  sum.coverage.add(report.coverage);
  sum.unpacked_bytes += report.unpacked_bytes;
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(sum.failures, report.failures);
  sum.more_failures += report.more_failures;
  sum.members_left_out += report.members_left_out;
  append(sum.changed_files, report.changed_files);
  append(sum.other_logs, report.other_logs);
  append(sum.rejects, report.rejects);
  append(sum.reject_objects, report.reject_objects);
  append(sum.formats, report.formats);
  append(sum.absent_fields, report.absent_fields);
  if (!sum.fatal) sum.fatal = std::move(report.fatal);
}

bool is_on_disk(const std::string& word) {
  struct stat status {};
  return stat(word.c_str(), &status) == 0;
}

/// No statement of SQL is one word.
bool is_input(const std::string& word) {
  return word == "-" || is_on_disk(word) || word.find_first_of(" \t\n(;") == std::string::npos;
}

}  // namespace

std::string sql_time_zone(const TimeZone& zone) {
  std::string name = zone.name();
  // Etc/GMT-2 is two hours east, as POSIX counts.
  const bool is_hours = name.size() == 6 && name.ends_with(":00");
  if (!is_hours || (name[0] != '+' && name[0] != '-')) return name;
  const std::size_t digits = name[1] == '0' ? 2 : 1;
  return std::string("Etc/GMT") + (name[0] == '+' ? '-' : '+') + name.substr(digits, 3 - digits);
}

/// Tables are read more than once, if only to see what columns they have.
Result<void> SqlRun::check_inputs(const std::vector<Input>& inputs) {
  for (const Input& input : inputs) {
    struct stat status {};
    const std::optional<std::string> path = input.path();
    if (!path || stat(path->c_str(), &status) != 0 || !S_ISFIFO(status.st_mode)) continue;
    return Unexpected(usage_error(
        fmt::format("{} is a pipe, and what comes through it cannot be read twice", *path),
        "give it to standard input"));
  }
  return {};
}

SqlTable SqlRun::make_table(const std::string& name, std::vector<Input> inputs) {
  SqlTable table{.name = name,
                 .inputs = std::move(inputs),
                 .options = reading_->run_options(),
                 .more_fields = {},
                 .before_reading = nullptr};
  if (source::expect_spooled(table.inputs)) {
    table.before_reading = [this] {
      auto spooled = source::spool_standard_input(
          options_.temp_dir, [this] { return watch_.signal() != 0; }, &reading_->progress());
      begin(phase_, then_);
      return spooled;
    };
  }
  inputs_.insert(inputs_.end(), table.inputs.begin(), table.inputs.end());
  return table;
}

Result<std::vector<SqlTable>> SqlRun::make_tables(std::vector<std::string> more_fields) {
  std::vector<SqlTable> tables;
  if (auto good = check_inputs(reading_->inputs()); !good) {
    return Unexpected(std::move(good.error()));
  }
  if (!reading_->inputs().empty()) {
    tables.push_back(make_table(kFlowTable, reading_->inputs()));
    tables.back().more_fields = std::move(more_fields);
  }
  for (const std::string& text : options_.table) {
    auto parts = split_table(text);
    if (!parts) return Unexpected(std::move(parts.error()));
    const std::string& name = parts->first;
    const std::string& input = parts->second;
    const auto has_name = [&](const SqlTable& table) { return table.name == name; };
    if (std::any_of(tables.begin(), tables.end(), has_name)) {
      return Unexpected(usage_error(fmt::format("two tables are named {}", name),
                                    "INPUT... after the query is the table flows"));
    }
    const std::string words[] = {input};
    InputList list = expand_inputs(words);
    if (!list.errors.empty()) return Unexpected(std::move(list.errors.front()));
    if (auto good = check_inputs(list.inputs); !good) return Unexpected(std::move(good.error()));
    tables.push_back(make_table(name, std::move(list.inputs)));
  }
  for (const SqlTable& table : tables) table_names_.push_back(table.name);
  return tables;
}

Result<void> SqlRun::open(std::vector<std::string> inputs, std::vector<std::string> more_fields) {
  auto reading = Reading::prepare_for_sql(options_, std::move(inputs));
  if (!reading) return Unexpected(std::move(reading.error()));
  reading_ = *std::move(reading);
  if (counts_skipdata_) reading_->count_skipdata();
  reading_->need_each(needs_, true);
  reading_->start();
  const auto memory = parse_aggregate_options(options_);
  if (!memory) return Unexpected(memory.error());
  const std::uint64_t bytes =
      expects_sort_ ? memory->memory_bytes / 16 * kSixteenthsOfSort : memory->memory_bytes;
  auto tables = make_tables(std::move(more_fields));
  if (!tables) return Unexpected(std::move(tables.error()));
  auto session = SqlSession::open({.tables = *std::move(tables),
                                   .threads = reading_->run_options().threads,
                                   .memory_bytes = bytes,
                                   .temp_directory = options_.temp_dir,
                                   .safe = options_.safe,
                                   .time_zone = sql_time_zone(reading_->output().style.zone)});
  if (!session) return Unexpected(std::move(session.error()));
  session_ = *std::move(session);
  reading_->progress().ask([this] { return session_->share(); });
  return {};
}

Result<void> SqlRun::answer_all(const std::string& sql) {
  const std::vector<std::string> statements = SqlSession::split(sql);
  if (statements.empty()) {
    return Unexpected(
        usage_error("the query is empty", "weir sql 'SELECT count(*) FROM flows' flow-logs/"));
  }
  for (const std::string& statement : statements) {
    if (Result<void> done = answer(statement); !done) return done;
  }
  return {};
}

Result<std::vector<std::string>> SqlRun::ask(const std::string& statement) {
  std::vector<std::string> values;
  Result<void> ended = guarded([&]() -> Result<void> {
    const Result<std::unique_ptr<SqlAnswer>> answer = session_->run(statement);
    if (!answer) return Unexpected(answer.error());
    constexpr std::size_t kMostValues = 1000;
    std::vector<Cell> row;
    while (values.size() < kMostValues) {
      const Result<bool> more = (*answer)->next(row);
      if (!more) return Unexpected(more.error());
      if (!*more) break;
      const auto* const text = row.empty() ? nullptr : std::get_if<std::string>(&row.front());
      if (text != nullptr) values.push_back(*text);
    }
    return {};
  });
  if (!ended) return Unexpected(std::move(ended.error()));
  return values;
}

void SqlRun::begin(std::string_view phase, std::string_view then) {
  phase_ = phase;
  then_ = then;
  reading_->progress().begin(phase, ProgressUnit::bytes, total_bytes(inputs_), then);
}

Result<void> SqlRun::answer(const std::string& statement) {
  begin("answering", "answering");
  Result<void> ended = guarded([&]() -> Result<void> {
    if (reading_->output().is_parquet) return write_parquet_file(statement);
    Result<std::unique_ptr<SqlAnswer>> answer = session_->run(statement);
    return answer ? write(*std::move(answer)) : Unexpected(answer.error());
  });
  reading_->progress().end();
  return ended;
}

Result<void> SqlRun::guarded(const std::function<Result<void>()>& work) {
  watch_.guard([this] { session_->interrupt(); });
  Result<void> ended = work();
  watch_.guard(nullptr);
  return ended;
}

/// Statements without an answer do what they do.
Result<void> SqlRun::write_parquet_file(const std::string& statement) {
  if (options_.safe) {
    return Unexpected(
        usage_error("--safe and -o parquet cannot be combined: --safe lets DuckDB write no files",
                    "-o csv:FILE"));
  }
  const Result<bool> is_question = session_->is_question(statement);
  if (!is_question) return Unexpected(is_question.error());
  if (!*is_question) {
    const Result<std::unique_ptr<SqlAnswer>> done = session_->run(statement);
    if (!done) return Unexpected(done.error());
    if ((*done)->columns().empty()) return {};
    return Unexpected(
        usage_error("this statement returns no rows that Parquet could hold", "-o table"));
  }
  if (std::exchange(has_answered_, true)) return Unexpected(second_answer());
  ParquetOptions parquet;
  parquet.path = reading_->output().file;
  const std::uint64_t limit = reading_->limit(kAllRows);
  if (limit != kAllRows) parquet.limit = limit;
  return write_parquet_answer(*session_, statement, parquet);
}

Result<void> SqlRun::write(std::unique_ptr<SqlAnswer> answer) {
  const Output& output = reading_->output();
  if (answer->columns().empty()) return {};
  if (output.kind == OutputKind::table) {
    if (std::exchange(has_answered_, true)) {
      if (Result<void> written = output.sink->write("\n"); !written) return written;
    }
    return write_table(std::move(answer));
  }
  if (std::exchange(has_answered_, true)) return Unexpected(second_answer());
  return write_rows(*answer);
}

Result<void> SqlRun::write_table(std::unique_ptr<SqlAnswer> answer) {
  const Output& output = reading_->output();
  const std::uint64_t limit =
      reading_->limit(words_.usual_rows > 0 ? words_.usual_rows : kUsualRows);
  ResultTable table;
  table.columns = answer->columns();
  for (ResultColumn& column : table.columns) {
    if (words_.has_human_bytes && is_byte_count(column)) column.kind = CellKind::byte_count;
  }
  const bool sums = words_.notes_on_sum && money_column(table.columns);
  const std::size_t money = sums ? *money_column(table.columns) : 0;
  double sum = 0;
  bool is_cut = false;
  std::vector<Cell> row;
  while (true) {
    const Result<bool> more = answer->next(row);
    if (!more) return Unexpected(more.error());
    if (!*more) break;
    if (sums) sum += money_of(row[money]);
    is_cut = table.rows.size() == limit;
    if (is_cut && sums) continue;
    if (is_cut) break;
    if (sums) row[money] = shown_money(row[money]);
    table.rows.push_back(std::move(row));
  }
  answer.reset();  // what the reading has found out is there once nobody reads
  if (const auto report = session_->report(kFlowTable); report && !words_.title.empty()) {
    if (const auto words = coverage_words(report->coverage)) {
      const std::string line = render::note_text(*words, output.style);
      if (auto written = output.sink->write(line); !written) return written;
    }
  }
  if (is_cut) {
    table.notes.push_back(fmt::format("the first {}; -n 0 shows all", base::counted(limit, "row")));
  }
  if (sums) {
    for (std::string& note : words_.notes_on_sum(sum)) table.notes.push_back(std::move(note));
  }
  table.notes.insert(table.notes.end(), words_.notes.begin(), words_.notes.end());
  if (!words_.title.empty() && table.rows.empty()) {
    table.notes.insert(table.notes.begin(), "nothing was found");
  }
  if (!words_.title.empty()) return Sections(reading_->output()).write(words_.title, table);
  return write_result(table, OutputKind::table, *output.sink, output.style);
}

Result<void> SqlRun::write_rows(SqlAnswer& answer) {
  const Output& output = reading_->output();
  auto writer = ResultWriter::create(answer.columns(), output.kind, *output.sink,
                                     output.style.machine_zone());
  if (!writer) return Unexpected(std::move(writer.error()));
  const std::uint64_t limit = reading_->limit(kAllRows);
  const bool sums = words_.notes_on_sum && money_column(answer.columns());
  const std::size_t money = sums ? *money_column(answer.columns()) : 0;
  double sum = 0;
  std::vector<Cell> row;
  for (std::uint64_t count = 0;; ++count) {
    if (count >= limit && !sums) break;
    const Result<bool> more = answer.next(row);
    if (!more) return Unexpected(more.error());
    if (!*more) break;
    if (sums) sum += money_of(row[money]);
    if (count >= limit) continue;
    if (Result<void> written = (*writer)->write(row); !written) return written;
  }
  if (auto done = (*writer)->finish(); !done || !sums || reading_->quiet()) return done;
  for (const std::string& note : words_.notes_on_sum(sum)) print_message(note);
  return {};
}

void SqlRun::collect_reports() {
  RunReport sum;
  for (const std::string& name : table_names_) {
    std::optional<RunReport> report = session_->report(name);
    if (!report) continue;
    has_read_ = true;
    add_report(sum, *std::move(report));
    if (reading_->quiet()) continue;
    for (const std::string& field : session_->late_fields(name)) {
      print_warning(
          fmt::format("field {} appeared behind an object's first record and is no column "
                      "of {}",
                      field, name));
    }
    if (const std::uint64_t unfit = session_->unfit_numbers(name); unfit > 0) {
      print_warning(
          fmt::format("{} beyond 63 bits are null in {}", base::counted(unfit, "number"), name));
    }
    if (const std::uint64_t mended = session_->mended_texts(name); mended > 0) {
      print_warning(fmt::format("{} not in UTF-8 in {}: broken bytes became U+FFFD",
                                base::counted(mended, "text"), name));
    }
  }
  reading_->take_report(std::move(sum));
}

int SqlRun::finish(const Result<void>& ended) {
  Result<void> written = ended;
  if (written) written = reading_->output().sink->finish();
  collect_reports();
  const int signal = watch_.signal();
  reading_->progress().ask(nullptr);
  session_.reset();
  if (signal != 0 && !ended) {
    reading_.reset();
    die_of(signal);
  }
  if (!ended && !reading_->output().sink->is_closed_pipe()) return fail(ended.error());
  return reading_->finish(written, has_read_);
}

Result<std::string> read_query_file(const std::string& name) {
  constexpr std::size_t kLongest = std::size_t{16} << 20;
  const Input input(name);
  Result<std::optional<std::string>> text = read_whole(input, kLongest);
  if (!text) return Unexpected(std::move(text.error()));
  if (*text) return **std::move(text);
  return Unexpected(
      usage_error(fmt::format("{} is too long for a query", input.shown_name()),
                  "name logs as INPUT after the query: weir sql 'SELECT ...' flow-logs/"));
}

Result<SqlWords> read_sql_words(const Options& options) {
  SqlWords words;
  words.inputs = options.arguments;
  if (!options.file.empty()) {
    Result<std::string> query = read_query_file(options.file);
    if (!query) return Unexpected(std::move(query.error()));
    words.query = *std::move(query);
  } else if (!words.inputs.empty() && !is_input(words.inputs.front())) {
    words.query = std::move(words.inputs.front());
    words.inputs.erase(words.inputs.begin());
  }
  const bool query_is_read = options.file == "-" || !words.query;
  for (const std::string& input : words.inputs) {
    if (input != "-" || !query_is_read) continue;
    return Unexpected(usage_error("standard input cannot be both the query and an input",
                                  "weir sql 'SELECT ...' -, or -f FILE"));
  }
  if (words.inputs.empty() && options.table.empty() && !query_is_read && !stdin_is_terminal()) {
    words.inputs.emplace_back("-");
  }
  return words;
}

}  // namespace weir::cli
