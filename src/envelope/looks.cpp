// SPDX-License-Identifier: Apache-2.0
// envelope: what a token or a line looks like, before any format is known.
#include "envelope/looks.hpp"

#include <algorithm>
#include <cstddef>

#include "weir/field.hpp"
#include "weir/ip.hpp"

namespace weir::envelope {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// Matches `9` for a digit and any other character for itself.
bool matches(std::string_view text, std::string_view pattern) noexcept {
  return text.size() == pattern.size() &&
         std::equal(text.begin(), text.end(), pattern.begin(),
                    [](char c, char p) { return p == '9' ? is_digit(c) : c == p; });
}

bool is_account(std::string_view token) noexcept {
  return token == "unknown" || (token.size() == 12 && all_digits(token));
}

bool is_version(std::string_view token) noexcept {
  return (token.size() == 1 && token[0] >= '2' && token[0] <= '9') || token == "10" ||
         token == "11";
}

/// True for a token that a flow-log record has and prose, code and other logs hardly ever do.
bool is_telling(std::string_view token) noexcept {
  constexpr std::string_view kWords[] = {"ACCEPT",  "REJECT",         "NODATA", "SKIPDATA",
                                         "ingress", "TransitGateway", "egress"};
  constexpr std::string_view kPrefixes[] = {"eni-", "tgw-", "vpc-", "subnet-", "i-", "nat-"};
  if (std::find(std::begin(kWords), std::end(kWords), token) != std::end(kWords)) return true;
  const auto is_id = [&](std::string_view prefix) {
    return token.starts_with(prefix) && token.size() > prefix.size();
  };
  if (std::any_of(std::begin(kPrefixes), std::end(kPrefixes), is_id)) return true;
  if (all_digits(token)) {  // Unix seconds since 2001, milliseconds, accounts
    return (token.size() == 10 && token[0] == '1') || token.size() == 12 || token.size() == 13;
  }
  return parse_ip(token).has_value();
}

bool is_plain(std::string_view token) noexcept {
  return std::all_of(token.begin(), token.end(), [](char c) {
    constexpr std::string_view kForeign = "\"{}[]<>";
    return c > ' ' && c < '\x7f' && kForeign.find(c) == std::string_view::npos;
  });
}

}  // namespace

std::string_view take_token(std::string_view& rest) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  const auto begin = std::find_if_not(rest.begin(), rest.end(), is_blank);
  const auto end = std::find_if(begin, rest.end(), is_blank);
  const std::string_view token(begin, end);
  rest = std::string_view(end, rest.end());
  return token;
}

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::size_t leading_timestamp(std::string_view line) noexcept {
  constexpr std::string_view kPattern = "9999-99-99T99:99:99";
  if (!matches(line.substr(0, kPattern.size()), kPattern)) return 0;
  std::size_t at = kPattern.size();
  const auto peek = [&] { return at < line.size() ? line[at] : '\0'; };
  if (peek() == '.' || peek() == ',') {
    do ++at;
    while (is_digit(peek()));
  }
  if (peek() == 'Z') {
    ++at;
  } else if (matches(line.substr(at, 6), "+99:99") || matches(line.substr(at, 6), "-99:99")) {
    at += 6;
  } else if (matches(line.substr(at, 5), "+9999") || matches(line.substr(at, 5), "-9999")) {
    at += 5;
  }
  return peek() == ' ' || peek() == '\t' ? at : 0;
}

bool looks_like_record(std::string_view line) noexcept {
  constexpr std::size_t kMostTokens = 256;
  std::string_view rest = trim(line);
  std::size_t tokens = 0;
  std::size_t telling = 0;
  while (tokens < kMostTokens) {
    const std::string_view token = take_token(rest);
    if (token.empty()) break;
    if (!is_plain(token)) return false;
    ++tokens;
    if (is_telling(token)) ++telling;
  }
  // A quarter: a record of version 11 is mostly hyphens, but prose with two addresses is no record.
  return (telling >= 2 && telling * 4 >= tokens) || telling >= 4 || looks_like_header(line);
}

