// SPDX-License-Identifier: Apache-2.0
// cli: the table of verbs. The command line, help, the manual page and completions are made from
// it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "cli/flags.hpp"

namespace weir::cli {

/// A verb's own words, for completion.
enum class Arguments : std::uint8_t {
  none,
  inputs,
  fields_and_inputs,  ///< `srcaddr,dstport INPUT...`
  query_and_inputs,
  report_and_inputs,
  field_names,
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
  std::string_view usage;    ///< what stands behind the flags: `FIELDS [INPUT...]`
  std::string_view summary;  ///< what it does, in one line that begins with an imperative
  Arguments arguments;
  std::span<const FlagGroup> groups;  ///< in the order of the help
  std::array<Example, 3> examples;
  int (*run)(const Options& options);

  bool has(FlagId id) const;
};

std::span<const Verb> verbs();
/// Null if no verb has this name.
const Verb* find_verb(std::string_view name);

}  // namespace weir::cli
