// SPDX-License-Identifier: Apache-2.0
// cli: words -> Options -> verb.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <string_view>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/help.hpp"
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

/// `weir help`, `weir help VERB`.
int print_help(Words words) {
  if (words.empty() || words.front() == "help" || asks_for_help(words.first(1))) {
    return print_general_help();
  }
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
