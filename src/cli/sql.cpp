// SPDX-License-Identifier: Apache-2.0
// cli: `weir sql`: questions in SQL, of the command line or at a prompt.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/line_editor.hpp"
#include "cli/reading.hpp"
#include "cli/sql_run.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace weir::cli {
namespace {

/// Words that Tab completes besides columns and tables. Functions of weir's own are among them.
constexpr std::array kWords = {"SELECT",     "FROM",           "WHERE",          "GROUP BY",
                               "ORDER BY",   "LIMIT",          "HAVING",         "DISTINCT",
                               "DESC",       "count(*)",       "sum(",           "avg(",
                               "min(",       "max(",           "JOIN",           "LEFT JOIN",
                               "USING",      "WITH",           "BETWEEN",        "LIKE",
                               "IN",         "IS NULL",        "IS NOT NULL",    "DESCRIBE",
                               "SUMMARIZE",  "EXPLAIN",        "date_trunc(",    "time_bucket(",
                               "read_csv(",  "read_parquet(",  "cidr_contains(", "is_private(",
                               "is_public(", "protocol_name(", "port_name(",     "tcp_flags_text("};

constexpr std::array kCommands = {".help", ".quit", ".schema", ".tables", ".timer"};

constexpr std::string_view kHelp =
    "Statements end with a semicolon and may take several lines; Ctrl-C ends one that runs.\n"
    "  .schema [TABLE]  columns and their types\n"
    "  .tables          the tables of flow logs\n"
    "  .timer [on|off]  how long statements take\n"
    "  .quit            or Ctrl-D\n"
    "A file is a table too: FROM 'assets.csv'. docs/sql.md has columns, functions and examples.\n";

bool same_start(std::string_view word, std::string_view start) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return word.size() >= start.size() &&
         std::equal(start.begin(), start.end(), word.begin(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

class Prompt {
 public:
  explicit Prompt(SqlRun& run)
      : run_(run),
        editor_(history_file("sql"), [this](std::string_view line) { return complete(line); }) {}

  int work();

 private:
  void greet();
  void answer(const std::string& statement);
  /// False at `.quit`.
  bool obey(const std::string& line);
  void show_schema(const std::string& table);
  std::vector<std::string> complete(std::string_view line);

  SqlRun& run_;
  LineEditor editor_;
  bool times_ = false;
};

int Prompt::work() {
  greet();
  std::string statement;
  std::string line;
  while (true) {
    const auto outcome = editor_.read(statement.empty() ? "sql> " : "...> ", line);
    if (outcome == LineEditor::Outcome::end) break;
    if (outcome == LineEditor::Outcome::interrupted) {
      statement.clear();
      continue;
    }
    if (statement.empty() && line.starts_with('.')) {
      if (!obey(line)) break;
      continue;
    }
    statement += line;
    statement += '\n';
    if (SqlSession::is_incomplete(statement)) continue;
    for (const std::string& each : SqlSession::split(statement)) answer(each);
    statement.clear();
  }
  return run_.finish({});
}

void Prompt::greet() {
  const Result<SqlEngine> engine = find_sql_engine();
  print_output(fmt::format("weir {}, DuckDB {}. ", WEIR_VERSION, engine ? engine->version : ""));
  if (run_.table_names().empty()) {
    print_output("No inputs were named: `weir sql INPUT...` makes them the table flows.\n");
  } else {
    print_output(fmt::format("Table{} {}: .schema shows the columns, .help the rest.\n",
                             run_.table_names().size() == 1 ? "" : "s",
                             fmt::join(run_.table_names(), ", ")));
  }
}

void Prompt::answer(const std::string& statement) {
  const auto begin = std::chrono::steady_clock::now();
  run_.watch().forget();
  const Result<void> ended = run_.answer(statement);
  if (run_.watch().signal() != 0) {
    run_.watch().forget();
    print_message("ended");
  } else if (!ended) {
    print_error(ended.error());
  }
  if (!times_) return;
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  print_output(fmt::format("{:.3f} s\n", taken.count()));
}

bool Prompt::obey(const std::string& line) {
  const std::size_t blank = std::min(line.find(' '), line.size());
  const std::string command = line.substr(0, blank);
  const std::size_t begin = line.find_first_not_of(" \t", blank);
  std::string argument = begin == std::string::npos ? "" : line.substr(begin);
  argument.erase(std::min(argument.find_last_not_of(" \t;") + 1, argument.size()));
  if (command == ".quit" || command == ".exit") return false;
  if (command == ".help") {
    print_output(kHelp);
  } else if (command == ".tables") {
    for (const std::string& name : run_.table_names()) print_output(fmt::format("{}\n", name));
  } else if (command == ".schema") {
    show_schema(argument);
  } else if (command == ".timer") {
    times_ = argument.empty() ? !times_ : argument == "on";
    print_output(fmt::format("times are {}\n", times_ ? "shown" : "not shown"));
  } else {
    print_error(usage_error(fmt::format("no command '{}'", command),
                            fmt::format("there are {}", fmt::join(kCommands, ", "))));
  }
  return true;
}

void Prompt::show_schema(const std::string& table) {
  for (const std::string& name : run_.table_names()) {
    if (!table.empty() && table != name) continue;
    const auto columns = run_.session().describe(name);
    if (!columns) {
      print_error(columns.error());
      continue;
    }
    print_output(fmt::format("{}\n", name));
    for (const SqlColumn& column : *columns) {
      print_output(fmt::format("  {:<28} {}\n", for_terminal(column.name), column.type));
    }
  }
}

/// Columns and tables come first: these are what people look up.
std::vector<std::string> Prompt::complete(std::string_view line) {
  std::size_t begin = line.size();
  const auto is_part = [](char c) {
    return c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  };
  while (begin > 0 && is_part(line[begin - 1])) --begin;
  const std::string_view word = line.substr(begin);
  std::vector<std::string> found;
  const auto add = [&](std::string_view known) {
    // What cannot be shown as it is cannot be offered.
    if (!same_start(known, word) || for_terminal(known) != known) return;
    // What was typed stays as it was typed.
    std::string spelled = std::string(word) + std::string(known.substr(word.size()));
    if (std::find(found.begin(), found.end(), spelled) == found.end()) {
      found.push_back(std::move(spelled));
    }
  };
  if (word.starts_with('.')) {
    for (const char* const command : kCommands) add(command);
    return found;
  }
  if (word.empty()) return found;
  for (const std::string& name : run_.table_names()) {
    add(name);
    const auto columns = run_.session().describe(name);
    if (!columns) continue;
    for (const SqlColumn& column : *columns) add(column.name);
  }
  for (const char* const known : kWords) add(known);
  return found;
}

/// Reads statements from the terminal until its end and answers each. Returns the exit status.
int run_sql_prompt(SqlRun& run) { return Prompt(run).work(); }

}  // namespace

int run_sql(const Options& options) {
  Result<SqlWords> words = read_sql_words(options);
  if (!words) return fail(words.error());
  const bool asks_person = !words->query && stdin_is_terminal();
  if (!words->query && !asks_person) {
    Result<std::string> query = read_query_file("-");
    if (!query) return fail(query.error());
    words->query = *std::move(query);
  }
  SqlRun run(options);
  if (Result<void> opened = run.open(std::move(words->inputs)); !opened) {
    return fail(opened.error());
  }
  return asks_person ? run_sql_prompt(run) : run.finish(run.answer_all(*words->query));
}

}  // namespace weir::cli