bool looks_like_header(std::string_view line) noexcept {
  std::string_view rest = trim(line);
  std::size_t names = 0;
  for (std::string_view token = take_token(rest); !token.empty(); token = take_token(rest)) {
    if (!is_field_name(token)) return false;
    ++names;
  }
  return names >= 2;
}

bool begins_like_record(std::string_view line) noexcept {
  if (!is_version(take_token(line))) return false;
  const std::string_view second = take_token(line);
  return is_account(second) || second == "TransitGateway";
}

bool is_stream_name(std::string_view token) noexcept {
  return token.ends_with("-all") || token.ends_with("-accept") || token.ends_with("-reject");
}

bool is_interface_or_gateway(std::string_view token) noexcept {
  return (token.starts_with("eni-") || token.starts_with("tgw-")) && token.size() > 4;
}

namespace {

struct Magic {
  std::string_view bytes;
  std::string_view name;
};

using namespace std::string_view_literals;

constexpr Magic kMagics[] = {
    {"\xff\xd8\xff"sv, "a JPEG image"},
    {"\x89PNG\r\n\x1a\n"sv, "a PNG image"},
    {"GIF8"sv, "a GIF image"},
    {"%PDF-"sv, "a PDF document"},
    {"PK\x03\x04"sv, "a zip archive"},
    {"\x7f"
     "ELF"sv,
     "an ELF program"},
    // https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html, both byte orders, micro- and
    // nanoseconds; pcapng begins with a section header block.
    {"\xd4\xc3\xb2\xa1"sv, "a packet capture (pcap)"},
    {"\xa1\xb2\xc3\xd4"sv, "a packet capture (pcap)"},
    {"\x4d\x3c\xb2\xa1"sv, "a packet capture (pcap)"},
    {"\xa1\xb2\x3c\x4d"sv, "a packet capture (pcap)"},
    {"\x0a\x0d\x0d\x0a"sv, "a packet capture (pcapng)"},
    {"\x1f\x8b"sv, "packed with gzip more than four times"},
    {"\x28\xb5\x2f\xfd"sv, "packed with zstd more than four times"},
    {"BZh"sv, "packed with bzip2 more than four times"},
    {"\xfd"
     "7zXZ\0"sv,
     "packed with xz more than four times"},
    {"\x04\x22\x4d\x18"sv, "packed with lz4 more than four times"},
    // https://github.com/google/snappy/blob/main/framing_format.txt, 4.1
    {"\xff\x06\0\0sNaPpY"sv, "packed with Snappy"},
    {"Rar!\x1a\x07"sv, "a RAR archive"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive"},
    {"SQLite format 3\0"sv, "an SQLite database"},
    {"Obj\x01"sv, "an Avro file"},
    {"ORC"sv, "an ORC file"},
    {"\xff\xfe\0\0"sv, "text in UTF-32"},
    {"\0\0\xfe\xff"sv, "text in UTF-32"},
    {"<?xml"sv, "an XML document"},
    {"<!DOCTYPE"sv, "an HTML page"},
    {"<!doctype"sv, "an HTML page"},
    {"<html"sv, "an HTML page"},
    // Export tasks write this into the object `aws-logs-write-test` to see whether they may.
    {"Permission Check Successful"sv, "the marker object of a CloudWatch Logs export"},
};

bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && (byte < '\t' || byte > '\r') && byte != 0x1b && byte != 0x1e) ||
         byte == 0x7f;
}

}  // namespace

std::string_view name_by_magic(std::string_view bytes) noexcept {
  for (const Magic& magic : kMagics) {
    if (bytes.starts_with(magic.bytes)) return magic.name;
  }
  return {};
}

bool is_binary(std::string_view bytes) noexcept {
  if (bytes.find('\0') != std::string_view::npos) return true;
  constexpr std::size_t kOneIn = 50;
  const auto controls =
      static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_control));
  return controls * kOneIn > bytes.size();
}

}  // namespace weir::envelope
