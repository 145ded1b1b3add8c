// SPDX-License-Identifier: Apache-2.0
// render: which bytes a text format cannot take as they are, one table for all formats.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir::render {

/// Formats in which a byte needs care; one bit each.
using ByteClass = std::uint8_t;
inline constexpr ByteClass kJsonSpecial = 1;  ///< control bytes, `"`, `\`; UTF-8 to be checked
inline constexpr ByteClass kCsvSpecial = 2;   ///< `,` `"` and line ends: RFC 4180 wants quotes
inline constexpr ByteClass kTsvSpecial = 4;   ///< tab, line ends, `\`
inline constexpr ByteClass kLogSpecial = 8;   ///< blanks and control bytes break a flow-log line
inline constexpr ByteClass kTagSpecial = 16;  ///< what percent_encode_tag() encodes

inline constexpr std::array<std::uint8_t, 256> kByteClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool control = byte < 0x20;
    const bool line_end = byte == '\n' || byte == '\r';
    unsigned bits = 0;
    if (control || byte == '"' || byte == '\\' || byte >= 0x80) bits |= kJsonSpecial;
    if (line_end || byte == ',' || byte == '"') bits |= kCsvSpecial;
    if (line_end || byte == '\t' || byte == '\\') bits |= kTsvSpecial;
    if (control || byte == ' ' || byte == 0x7f) bits |= kLogSpecial;
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool digit = byte >= '0' && byte <= '9';
    // RFC 3986, section 2.3: unreserved characters.
    const bool sign = byte == '-' || byte == '.' || byte == '_' || byte == '~';
    if (!letter && !digit && !sign) bits |= kTagSpecial;
    classes[byte] = static_cast<std::uint8_t>(bits);
  }
  return classes;
}();

inline ByteClass class_of(char byte) noexcept {
  return kByteClasses[static_cast<unsigned char>(byte)];
}

inline bool has_special(std::string_view text, ByteClass special) noexcept {
  unsigned seen = 0;
  for (const char byte : text) seen |= class_of(byte);
  return (seen & special) != 0;
}

}  // namespace weir::render
