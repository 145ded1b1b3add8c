// SPDX-License-Identifier: Apache-2.0
// render: text -> text that JSON, CSV, TSV and flow-log lines can hold.
#include "render/escaped_text.hpp"

#include "base/utf8.hpp"
#include "render/byte_class.hpp"
#include "weir/names.hpp"

namespace weir::render {
namespace {

/// Length of the piece at the front that needs no care.
std::size_t plain_length(std::string_view text, ByteClass special) noexcept {
  std::size_t length = 0;
  while (length < text.size() && (class_of(text[length]) & special) == 0) {
    ++length;
  }
  return length;
}

void append_json_control(TextBlock& out, unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.append('\\');
  switch (byte) {
    case '\b':
      return out.append('b');
    case '\f':
      return out.append('f');
    case '\n':
      return out.append('n');
    case '\r':
      return out.append('r');
    case '\t':
      return out.append('t');
    default:
      out.append("u00");
      out.append(digits[byte >> 4]);
      out.append(digits[byte & 0xf]);
  }
}

/// Writes the first character of `text`, which needs care, and returns its length.
std::size_t append_json_special(TextBlock& out, std::string_view text) {
  const base::CodePoint point = base::decode_utf8(text);
  if (!point.valid) {
    out.append("\xef\xbf\xbd");
  } else if (point.value < 0x20) {
    append_json_control(out, static_cast<unsigned char>(text.front()));
  } else {
    if (point.value == '"' || point.value == '\\') out.append('\\');
    out.append(text.substr(0, point.length));
  }
  return point.length;
}

void append_tsv_special(TextBlock& out, char byte) {
  out.append('\\');
  out.append(byte == '\t' ? 't' : byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte);
}

}  // namespace

void append_json_text(TextBlock& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t plain = plain_length(text, kJsonSpecial);
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (!text.empty()) text.remove_prefix(append_json_special(out, text));
  }
}

void append_json_string(TextBlock& out, std::string_view text) {
  out.append('"');
  append_json_text(out, text);
  out.append('"');
}

void append_csv_text(TextBlock& out, std::string_view text) {
  if (!text.empty() && !has_special(text, kCsvSpecial)) return out.append(text);
  out.append('"');
  for (const char byte : text) {
    if (byte == '"') out.append('"');
    out.append(byte);
  }
  out.append('"');
}

void append_tsv_text(TextBlock& out, std::string_view text) {
  if (text == "-") return out.append("\\-");
  while (!text.empty()) {
    const std::size_t plain = plain_length(text, kTsvSpecial);
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    append_tsv_special(out, text.front());
    text.remove_prefix(1);
  }
}

void append_log_text(TextBlock& out, std::string_view text, bool percent_encoded) {
  if (text.empty()) return out.append('-');
  const ByteClass special = percent_encoded ? kTagSpecial : kLogSpecial;
  if (text != "-" && !has_special(text, special)) return out.append(text);
  out.append(percent_encoded ? percent_encode_tag(text) : percent_encode(text));
}

}  // namespace weir::render
