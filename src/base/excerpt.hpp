// SPDX-License-Identifier: Apache-2.0
// base: a place in a text -> the line with a caret under the place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::base {

/// Bytes of a text, from `begin` up to `end`.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Shows `text` in one line, cut to a window around `place`, and `^~~~` under the place. What
/// cannot be printed is spelled as printable() does, but tabs and line ends are blanks.
std::string draw_excerpt(std::string_view text, Place place);

/// Shortens a word of the user for a message, and makes it printable.
std::string shown_word(std::string_view word);

}  // namespace weir::base
