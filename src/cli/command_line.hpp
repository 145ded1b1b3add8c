// SPDX-License-Identifier: Apache-2.0
// cli: the words of a command line -> a verb's Options.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "weir/result.hpp"

namespace weir::cli {

/// Reads the words behind the verb, in any order: `--limit 5`, `--limit=5`, `-n 5`, `-n5`, `-qn5`.
/// `-` is an argument; behind `--` everything is one.
/// Errors: usage, for unknown flags, missing values, and values that a flag's choices lack.
Result<Options> parse_command_line(const Verb& verb, std::span<const std::string_view> words);

/// The error for a word in the verb's place that is none.
Error unknown_verb(std::string_view word);

}  // namespace weir::cli
