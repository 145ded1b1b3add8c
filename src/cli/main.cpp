// SPDX-License-Identifier: Apache-2.0
// cli: words -> Options -> verb. CLI11 reads the words; what there is to read is commands.cpp's.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/terminal.hpp"

namespace weir::cli {
namespace {

void add_flag(CLI::App& app, const Flag& flag, Options& options) {
  const std::string names = flag.letter != 0 ? fmt::format("-{},--{}", flag.letter, flag.name)
                                             : fmt::format("--{}", flag.name);
  if (const auto* text = std::get_if<std::string Options::*>(&flag.target)) {
    app.add_option(names, options.*(*text))->take_last();
  } else if (const auto* list = std::get_if<std::vector<std::string> Options::*>(&flag.target)) {
    // One value each time: what follows is an INPUT.
    app.add_option(names, options.*(*list))->allow_extra_args(false);
  } else {
    app.add_flag(names, options.*std::get<bool Options::*>(flag.target));
  }
}

void add_verb(CLI::App& app, const Verb& verb, Options& options) {
  CLI::App* const command = app.add_subcommand(std::string(verb.name));
  command->set_help_flag();
  std::string_view names = verb.flags;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    add_flag(*command, find_flag(names.substr(0, end), verb), options);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  command->add_option("arguments", options.arguments);
}

/// The verb that a person may have meant.
std::string near_verb(std::string_view word) {
  for (const Verb& verb : verbs()) {
    const auto same = std::mismatch(word.begin(), word.end(), verb.name.begin(), verb.name.end());
    if (same.first - word.begin() >= 3 || (word.size() >= 2 && verb.name.starts_with(word))) {
      return fmt::format("did you mean `weir {}`?", verb.name);
    }
  }
  return "`weir --help` lists the verbs";
}

/// Help and version are asked for anywhere in front of `--`.
bool asks_for(std::span<char*> words, std::string_view letter, std::string_view name) {
  for (const char* word : words) {
    if (std::string_view(word) == "--") return false;
    if (word == letter || word == name) return true;
  }
  return false;
}

int run_words(int count, char** words) {
  const std::span<char*> all(words, static_cast<std::size_t>(count));
  const std::string_view first = all.size() > 1 ? all[1] : "";
  const Verb* verb = find_verb(first == "help" && all.size() > 2 ? all[2] : first);
  if (verb == nullptr && asks_for(all, "-V", "--version")) {
    fmt::print("weir {}\n", WEIR_VERSION);
    return kComplete;
  }
  if (first.empty() || first == "help" || asks_for(all, "-h", "--help")) {
    fmt::print("{}", verb == nullptr ? general_help() : verb_help(*verb));
    return kComplete;
  }
  if (verb == nullptr) {
    return fail(usage_error(fmt::format("no verb '{}'", first), near_verb(first)));
  }

  Options options;
  CLI::App app("weir");
  app.set_help_flag();
  add_verb(app, *verb, options);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return fail(
        usage_error(error.what(), fmt::format("`weir {} --help` lists its flags", verb->name)));
  }
  return verb->run(options);
}

}  // namespace
}  // namespace weir::cli

int main(int argc, char** argv) {
  // A reader that has seen enough (`| head`) is no reason to die noisily: writes fail instead.
  std::signal(SIGPIPE, SIG_IGN);
  return weir::cli::run_words(argc, argv);
}
