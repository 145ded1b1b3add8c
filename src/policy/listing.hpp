// SPDX-License-Identifier: Apache-2.0
// policy: many ids -> a few words.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace weir::policy {

/// `a, b, c and 4 more`.
inline std::string list_some(std::span<const std::string> words, std::size_t most = 3) {
  const std::span<const std::string> shown = words.first(std::min(words.size(), most));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (shown.size() < words.size()) text += fmt::format(" and {} more", words.size() - shown.size());
  return text;
}

/// `1 group`, `2 groups`.
inline std::string count_of(std::size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace weir::policy
