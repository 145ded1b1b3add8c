// SPDX-License-Identifier: Apache-2.0
// cli: reading the command line. A verb and its flags are rows of tables, so this takes them as
// data.
#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/edit_distance.hpp"

namespace weir::cli {
namespace {

/// The candidate that a person may have meant by `word`, or empty: one of which it is the
/// beginning, or that a slip or two turn into it.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongestWord = 32;
  if (word.size() > kLongestWord) return {};
  std::string_view nearest;
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (word.size() >= 2 && candidate.starts_with(word)) return candidate;
    const std::size_t distance = base::edit_distance(word, candidate);
    if (distance >= best || distance >= candidate.size()) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

std::vector<const Flag*> flags_of(const Verb& verb) {
  std::vector<const Flag*> found;
  for (const FlagGroup& group : verb.groups) {
    for (const FlagId id : group.flags) found.push_back(&flag_of(id));
  }
  return found;
}

/// `top, timeline and pairs`, of the verbs that have a flag of this name.
std::string verbs_with(std::string_view flag) {
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs()) {
    const std::vector<const Flag*> all = flags_of(verb);
    if (std::any_of(all.begin(), all.end(), [&](const Flag* each) { return each->name == flag; })) {
      names.push_back(verb.name);
    }
  }
  if (names.size() < 2) return names.empty() ? std::string() : std::string(names.front());
  const std::string_view last = names.back();
  names.pop_back();
  return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

class CommandLine {
 public:
  CommandLine(const Verb& verb, std::span<const std::string_view> words)
      : verb_(verb), words_(words), flags_(flags_of(verb)) {}

  Result<Options> read() {
    while (at_ < words_.size()) {
      const std::string_view word = words_[at_++];
      if (word == "--") break;
      Result<void> done;
      if (word.starts_with("--")) {
        done = read_long(word);
      } else if (word.size() > 1 && word.front() == '-') {
        done = read_letters(word);
      } else {
        options_.arguments.emplace_back(word);
      }
      if (!done) return Unexpected(std::move(done.error()));
    }
    for (; at_ < words_.size(); ++at_) options_.arguments.emplace_back(words_[at_]);
    return std::move(options_);
  }

 private:
  const Flag* find(std::string_view name) const {
    const auto found = std::find_if(flags_.begin(), flags_.end(),
                                    [name](const Flag* flag) { return flag->name == name; });
    return found == flags_.end() ? nullptr : *found;
  }

  const Flag* find(char letter) const {
    const auto found = std::find_if(flags_.begin(), flags_.end(),
                                    [letter](const Flag* flag) { return flag->letter == letter; });
    return found == flags_.end() ? nullptr : *found;
  }

  /// True for what can only be a flag of this verb, where a value was expected.
  bool is_flag(std::string_view word) const {
    if (word.size() < 2 || word.front() != '-') return false;
    if (!word.starts_with("--")) return word.size() == 2 && find(word[1]) != nullptr;
    return find(word.substr(2, word.find('=') - 2)) != nullptr;
  }

  Result<void> read_long(std::string_view word) {
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string_view name = word.substr(2, equals - 2);
    const Flag* const flag = find(name);
    if (flag == nullptr) return Unexpected(unknown_flag(word.substr(0, equals), name));
    const std::string written = fmt::format("--{}", name);
    if (equals == word.size()) return set_from_next(*flag, written);
    if (flag->kind != ValueKind::none) return set(*flag, written, word.substr(equals + 1));
    return Unexpected(usage_error(fmt::format("{} takes no value", written)));
  }

  /// `-q`, `-qv`, `-n5`, `-qn 5`: switches, and at the end perhaps a flag with its value.
  Result<void> read_letters(std::string_view word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const Flag* const flag = find(word[i]);
      const std::string written = fmt::format("-{}", word[i]);
      if (flag == nullptr) return Unexpected(unknown_flag(written, {}));
      const std::string_view rest = word.substr(i + 1);
      if (flag->kind != ValueKind::none && !rest.empty()) return set(*flag, written, rest);
      if (Result<void> done = set_from_next(*flag, written); !done) return done;
    }
    return {};
  }

