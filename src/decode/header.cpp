// SPDX-License-Identifier: Apache-2.0
// decode: header lines. S3 objects begin with one, hyphens in the names (AWS VPC User Guide, "Flow
// log files", https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html).
#include "decode/header.hpp"

#include <algorithm>
#include <vector>

#include "decode/tokens.hpp"

namespace weir::decode {
namespace {

bool is_spelled_like_a_name(std::string_view token) {
  const auto part_of_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return token.size() >= 2 && token.front() >= 'a' && token.front() <= 'z' &&
         std::all_of(token.begin(), token.end(), part_of_name);
}

/// True if every token is spelled like a name. Most records show at once that they are none.
bool are_all_names(std::string_view line) {
  std::size_t at = 0;
  std::size_t names = 0;
  while (true) {
    while (at < line.size() && is_blank(line[at])) ++at;
    if (at == line.size()) return names > 0;
    const std::size_t begin = at;
    while (at < line.size() && !is_blank(line[at])) ++at;
    if (!is_spelled_like_a_name(line.substr(begin, at - begin))) return false;
    ++names;
  }
}

}  // namespace

std::optional<Format> read_header(std::string_view line) {
  if (!are_all_names(line)) return std::nullopt;
  std::vector<std::string_view> tokens;
  split_tokens(line, tokens, kMaxFormatFields + 1);
  const auto known =
      static_cast<std::size_t>(std::count_if(tokens.begin(), tokens.end(), is_field_name));
  if (known == 0 || known * 2 < tokens.size()) return std::nullopt;
  Result<Format> format = Format::from_names(tokens);
  if (!format) return std::nullopt;
  return *std::move(format);
}

}  // namespace weir::decode
