// SPDX-License-Identifier: Apache-2.0
// cli: the words behind `weir sql` -> the query and the inputs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "weir/result.hpp"

namespace weir::cli {

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
