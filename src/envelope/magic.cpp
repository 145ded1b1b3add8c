// SPDX-License-Identifier: Apache-2.0
// envelope: names other kinds of files by their first bytes.
#include "envelope/magic.hpp"

#include <algorithm>
#include <cstddef>

namespace weir::envelope {
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
    {"\x1f\x8b"sv, "packed twice with gzip"},
    {"\x28\xb5\x2f\xfd"sv, "packed twice with zstd"},
    {"BZh"sv, "packed with bzip2"},
    {"\xfd"
     "7zXZ\0"sv,
     "packed with xz"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive"},
    {"SQLite format 3\0"sv, "an SQLite database"},
    {"Obj\x01"sv, "an Avro file"},
    {"ORC"sv, "an ORC file"},
    {"\xff\xfe"sv, "text in UTF-16 (little endian), flow logs are UTF-8"},
    {"\xfe\xff"sv, "text in UTF-16 (big endian), flow logs are UTF-8"},
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
