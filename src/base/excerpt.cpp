// SPDX-License-Identifier: Apache-2.0
// base: a place in a text -> the line with a caret under the place.
#include "base/excerpt.hpp"

#include <algorithm>

namespace weir::base {
namespace {

constexpr std::size_t kWindow = 96;  // bytes of the text that are shown
constexpr std::size_t kBefore = 40;  // of these, before the place
constexpr std::size_t kLongestWord = 40;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Length of the UTF-8 sequence at the front, 0 if it is broken.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length > text.size()) return 0;
  const std::string_view rest = text.substr(1, length == 0 ? 0 : length - 1);
  return std::all_of(rest.begin(), rest.end(), is_continuation) ? length : 0;
}

/// Appends `text` in printable form and returns how many columns it takes.
std::size_t append_printable(std::string_view text, std::string& line) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0) {
      line += '?';
    } else if (first < 0x20 || first == 0x7f) {
      line += ' ';
    } else {
      line += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
    ++columns;
  }
  return columns;
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
  const std::size_t column =
      line.size() + append_printable(text.substr(left, place.begin - left), line);
  const std::size_t width =
      append_printable(text.substr(place.begin, place.end - place.begin), line);
  append_printable(text.substr(place.end, right - place.end), line);
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
  append_printable(word.substr(0, length), line);
  if (length < word.size()) line += "...";
  return line;
}

}  // namespace weir::base
