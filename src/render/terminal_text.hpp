// SPDX-License-Identifier: Apache-2.0
// render: text as a terminal shows it: how wide, how coloured.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::render {

/// What a piece of text is, which decides its colour.
enum class Paint : unsigned char { plain, title, accepted, rejected, faint, warning, bar };

/// Appends `text`, with escape sequences around it if `color`.
void append_painted(std::string& out, std::string_view text, Paint paint, bool color);

/// Where a text that is too long loses characters.
enum class Cut : unsigned char { end, middle };

/// Shortens a printable text to `width` columns, with `…` or `...` where something went.
std::string cut_text(std::string_view text, std::size_t width, Cut cut, bool unicode);

/// The mark that cut_text() leaves.
std::string_view ellipsis(bool unicode) noexcept;

/// A bar of up to `width` columns for a share of 0..1, in eighths of a column. What is more than
/// nothing is never drawn as nothing.
std::string bar_text(double share, std::size_t width, bool unicode);

/// Breaks a text at blanks into lines of at most `width` columns; lines after the first begin with
/// `indent` blanks. A word that is wider than a line is broken.
std::string wrap_text(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace weir::render
