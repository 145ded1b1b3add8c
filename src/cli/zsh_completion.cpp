// SPDX-License-Identifier: Apache-2.0
// cli: completion for zsh.
#include <fmt/format.h>

#include "cli/completions.hpp"

namespace weir::cli {
namespace {

constexpr std::string_view kZshHead = R"(#compdef weir
# Completion of weir for zsh, written by `weir help --generate zsh`.

_weir_list() {
  _values -s , field $=_weir_fields
}

_weir_output() {
  if compset -P '*:'; then
    _files
  else
    compadd -- $=_weir_outputs
  fi
}

)";

constexpr std::string_view kZshBegin = R"(
_weir() {
  if (( CURRENT == 2 )); then
    _describe -t verbs verb _weir_verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( --CURRENT ))
  case $verb in
    help)
      if (( CURRENT == 2 )); then _describe -t verbs verb _weir_verbs; fi
      ;;
)";

/// A text inside a specification of _arguments or _describe.
std::string zsh_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string zsh_action(const Flag& flag) {
  switch (flag.kind) {
    case ValueKind::none:
    case ValueKind::text:
      break;
    case ValueKind::choice:
    case ValueKind::suggestion:
      return fmt::format("({})", fmt::join(flag.choices, " "));
    case ValueKind::output:
      return "_weir_output";
    case ValueKind::file:
      return "_files";
    case ValueKind::directory:
      return "_files -/";
    case ValueKind::field:
      return "($=_weir_fields)";
    case ValueKind::fields:
      return "_weir_list";
  }
  return " ";
}

std::string zsh_flag(const Flag& flag) {
  const bool has_value = flag.kind != ValueKind::none;
  const bool is_list = std::holds_alternative<std::vector<std::string> Options::*>(flag.target);
  std::string rest = fmt::format("[{}]", zsh_escaped(flag.help));
  if (has_value) rest += fmt::format(":{}:{}", zsh_escaped(flag.value), zsh_action(flag));
  const std::string_view equals = has_value ? "=" : "";
  if (flag.letter == 0) {
    return fmt::format("        {} \\\n", shell_quoted(fmt::format("{}--{}{}{}", is_list ? "*" : "",
                                                                   flag.name, equals, rest)));
  }
  return fmt::format("        '(-{0} --{1})'{{-{0}{2},--{1}{3}}}{4} \\\n", flag.letter, flag.name,
                     has_value ? "+" : "", equals, shell_quoted(rest));
}

std::string_view zsh_arguments(Arguments arguments) {
  switch (arguments) {
    case Arguments::none:
      return "";
    case Arguments::inputs:
    case Arguments::query_and_inputs:
      return " '*:input:_files'";
    case Arguments::fields_and_inputs:
      return " '1:fields:_weir_list' '*:input:_files'";
    case Arguments::report_and_inputs:
      return " '1:report:($=_weir_reports)' '*:input:_files'";
    case Arguments::field_names:
      return " '*:field:($=_weir_fields)'";
  }
  return "";
}

}  // namespace

std::string zsh_completion() {
  std::string text(kZshHead);
  text += fmt::format("_weir_fields='{}'\n_weir_reports='{}'\n", field_words(), report_words());
  text += fmt::format("_weir_outputs='{}'\n", output_words());
  text += "_weir_verbs=(\n";
  for (const Verb& verb : verbs()) {
    text += fmt::format("  {}\n",
                        shell_quoted(fmt::format("{}:{}", verb.name, zsh_escaped(verb.summary))));
  }
  text += "  'help:Show help'\n)\n";
  text += kZshBegin;
  for (const Verb& verb : verbs()) {
    text += fmt::format("    {})\n      _arguments -s -S \\\n", verb.name);
    for (const FlagGroup& group : verb.groups) {
      for (const FlagId id : group.flags) text += zsh_flag(flag_of(id));
    }
    text += fmt::format("        '(-h --help)'{{-h,--help}}'[show help]'{}\n      ;;\n",
                        zsh_arguments(verb.arguments));
  }
  return text + "  esac\n}\n\n_weir \"$@\"\n";
}

}  // namespace weir::cli
