// SPDX-License-Identifier: Apache-2.0
// field: names are compared without regard to case; they are all ASCII.
#pragma once

#include <algorithm>
#include <string_view>

namespace weir::field {

constexpr char to_lower_ascii(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower_ascii(x) == to_lower_ascii(y); });
}

/// True if `name` is one of the words that `joined` lists with `|` between them, in any case.
constexpr bool lists_name(std::string_view joined, std::string_view name) noexcept {
  while (!joined.empty()) {
    const std::size_t bar = std::min(joined.find('|'), joined.size());
    if (equal_ignoring_case(joined.substr(0, bar), name)) return true;
    joined.remove_prefix(std::min(bar + 1, joined.size()));
  }
  return false;
}

}  // namespace weir::field
