// SPDX-License-Identifier: Apache-2.0
// policy: text of any encoding that shells write -> UTF-8.
#include "policy/text_encoding.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>

namespace weir::policy {
namespace {

void append_utf8(std::uint32_t code, std::string& text) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if ((code & 0xf800) == 0xd800) {
      const bool pair =
          (code & 0xfc00) == 0xd800 && at + 3 < bytes.size() && (unit(at + 2) & 0xfc00) == 0xdc00;
      if (pair) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (unit(at + 2) & 0x3ff);
        at += 2;
      } else {
        code = '?';
      }
    }
    append_utf8(code, text);
  }
  return text;
}

/// Bytes of the sequence that begins at `at`, 0 if there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t length = 1; length <= kLongest && at + length <= text.size(); ++length) {
    if (simdjson::validate_utf8(text.data() + at, length)) return length;
  }
  return 0;
}

void replace_what_is_no_utf8(std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = sequence_length(text, at);
    if (length == 0) text[at] = '?';
    at += std::max<std::size_t>(length, 1);
  }
}

}  // namespace

std::string to_utf8(std::string bytes) {
  if (bytes.starts_with("\xff\xfe")) return from_utf16(std::string_view(bytes).substr(2), false);
  if (bytes.starts_with("\xfe\xff")) return from_utf16(std::string_view(bytes).substr(2), true);
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.erase(0, 3);
  if (!simdjson::validate_utf8(bytes.data(), bytes.size())) replace_what_is_no_utf8(bytes);
  return bytes;
}

}  // namespace weir::policy
