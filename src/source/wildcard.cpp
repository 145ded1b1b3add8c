// SPDX-License-Identifier: Apache-2.0
// source: `*`, `?` and `[...]` in file names.
#include "source/wildcard.hpp"

#include <algorithm>
#include <cstddef>

namespace weir::source {
namespace {

// Bytes of the first character. A byte that no UTF-8 sequence begins with counts as a character.
std::size_t character_length(std::string_view text) noexcept {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() < length) return 1;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  return std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length),
                     continues)
             ? length
             : 1;
}

std::string_view take_character(std::string_view& text) noexcept {
  const std::string_view character = text.substr(0, character_length(text));
  text.remove_prefix(character.size());
  return character;
}

// How the front of a pattern fared against one character.
struct Match {
  bool matched = false;
  std::size_t pattern_length = 0;
};

// UTF-8 sorts like the characters it encodes, so ranges compare bytes.
Match match_set(std::string_view pattern, std::string_view character) noexcept {
  std::string_view rest = pattern.substr(1);
  const bool negated = rest.starts_with('!') || rest.starts_with('^');
  if (negated) rest.remove_prefix(1);
  bool inside = false;
  for (bool first = true; !rest.empty(); first = false) {
    if (rest.front() == ']' && !first) {
      return {inside != negated, pattern.size() - rest.size() + 1};
    }
    const std::string_view low = take_character(rest);
    std::string_view high = low;
    if (rest.size() > 1 && rest[0] == '-' && rest[1] != ']') {
      rest.remove_prefix(1);
      high = take_character(rest);
    }
    inside = inside || (low <= character && character <= high);
  }
  return {pattern.front() == character.front(), 1};
}

Match match_one(std::string_view pattern, std::string_view character) noexcept {
  if (pattern.empty()) return {};
  if (pattern.front() == '?') return {true, 1};
  if (pattern.front() == '[') return match_set(pattern, character);
  return {pattern.starts_with(character), character.size()};
}

}  // namespace

bool has_wildcard(std::string_view text) noexcept {
  return text.find_first_of("*?[") != std::string_view::npos;
}

bool matches_wildcard(std::string_view pattern, std::string_view name) noexcept {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  // Only the last `*` is ever given more: what an earlier one could take, the last can take too.
  bool seen_star = false;
  std::string_view after_star;
  std::string_view retry;
  while (!name.empty()) {
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      seen_star = true;
      after_star = pattern;
      retry = name;
      continue;
    }
    const std::size_t length = character_length(name);
    const Match match = match_one(pattern, name.substr(0, length));
    if (match.matched) {
      pattern.remove_prefix(match.pattern_length);
      name.remove_prefix(length);
    } else if (seen_star) {
      take_character(retry);
      pattern = after_star;
      name = retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*') == std::string_view::npos;
}

}  // namespace weir::source
