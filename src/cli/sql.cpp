// SPDX-License-Identifier: Apache-2.0
// cli: `weir sql`: questions in SQL.
#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/sql_prompt.hpp"
#include "cli/sql_run.hpp"
#include "cli/sql_words.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace weir::cli {

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
