// SPDX-License-Identifier: Apache-2.0
// base: text of others as a terminal may show it.
#include "base/terminal_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/character_width.hpp"

namespace weir::base {
namespace {

struct Hidden {
  char32_t first, last;
};

/// Beyond ASCII: the controls C1, and the format characters (category Cf of Unicode 14.0) that
/// reorder text or take no room, so that a reader sees another text than there is.
constexpr Hidden kHidden[] = {
    {0x80, 0x9f},        // C1: terminals obey some of them
    {0xad, 0xad},        // soft hyphen
    {0x61c, 0x61c},      // Arabic letter mark
    {0x180e, 0x180e},    // Mongolian vowel separator
    {0x200b, 0x200f},    // zero-width space and joiners, directional marks
    {0x2028, 0x202e},    // line and paragraph separator, embeddings and overrides
    {0x2060, 0x206f},    // word joiner, invisible operators, isolates
    {0xfeff, 0xfeff},    // zero-width no-break space, which is also the byte order mark
    {0xfff9, 0xfffb},    // interlinear annotation
    {0xe0000, 0xe007f},  // tags
};

bool is_hidden(char32_t point) noexcept {
  return std::any_of(std::begin(kHidden), std::end(kHidden), [point](const Hidden& range) {
    return point >= range.first && point <= range.last;
  });
}

void append_spelled(std::string& out, std::string_view bytes, const CodePoint& point) {
  const auto value = static_cast<std::uint32_t>(point.value);
  if (point.valid && value >= 0x80) {
    out += value > 0xffff ? fmt::format("\\U{:08x}", value) : fmt::format("\\u{:04x}", value);
    return;
  }
  for (const char byte : bytes) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(byte));
  }
}

}  // namespace

bool is_printable(const CodePoint& point, bool unicode) noexcept {
  if (!point.valid || point.value < 0x20 || point.value == 0x7f) return false;
  return point.value < 0x7f || (unicode && !is_hidden(point.value));
}

void append_printable(std::string& out, std::string_view text, bool unicode) {
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    const std::string_view bytes = text.substr(0, point.length);
    if (is_printable(point, unicode)) {
      out += bytes;
    } else {
      append_spelled(out, bytes, point);
    }
    text.remove_prefix(point.length);
  }
}

std::string printable(std::string_view text, bool unicode) {
  std::string out;
  out.reserve(text.size());
  append_printable(out, text, unicode);
  return out;
}

std::size_t printable_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    width += character_width(point.value);
    text.remove_prefix(point.length);
  }
  return width;
}

}  // namespace weir::base
