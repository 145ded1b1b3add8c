// SPDX-License-Identifier: Apache-2.0
// cli: the table of verbs and flags. Parsing, help and messages come from it.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/options.hpp"

namespace weir::cli {

/// One flag. A flag with a value has a `value` word, a switch has none. Of a flag that is given
/// several times the last one counts, unless it is a list.
struct Flag {
  char letter;             ///< 0: no short form
  std::string_view name;   ///< without the hyphens
  std::string_view value;  ///< `EXPR`
  std::string_view help;
  std::variant<std::string Options::*, bool Options::*, std::vector<std::string> Options::*> target;
  std::string_view verb = {};  ///< the only verb in which it means this, or empty
};

struct Example {
  std::string_view command;
  std::string_view meaning;
};

/// Exit statuses, the same for every verb.
inline constexpr int kComplete = 0;
inline constexpr int kPartial = 1;
inline constexpr int kNoAnswer = 2;
inline constexpr int kGuardFound = 3;

struct Verb {
  std::string_view name;
  std::string_view arguments;  ///< `FIELDS [INPUT...]`
  std::string_view question;   ///< the question it answers, one line
  std::string_view flags;      ///< names of its flags, blank-separated, in the order of the help
  std::array<Example, 3> examples;
  int (*run)(const Options& options);
};

std::span<const Flag> flags();
std::span<const Verb> verbs();
/// What a flag means to a verb.
const Flag& find_flag(std::string_view name, const Verb& verb);
const Verb* find_verb(std::string_view name);

/// The text of `weir --help` and of `weir VERB --help`, 80 columns.
std::string general_help();
std::string verb_help(const Verb& verb);

}  // namespace weir::cli
