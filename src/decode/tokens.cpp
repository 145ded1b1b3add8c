// SPDX-License-Identifier: Apache-2.0
// decode: one line -> its tokens, one after the other.
#include "decode/tokens.hpp"

namespace weir::decode {

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

std::size_t count_tokens(std::string_view line, std::size_t limit) {
  std::size_t count = 0;
  bool after_blank = true;
  for (const char c : line) {
    count += after_blank && !is_blank(c) ? 1 : 0;
    after_blank = is_blank(c);
  }
  return count < limit ? count : limit;
}

}  // namespace weir::decode
