// SPDX-License-Identifier: Apache-2.0
// cli: completion for bash. What is fixed is a text here; what comes from the tables is put
// between.
#include <fmt/format.h>

#include <algorithm>

#include "cli/completions.hpp"

namespace weir::cli {
namespace {

constexpr std::string_view kBashHead =
    R"(# Completion of weir for bash, written by `weir help --generate bash`.

_weir_words() {  # CANDIDATES WORD
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# Names between commas: completes the last one.
_weir_list() {  # CANDIDATES WORD
  local begun=''
  if [[ $2 == *,* ]]; then begun=${2%,*},; fi
  mapfile -t COMPREPLY < <(compgen -P "$begun" -W "$1" -- "${2##*,}")
  compopt -o nospace
}

# Leaves names of files to readline, which quotes them as well.
_weir_files() {
  COMPREPLY=()
  compopt -o default
}

_weir_directories() {
  mapfile -t COMPREPLY < <(compgen -d -- "$1")
  compopt -o filenames
}

)";

constexpr std::string_view kBashTail = R"(
_weir() {
  local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]}
  local i given=0
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _weir_words "$_weir_verbs help --help --version" "$word"
    return
  fi
  if [[ $verb == help ]]; then
    if ((COMP_CWORD == 2)); then _weir_words "$_weir_verbs" "$word"; fi
    return
  fi
  # bash takes --flag=value and KIND:FILE apart at = and :
  if [[ $word == : || $flag == : ]]; then
    _weir_files
    return
  fi
  if [[ $word == = ]]; then
    word=''
  elif [[ $flag == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ $flag == -* ]] && _weir_value "$verb" "$flag" "$word"; then return; fi
  for ((i = 2; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      --) break ;;
      -?*)
        if [[ " $_weir_value_flags " == *" ${COMP_WORDS[i]} "* ]]; then
          ((++i))
          if [[ ${COMP_WORDS[i]} == = ]]; then ((++i)); fi
          if [[ ${COMP_WORDS[i + 1]} == : ]]; then ((i += 2)); fi
        fi
        ;;
      *) ((++given)) ;;
    esac
  done
  if [[ $word == -* ]] && ((i >= COMP_CWORD)); then  # no -- before it
    _weir_flags "$verb" "$word"
  else
    _weir_arguments "$verb" "$given" "$word"
  fi
}

complete -F _weir weir
)";

/// True if the name means one thing only, in whichever verb.
bool is_unambiguous(const Flag& flag) {
  return std::count_if(flags().begin(), flags().end(),
                       [&](const Flag& other) { return other.name == flag.name; }) == 1;
}

/// `*' -w' | *' --where'`, or the same for each verb that takes it in this sense.
std::string bash_pattern(const Flag& flag) {
  std::string pattern;
  const auto add = [&](std::string_view verb) {
    const std::string letter = flag.letter == 0 ? "" : fmt::format("{}' -{}'", verb, flag.letter);
    if (!pattern.empty()) pattern += " | ";
    pattern += fmt::format("{}{}{}' --{}'", letter, letter.empty() ? "" : " | ", verb, flag.name);
  };
  if (is_unambiguous(flag)) {
    add("*");
    return pattern;
  }
  for (const Verb& verb : verbs()) {
    if (verb.has(flag.id)) add(verb.name);
  }
  return pattern;
}

std::string bash_action(const Flag& flag) {
  switch (flag.kind) {
    case ValueKind::none:
    case ValueKind::text:
      break;
    case ValueKind::choice:
    case ValueKind::suggestion:
    case ValueKind::output:
      return fmt::format("_weir_words '{}' \"$3\"", fmt::join(flag.choices, " "));
    case ValueKind::file:
      return "_weir_files";
    case ValueKind::directory:
      return "_weir_directories \"$3\"";
    case ValueKind::field:
      return "_weir_words \"$_weir_fields\" \"$3\"";
    case ValueKind::fields:
      return "_weir_list \"$_weir_fields\" \"$3\"";
  }
  return ":";
}

std::string bash_values() {
  std::string text = "# The value of a flag; status 1 if it takes none.\n";
  text += "_weir_value() {  # VERB FLAG WORD\n  case \"$1 $2\" in\n";
  for (const Flag& flag : flags()) {
    if (flag.kind == ValueKind::none) continue;
    text += fmt::format("    {}) {} ;;\n", bash_pattern(flag), bash_action(flag));
  }
  return text + "    *) return 1 ;;\n  esac\n}\n\n";
}

std::string bash_flags() {
  std::string text = "_weir_flags() {  # VERB WORD\n  case $1 in\n";
  for (const Verb& verb : verbs()) {
    std::string words;
    for (const FlagGroup& group : verb.groups) {
      for (const FlagId id : group.flags) words += flag_words(flag_of(id)) + ' ';
    }
    text += fmt::format("    {}) _weir_words '{}-h --help' \"$2\" ;;\n", verb.name, words);
  }
  return text + "  esac\n}\n\n";
}

std::string_view bash_arguments_action(Arguments arguments) {
  switch (arguments) {
    case Arguments::none:
      return ":";
    case Arguments::inputs:
    case Arguments::query_and_inputs:
      return "_weir_files";
    case Arguments::fields_and_inputs:
      return "if (($2 > 0)); then _weir_files; else _weir_list \"$_weir_fields\" \"$3\"; fi";
    case Arguments::report_and_inputs:
      return "if (($2 > 0)); then _weir_files; else _weir_words \"$_weir_reports\" \"$3\"; fi";
    case Arguments::field_names:
      return "_weir_words \"$_weir_fields\" \"$3\"";
  }
  return ":";
}

std::string bash_arguments() {
  std::string text = "_weir_arguments() {  # VERB HOW-MANY-BEFORE WORD\n  case $1 in\n";
  for (const Verb& verb : verbs()) {
    text += fmt::format("    {}) {} ;;\n", verb.name, bash_arguments_action(verb.arguments));
  }
  return text + "  esac\n}\n";
}

}  // namespace

std::string bash_completion() {
  std::string names;
  for (const Verb& verb : verbs())
    names += fmt::format("{}{}", names.empty() ? "" : " ", verb.name);
  std::string text(kBashHead);
  text += fmt::format("_weir_verbs='{}'\n", names);
  text += fmt::format("_weir_fields='{}'\n", field_words());
  text += fmt::format("_weir_reports='{}'\n", report_words());
  text += fmt::format("_weir_value_flags='{}'\n\n", value_flag_words());
  text += bash_values() + bash_flags() + bash_arguments();
  text += kBashTail;
  return text;
}

}  // namespace weir::cli
