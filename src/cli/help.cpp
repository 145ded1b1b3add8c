// SPDX-License-Identifier: Apache-2.0
// cli: help in 80 columns.
#include "cli/help.hpp"

#include <fmt/format.h>

#include "render/terminal_text.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kHelpWidth = 80;

/// Breaks text so that it stays within the width of help behind a column.
std::string wrap_behind(std::string_view text, std::size_t column) {
  std::string wrapped = render::wrap_text(text, kHelpWidth - column, 0);
  for (std::size_t at = 0; (at = wrapped.find('\n', at)) != std::string::npos; at += column) {
    wrapped.insert(++at, column, ' ');
  }
  return wrapped;
}

std::string flag_line(const Flag& flag) {
  constexpr std::size_t kColumn = 24;
  const std::string left =
      fmt::format("  {}--{}{}{}", flag.letter != 0 ? fmt::format("-{}, ", flag.letter) : "    ",
                  flag.name, flag.value.empty() ? "" : " ", flag.value);
  if (left.size() + 2 > kColumn) {
    return fmt::format("{}\n{:{}}{}\n", left, "", kColumn, wrap_behind(help_of(flag), kColumn));
  }
  return fmt::format("{:<{}}{}\n", left, kColumn, wrap_behind(help_of(flag), kColumn));
}

}  // namespace

std::string general_help() {
  std::string text =
      "weir reads, queries and explains AWS VPC Flow Logs.\n\nusage: weir VERB [FLAGS] "
      "[INPUT...]\n\n";
  for (const Verb& verb : verbs()) {
    text += fmt::format("  {:<10} {}\n", verb.name, verb.summary);
  }
  text +=
      "\nINPUT is files, directories, globs or - for standard input, in any form in which\n"
      "AWS delivers flow logs. `weir VERB --help` shows the flags of a verb and three\n"
      "examples, `man weir` the whole manual.\n\n"
      "Exit status: 0 complete answer, 1 some lines or files were skipped, 2 no answer,\n"
      "3 --guard found something.\n";
  return text;
}

std::string verb_help(const Verb& verb) {
  std::string text = fmt::format("{}\n\nusage: weir {} [FLAGS]{}{}\n", verb.summary, verb.name,
                                 verb.usage.empty() ? "" : " ", verb.usage);
  std::string_view title;
  for (const FlagGroup& group : verb.groups) {
    if (group.title != title) text += fmt::format("\n{}:\n", group.title);
    title = group.title;
    for (const FlagId id : group.flags) text += flag_line(flag_of(id));
  }
  text += "\nExamples:\n";
  for (const Example& example : verb.examples) {
    text += fmt::format("  # {}\n  {}\n", example.meaning, example.command);
  }
  return text;
}

}  // namespace weir::cli
