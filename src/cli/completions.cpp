// SPDX-License-Identifier: Apache-2.0
// cli: the words that the completions of all shells are made of.
#include "cli/completions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "weir/field.hpp"
#include "weir/report.hpp"

namespace weir::cli {
namespace {

std::string join_words(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

std::string field_words() {
  std::vector<std::string_view> names;
  for (const FieldInfo& field : field_catalogue()) names.push_back(field.name);
  return join_words(names);
}

std::string report_words() {
  std::vector<std::string_view> names;
  for (const Report& report : reports()) names.push_back(report.name);
  return join_words(names);
}

std::string output_words() {
  return fmt::format("{}", fmt::join(flag_of(FlagId::output).choices, " "));
}

std::string flag_words(const Flag& flag) {
  return flag.letter == 0 ? fmt::format("--{}", flag.name)
                          : fmt::format("-{} --{}", flag.letter, flag.name);
}

std::string value_flag_words() {
  std::vector<std::string> words;
  for (const Flag& flag : flags()) {
    if (flag.kind == ValueKind::none) continue;
    std::string written = flag_words(flag);
    if (std::find(words.begin(), words.end(), written) == words.end()) {
      words.push_back(std::move(written));
    }
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string verbs_taking(FlagId id) {
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs()) {
    if (verb.has(id)) names.push_back(verb.name);
  }
  return join_words(names);
}

std::string verbs_taking(Arguments arguments) {
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs()) {
    if (verb.arguments == arguments) names.push_back(verb.name);
  }
  return join_words(names);
}

}  // namespace weir::cli
