// SPDX-License-Identifier: Apache-2.0
// cli: the table of flags. The command line, help, the manual page and completions are made from
// it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/options.hpp"

namespace weir::cli {

/// One for each row of the table. A name that means different things to different verbs has
/// several.
enum class FlagId : std::uint8_t {
  where,
  where_pairs,
  where_suggest,
  since,
  until,
  limit,
  limit_sql,
  limit_report,
  by,
  count,
  every,
  every_timeline,
  split,
  dedup,
  each,
  grouped,
  config,
  proposed,
  guard,
  findings,
  guess,
  as,
  interface,
  group,
  max_rules,
  widen,
  force,
  file,
  table,
  safe,
  set,
  sql,
  prices,
  output,
  fields,
  partition,
  format,
  strict,
  rejects,
  memory,
  temp_dir,
  threads,
  tz,
  color,
  progress,
  quiet,
  verbose,
  seed,
  size,
  records,
  fields_synth,
  output_synth,
  objects,
  plain,
  day,
  config_synth,
  interfaces,
};

/// What the value of a flag is: what is checked before a verb sees it, and what a shell completes.
enum class ValueKind : std::uint8_t {
  none,        ///< a switch
  text,        ///< whatever its verb can read
  choice,      ///< one of `choices`
  suggestion,  ///< one of `choices`, or another text
  output,      ///< one of `choices`, with `:FILE` behind it or not
  file,
  directory,
  field,
  fields,  ///< names of fields between commas
};

/// What a flag that is given twice means. Nothing that was asked for is dropped in silence: of two
/// values the last one counts only where the flag is a preference, which an alias may set first.
enum class Repeat : std::uint8_t {
  last,   ///< the last value counts; a switch is on
  once,   ///< usage error, unless both values are the same: it says what is asked or where it goes
  every,  ///< a list: each value is one more
  all,    ///< conditions: all of them hold
};

struct Flag {
  FlagId id;
  char letter;             ///< 0: no short form
  std::string_view name;   ///< without the hyphens
  std::string_view value;  ///< `EXPR`; empty for a switch
  std::string_view help;   ///< what it does, for `weir VERB --help`
  std::string_view more;   ///< what only the manual says, in full sentences, or empty
  ValueKind kind;
  Repeat repeat;
  std::variant<std::string Options::*, bool Options::*, std::vector<std::string> Options::*> target;
  std::span<const std::string_view> choices = {};
};

/// Flags that stand under one title in the help.
struct FlagGroup {
  std::string_view title;
  std::span<const FlagId> flags;
};

std::span<const Flag> flags();
const Flag& flag_of(FlagId id);
/// `auto, always or never`.
std::string words_of(std::span<const std::string_view> choices);

/// `help` and, for a flag whose values add up, that it may be given several times.
std::string help_of(const Flag& flag);
/// What giving a flag twice means, as one paragraph for the manual: made from the table.
std::string repeated_flags_text();

}  // namespace weir::cli
