// SPDX-License-Identifier: Apache-2.0
// decode: the scalar splitter of lines.
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

std::size_t TokenTable::add_line(std::string_view line, std::uint32_t line_index) {
  const std::size_t before = bounds_.size();
  const auto base = static_cast<std::size_t>(line.data() - text_);
  std::size_t count = 0;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && is_blank(line[at])) ++at;
    if (at == line.size() || count > fields_) break;
    const std::size_t begin = at;
    while (at < line.size() && !is_blank(line[at])) ++at;
    bounds_.push_back(static_cast<std::uint32_t>(base + begin));
    bounds_.push_back(static_cast<std::uint32_t>(base + at));
    ++count;
  }
  if (count != fields_) {
    bounds_.resize(before);
    return count;
  }
  lines_.push_back(line_index);
  ++rows_;
  return count;
}

}  // namespace weir
