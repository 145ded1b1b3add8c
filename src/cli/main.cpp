// SPDX-License-Identifier: Apache-2.0
// cli: words -> Options -> verb.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/completions.hpp"
#include "cli/help.hpp"
#include "cli/manual.hpp"
#include "cli/reading.hpp"

namespace weir::cli {
namespace {

using Words = std::span<const std::string_view>;

/// Help is asked for anywhere in front of `--`.
bool asks_for_help(Words words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::any_of(words.begin(), end,
                     [](std::string_view word) { return word == "-h" || word == "--help"; });
}

int print_general_help() {
  fmt::print("{}", general_help());
  return kComplete;
}

/// What is installed beside the program, written when weir is built.
int generate(std::string_view kind) {
  constexpr std::pair<std::string_view, std::string (*)()> kDocuments[] = {
      {"man", manual_page},
      {"bash", bash_completion},
      {"zsh", zsh_completion},
      {"fish", fish_completion}};
  for (const auto& [name, write] : kDocuments) {
    if (name != kind) continue;
    fmt::print("{}", write());
    return std::fflush(stdout) == 0 ? kComplete : kNoAnswer;
  }
  return fail(usage_error(
      fmt::format("unknown value '{}' for --generate; use man, bash, zsh or fish", kind)));
}

/// `weir help`, `weir help VERB`, `weir help --generate KIND`.
int print_help(Words words) {
  if (words.empty() || words.front() == "help" || asks_for_help(words.first(1))) {
    return print_general_help();
  }
  if (words.front() == "--generate") return generate(words.size() > 1 ? words[1] : "");
  const Verb* const verb = find_verb(words.front());
  if (verb == nullptr) return fail(unknown_verb(words.front()));
  fmt::print("{}", verb_help(*verb));
  return kComplete;
}

int run_words(Words words) {
  if (words.empty() || asks_for_help(words.first(1))) return print_general_help();
  const std::string_view first = words.front();
  words = words.subspan(1);
  if (first == "-V" || first == "--version") {
    fmt::print("weir {}\n", WEIR_VERSION);
    return kComplete;
  }
  if (first == "help") return print_help(words);
  const Verb* const verb = find_verb(first);
  if (verb == nullptr) return fail(unknown_verb(first));
  if (asks_for_help(words)) {
    fmt::print("{}", verb_help(*verb));
    return kComplete;
  }
  const Result<Options> options = parse_command_line(*verb, words);
  return options ? verb->run(*options) : fail(options.error());
}

}  // namespace
}  // namespace weir::cli

int main(int argc, char** argv) {
  // A reader that has seen enough (`| head`) is no reason to die noisily: writes fail instead.
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return weir::cli::run_words(words);
}
