// SPDX-License-Identifier: Apache-2.0
// cli: completion for fish.
#include <fmt/format.h>

#include "cli/completions.hpp"

namespace weir::cli {
namespace {

constexpr std::string_view kFishHead =
    R"(# Completion of weir for fish, written by `weir help --generate fish`.

function __weir_needs_verb
    test (count (commandline -opc)) -eq 1
end

function __weir_verb # VERB...: one of them was given
    set -l words (commandline -opc)
    test (count $words) -ge 2; and contains -- $words[2] $argv
end

function __weir_first # VERB...: one of them was given, and no argument of it
    __weir_verb $argv; or return 1
    set -l words (commandline -opc)
    set -l is_value no
    for word in $words[3..-1]
        if test $is_value = yes
            set is_value no
        else if contains -- $word $__weir_value_flags
            set is_value yes
        else if not string match -q -- '-*' $word
            return 1
        end
    end
end

function __weir_later # VERB...: one of them was given, and an argument of it
    __weir_verb $argv; and not __weir_first $argv
end

function __weir_word # what is being typed, without --flag=
    commandline -ct | string replace -r -- '^--[a-z-]+=' ''
end

function __weir_list # names of fields behind the last comma
    set -l begun (__weir_word | string match -r -- '^.*,')
    for field in $__weir_fields
        echo "$begun$field"
    end
end

function __weir_output # KIND or KIND:FILE
    set -l parts (__weir_word | string split -m 1 :)
    if test (count $parts) -eq 2
        for file in (__fish_complete_path $parts[2])
            echo "$parts[1]:$file"
        end
    else
        printf '%s\n' $__weir_outputs
    end
end

)";

std::string fish_value(const Flag& flag) {
  switch (flag.kind) {
    case ValueKind::none:
      return "";
    case ValueKind::text:
      break;
    case ValueKind::choice:
    case ValueKind::suggestion:
      return fmt::format(" -x -a '{}'", fmt::join(flag.choices, " "));
    case ValueKind::output:
      return " -x -a '(__weir_output)'";
    case ValueKind::file:
      return " -r -F";
    case ValueKind::directory:
      return " -x -a '(__fish_complete_directories)'";
    case ValueKind::field:
      return " -x -a '$__weir_fields'";
    case ValueKind::fields:
      return " -x -a '(__weir_list)'";
  }
  return " -x";
}

/// A line for what stands behind the verbs of a kind.
std::string fish_arguments(std::string_view condition, Arguments arguments,
                           std::string_view candidates) {
  return fmt::format("complete -c weir -n '{} {}' {}\n", condition, verbs_taking(arguments),
                     candidates);
}

/// Unlike other shells, fish knows escapes inside single quotes.
std::string fish_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace

std::string fish_completion() {
  std::string text(kFishHead);
  text += fmt::format("set -g __weir_fields {}\nset -g __weir_reports {}\n", field_words(),
                      report_words());
  text += fmt::format("set -g __weir_outputs {}\n", output_words());
  text += fmt::format("set -g __weir_value_flags {}\n\n", value_flag_words());
  text += "complete -c weir -f\n";
  std::string names;
  for (const Verb& verb : verbs()) {
    names += fmt::format("{}{}", names.empty() ? "" : " ", verb.name);
    text += fmt::format("complete -c weir -n __weir_needs_verb -a {} -d {}\n", verb.name,
                        fish_quoted(verb.summary));
  }
  text += "complete -c weir -n __weir_needs_verb -a help -d 'Show help'\n";
  text += "complete -c weir -n __weir_needs_verb -s V -l version -d 'Show the version'\n";
  text += fmt::format("complete -c weir -n '__weir_verb help' -a '{}'\n", names);
  text += "complete -c weir -n 'not __weir_verb help' -s h -l help -d 'Show help'\n\n";
  for (const Flag& flag : flags()) {
    text +=
        fmt::format("complete -c weir -n '__weir_verb {}'{} -l {}{} -d {}\n", verbs_taking(flag.id),
                    flag.letter == 0 ? "" : fmt::format(" -s {}", flag.letter), flag.name,
                    fish_value(flag), fish_quoted(flag.help));
  }
  text += '\n';
  text += fish_arguments("__weir_verb", Arguments::inputs, "-F");
  text += fish_arguments("__weir_verb", Arguments::query_and_inputs, "-F");
  text += fish_arguments("__weir_first", Arguments::fields_and_inputs, "-a '(__weir_list)'");
  text += fish_arguments("__weir_later", Arguments::fields_and_inputs, "-F");
  text += fish_arguments("__weir_first", Arguments::report_and_inputs, "-a '$__weir_reports'");
  text += fish_arguments("__weir_later", Arguments::report_and_inputs, "-F");
  text += fish_arguments("__weir_verb", Arguments::field_names, "-a '$__weir_fields'");
  return text;
}

}  // namespace weir::cli
