// SPDX-License-Identifier: Apache-2.0
// render: text as a terminal shows it: how wide, how coloured.
#include "render/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/character_width.hpp"
#include "base/utf8.hpp"
#include "weir/render.hpp"

namespace weir {
namespace {

constexpr char kEscape = '\x1b';

std::string_view color_code(render::Paint paint) noexcept {
  switch (paint) {
    case render::Paint::title:
      return "\x1b[1m";
    case render::Paint::accepted:
      return "\x1b[32m";
    case render::Paint::rejected:
      return "\x1b[31m";
    case render::Paint::faint:
      return "\x1b[2m";
    case render::Paint::warning:
      return "\x1b[33m";
    case render::Paint::bar:
      return "\x1b[36m";
    case render::Paint::plain:
      break;
  }
  return {};
}

/// Length of the escape sequence that `text` begins with (ECMA-48 sections 5.4 and 5.6).
std::size_t escape_length(std::string_view text) noexcept {
  if (text.size() < 2) return text.size();
  if (text[1] == '[') {
    const auto is_final = [](char byte) { return byte >= '@' && byte <= '~'; };
    const auto* const end = std::find_if(text.begin() + 2, text.end(), is_final);
    return std::min(text.size(), static_cast<std::size_t>(end - text.begin()) + 1);
  }
  if (text[1] != ']') return 2;
  for (std::size_t i = 2; i < text.size(); ++i) {
    if (text[i] == '\a') return i + 1;
    if (text[i] == kEscape) return std::min(i + 2, text.size());
  }
  return text.size();
}

/// The longest front of `text` that takes at most `width` columns.
std::string_view front_of_width(std::string_view text, std::size_t width) noexcept {
  std::size_t length = 0;
  std::size_t used = 0;
  while (length < text.size()) {
    const base::CodePoint point = base::decode_utf8(text.substr(length));
    used += base::character_width(point.value);
    if (used > width) break;
    length += point.length;
  }
  return text.substr(0, length);
}

/// The longest back of `text` that takes at most `width` columns.
std::string_view back_of_width(std::string_view text, std::size_t width) noexcept {
  std::size_t begin = 0;
  std::size_t excess = display_width(text);
  while (begin < text.size() && excess > width) {
    const base::CodePoint point = base::decode_utf8(text.substr(begin));
    excess -= base::character_width(point.value);
    begin += point.length;
  }
  return text.substr(begin);
}

}  // namespace

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    if (text.front() == kEscape) {
      text.remove_prefix(escape_length(text));
      continue;
    }
    const base::CodePoint point = base::decode_utf8(text);
    width += base::character_width(point.value);
    text.remove_prefix(point.length);
  }
  return width;
}

void render::append_painted(std::string& out, std::string_view text, render::Paint paint,
                            bool color) {
  if (!color || paint == render::Paint::plain || text.empty()) {
    out += text;
    return;
  }
  out += color_code(paint);
  out += text;
  out += "\x1b[0m";
}

std::string_view render::ellipsis(bool unicode) noexcept { return unicode ? "…" : "..."; }

std::string render::cut_text(std::string_view text, std::size_t width, render::Cut cut,
                             bool unicode) {
  if (display_width(text) <= width) return std::string(text);
  const std::string_view mark =
      render::ellipsis(unicode).substr(0, unicode ? 3 : std::min(width, {3}));
  const std::size_t mark_width = unicode ? 1 : mark.size();
  if (width <= mark_width) return std::string(width == 0 ? std::string_view{} : mark);
  const std::size_t kept = width - mark_width;
  const std::size_t back = cut == render::Cut::middle ? kept / 2 : 0;
  std::string out(front_of_width(text, kept - back));
  out += mark;
  out += back_of_width(text, back);
  return out;
}

std::string render::bar_text(double share, std::size_t width, bool unicode) {
  if (!(share > 0) || width == 0) return {};
  const double columns = std::min(share, 1.0) * static_cast<double>(width);
  if (!unicode) {
    return std::string(static_cast<std::size_t>(std::max(1L, std::lround(columns))), '#');
  }
  static constexpr std::array<std::string_view, 8> parts = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(std::max(1L, std::lround(columns * 8)));
  std::string out;
  for (std::size_t i = 0; i < eighths / 8; ++i) out += "█";
  out += parts[eighths % 8];
  return out;
}

std::string render::wrap_text(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t used = 0;
  std::size_t line_start = 0;  // columns of indent on this line
  const auto break_line = [&] {
    out += '\n';
    out.append(indent, ' ');
    used = line_start = indent;
  };
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    const std::size_t room_needed = display_width(word) + (used > line_start ? 1 : 0);
    if (used > line_start && used + room_needed > width) break_line();
    if (used > line_start) {
      out += ' ';
      ++used;
    }
    while (used + display_width(word) > width) {
      std::string_view piece = front_of_width(word, width > used ? width - used : 1);
      if (piece.empty()) piece = word.substr(0, base::decode_utf8(word).length);
      out += piece;
      word.remove_prefix(piece.size());
      break_line();
    }
    out += word;
    used += display_width(word);
  }
  return out;
}

}  // namespace weir
