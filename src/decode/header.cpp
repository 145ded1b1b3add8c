// SPDX-License-Identifier: Apache-2.0
// decode: header lines. S3 objects begin with one, hyphens in the names (AWS VPC User Guide, "Flow
// log files", https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html).
#include "decode/header.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "decode/tokens.hpp"

namespace weir::decode {
namespace {

using Words = std::vector<std::string_view>;

/// Lines below a header that are looked at, and as much of them.
constexpr std::size_t kMostLinesBelow = 64;

/// True if a line below has different values in two columns.
bool values_differ(std::string_view below, std::size_t first, std::size_t second,
                   std::size_t columns) {
  Words tokens;
  for (std::size_t lines = 0; !below.empty() && lines < kMostLinesBelow; ++lines) {
    const std::size_t length = std::min(below.find('\n'), below.size());
    const std::string_view line = below.substr(0, length);
    below.remove_prefix(std::min(length + 1, below.size()));
    if (split_tokens(line, tokens, columns + 1) != columns) continue;
    if (field::is_header(tokens)) return false;
    if (tokens[first] != tokens[second]) return true;
  }
  return false;
}

/// A field that a header names twice: the positions of its words.
struct Repetition {
  std::size_t first = 0;
  std::size_t second = 0;
};

/// The first few; a header of nothing else must not cost more than others.
std::vector<Repetition> repetitions_of(const Words& words) {
  constexpr std::size_t kMost = 8;
  std::vector<FieldId> ids;
  for (const std::string_view word : words) ids.push_back(field::find_named(word));
  std::vector<Repetition> found;
  for (std::size_t i = 1; i < words.size() && found.size() < kMost; ++i) {
    for (std::size_t before = 0; before < i; ++before) {
      if (ids[i] != ids[before] || (ids[i] == FieldId::unknown && words[i] != words[before]))
        continue;
      found.push_back({.first = before, .second = i});
      break;
    }
  }
  return found;
}

/// A line's words, unless its first one shows that it is a record.
bool split_header(std::string_view line, Words& words) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  if (begin == line.size() || (line[begin] >= '0' && line[begin] <= '9')) return false;
  split_tokens(line, words, 2 * kMaxFormatFields + 1);
  return field::is_header(words);
}

}  // namespace

bool is_header_line(std::string_view line) {
  Words words;
  return split_header(line, words);
}

std::optional<field::HeaderNames> read_header(std::string_view line, std::string_view below) {
  Words words;
  if (!split_header(line, words)) return std::nullopt;
  const std::vector<Repetition> repetitions = repetitions_of(words);
  std::vector<std::string> renamed;
  renamed.reserve(repetitions.size());  // the words point into it
  for (const auto& [first, second] : repetitions) {
    if (!values_differ(below, first, second, words.size())) continue;
    renamed.push_back(std::string(field::bare_name(words[second])) + "-repeated");
    words[second] = renamed.back();
  }
  return field::understand_header(words);
}

}  // namespace weir::decode
