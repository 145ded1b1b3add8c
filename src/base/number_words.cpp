// SPDX-License-Identifier: Apache-2.0
// base: numbers as people write them.
#include "base/number_words.hpp"

#include <fmt/format.h>

namespace weir::base {

std::string with_thousands(unsigned __int128 value) {
  std::string text = fmt::format("{}", value);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", with_thousands(number), number == 1 ? one : many);
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", with_thousands(number), noun, number == 1 ? "" : "s");
}

}  // namespace weir::base
