// SPDX-License-Identifier: Apache-2.0
// cli: the words behind `weir sql` -> the query and the inputs.
#include "cli/sql_words.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "cli/reading.hpp"
#include "weir/source.hpp"

namespace weir::cli {
namespace {

bool is_on_disk(const std::string& word) {
  struct stat status {};
  return stat(word.c_str(), &status) == 0;
}

/// No statement of SQL is one word.
bool is_input(const std::string& word) {
  return word == "-" || is_on_disk(word) || word.find_first_of(" \t\n(;") == std::string::npos;
}

}  // namespace

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
