// SPDX-License-Identifier: Apache-2.0
// decode: one line -> its tokens, one after the other.
#include "decode/tokens.hpp"

namespace weir {

std::size_t split_tokens(std::string_view line, std::vector<std::string_view>& tokens,
                         std::size_t limit) {
  tokens.clear();
  std::size_t at = 0;
  while (tokens.size() < limit) {
    while (at < line.size() && is_blank(line[at])) ++at;
    if (at == line.size()) break;
    const std::size_t begin = at;
    while (at < line.size() && !is_blank(line[at])) ++at;
    tokens.push_back(line.substr(begin, at - begin));
  }
  return tokens.size();
}

}  // namespace weir