  Result<void> set_from_next(const Flag& flag, const std::string& written) {
    if (flag.kind == ValueKind::none) {
      options_.*std::get<bool Options::*>(flag.target) = true;
      return {};
    }
    if (at_ == words_.size() || is_flag(words_[at_])) {
      return Unexpected(usage_error(fmt::format("{0} needs a value: {0} {1}", written, flag.value),
                                    fmt::format("{}: {}", written, flag.help)));
    }
    return set(flag, written, words_[at_++]);
  }

  Result<void> set(const Flag& flag, const std::string& written, std::string_view value) {
    // Mostly a variable of the shell that is not set: the question would be another one.
    if (value.empty()) {
      return Unexpected(
          usage_error(fmt::format("{} is given an empty value", written),
                      fmt::format("leave {0} out, or: {0} {1}", written, flag.value)));
    }
    const bool is_output = flag.kind == ValueKind::output;
    if (is_output || flag.kind == ValueKind::choice) {
      const std::string_view word = is_output ? value.substr(0, value.find(':')) : value;
      if (std::find(flag.choices.begin(), flag.choices.end(), word) == flag.choices.end()) {
        return Unexpected(usage_error(
            fmt::format("unknown value '{}' for {}; use {}", word, written, words_of(flag.choices)),
            is_output ? "-o KIND:FILE writes to a file: -o csv:flows.csv" : ""));
      }
    }
    if (const auto* list = std::get_if<std::vector<std::string> Options::*>(&flag.target)) {
      (options_.*(*list)).emplace_back(value);
      return {};
    }
    std::string& target = options_.*std::get<std::string Options::*>(flag.target);
    if (flag.repeat == Repeat::once && !target.empty() && target != value) {
      return Unexpected(
          usage_error(fmt::format("{} is given twice, as '{}' and as '{}'", written, target, value),
                      "leave one of them out"));
    }
    target = value;
    return {};
  }

  Error unknown_flag(std::string_view written, std::string_view name) const {
    const std::string list = fmt::format("`weir {} --help` lists its flags", verb_.name);
    if (const std::string others = verbs_with(name); !others.empty()) {
      return usage_error(
          fmt::format("weir {} has no flag {}; it belongs to {}", verb_.name, written, others),
          list);
    }
    std::vector<std::string_view> names;
    names.reserve(flags_.size());
    for (const Flag* flag : flags_) names.push_back(flag->name);
    const std::string_view near = nearest_word(name, names);
    return usage_error(fmt::format("unknown flag {}{}", written,
                                   near.empty() ? "" : fmt::format("; did you mean --{}?", near)),
                       list);
  }

  const Verb& verb_;
  std::span<const std::string_view> words_;
  std::vector<const Flag*> flags_;
  std::size_t at_ = 0;  ///< the next word
  Options options_;
};

}  // namespace

Result<Options> parse_command_line(const Verb& verb, std::span<const std::string_view> words) {
  return CommandLine(verb, words).read();
}

Error unknown_verb(std::string_view word) {
  if (word.starts_with('-')) {
    return usage_error(fmt::format("{} stands where the verb has to be; flags come after it", word),
                       "weir VERB [FLAGS] [INPUT...]; `weir --help` lists the verbs");
  }
  std::vector<std::string_view> names = {"help"};
  for (const Verb& verb : verbs()) names.push_back(verb.name);
  const std::string_view near = nearest_word(word, names);
  return usage_error(
      fmt::format("unknown verb '{}'{}", word,
                  near.empty() ? "" : fmt::format("; did you mean `weir {}`?", near)),
      "`weir --help` lists the verbs");
}

}  // namespace weir::cli
