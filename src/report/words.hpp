// SPDX-License-Identifier: Apache-2.0
// report: text -> words.
#pragma once

#include <string_view>
#include <vector>

namespace weir::report {

inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// The parts between separators, trimmed, without empty ones.
inline std::vector<std::string_view> split_words(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (const std::string_view word = trimmed(text.substr(0, end)); !word.empty()) {
      words.push_back(word);
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return words;
}

}  // namespace weir::report
