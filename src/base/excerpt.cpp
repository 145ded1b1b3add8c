// SPDX-License-Identifier: Apache-2.0
// base: a place in a text -> the line with a caret under the place.
#include "base/excerpt.hpp"

#include <algorithm>

#include "base/terminal_text.hpp"

namespace weir::base {
namespace {

constexpr std::size_t kWindow = 96;  // bytes of the text that are shown
constexpr std::size_t kBefore = 40;  // of these, before the place
constexpr std::size_t kLongestWord = 40;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Appends `text` in printable form, with blanks for tabs and line ends, and returns how many
/// columns it takes.
std::size_t append_line(std::string_view text, std::string& line) {
  const std::size_t before = line.size();
  std::string blanks(text);
  for (char& byte : blanks) {
    if (byte == '\t' || byte == '\n' || byte == '\r') byte = ' ';
  }
  append_printable(line, blanks);
  return printable_width(std::string_view(line).substr(before));
}

}  // namespace

std::string draw_excerpt(std::string_view text, Place place) {
  place.begin = std::min(place.begin, text.size());
  place.end = std::clamp(place.end, place.begin, text.size());
  std::size_t left = 0;
  std::size_t right = text.size();
  if (text.size() > kWindow) {
    left = std::min(place.begin > kBefore ? place.begin - kBefore : 0, text.size() - kWindow);
    right = left + kWindow;
    while (left < place.begin && is_continuation(text[left])) ++left;
    while (right < text.size() && is_continuation(text[right])) ++right;
  }
  place.end = std::clamp(place.end, place.begin, right);

  std::string line = left > 0 ? "..." : "";
  const std::size_t column = line.size() + append_line(text.substr(left, place.begin - left), line);
  const std::size_t width = append_line(text.substr(place.begin, place.end - place.begin), line);
  append_line(text.substr(place.end, right - place.end), line);
  if (right < text.size()) line += "...";

  line += '\n';
  line.append(column, ' ');
  line += '^';
  if (width > 1) line.append(width - 1, '~');
  return line;
}

std::string shown_word(std::string_view word) {
  std::string line;
  std::size_t length = std::min(word.size(), kLongestWord);
  while (length < word.size() && is_continuation(word[length])) ++length;
  append_printable(line, word.substr(0, length));
  if (length < word.size()) line += "...";
  return line;
}

}  // namespace weir::base
