// SPDX-License-Identifier: Apache-2.0
// base: UTF-8 one character at a time, broken bytes included.
#include "base/utf8.hpp"

namespace weir::base {

// The bounds of the second byte keep out overlong forms, surrogates and what lies above U+10FFFF
// (Unicode 15.0, table 3-7).
CodePoint decode_utf8(std::string_view text) noexcept {
  const auto byte_at = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned lead = byte_at(0);
  if (lead < 0x80) return {.value = lead, .length = 1, .valid = true};
  if (lead < 0xc2 || lead > 0xf4) return {};
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned byte = byte_at(i);
    if (byte < low || byte > high) {
      return {.value = kReplacementCharacter, .length = i, .valid = false};
    }
    value = value << 6 | (byte & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return {.value = value, .length = length, .valid = true};
}

}  // namespace weir::base
