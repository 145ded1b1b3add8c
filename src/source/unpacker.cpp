// SPDX-License-Identifier: Apache-2.0
// source: what the unpackers share: magic numbers, and what may follow a member.
#include "source/unpacker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace weir::source {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kGzipMagic = "\x1f\x8b"sv;
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd"sv;
// What nothing may come before or between, and which is known by its first bytes alone.
constexpr struct {
  std::string_view magic;
  Container container;
} kMagics[] = {
    {"PAR1"sv, Container::parquet},
    {"\xfd"
     "7zXZ\0"sv,
     Container::xz},                         // The .xz File Format, 2.1.1.1
    {"\x04\x22\x4d\x18"sv, Container::lz4},  // LZ4 Frame Format Description 1.6.4
    {"\x02\x21\x4c\x18"sv, Container::lz4},  // the same, "Legacy frame"
    {"PK\x03\x04"sv, Container::zip},        // APPNOTE.TXT 6.3.10, 4.3.7
    {"PK\x05\x06"sv, Container::zip},        // without members
};
// The Unicode Standard, 23.8, "Byte Order Mark": Windows PowerShell begins files with one.
constexpr std::string_view kLittleEndianMark = "\xff\xfe"sv;
constexpr std::string_view kBigEndianMark = "\xfe\xff"sv;
constexpr std::string_view kUtf32Mark = "\xff\xfe\0\0"sv;

bool begins_alike(std::string_view bytes, std::string_view magic) noexcept {
  const std::size_t length = std::min(bytes.size(), magic.size());
  return length > 0 && bytes.substr(0, length) == magic.substr(0, length);
}

// RFC 8878, 3.1.2: any of 0x184D2A50 to 0x184D2A5F, little-endian.
bool begins_skippable(std::string_view bytes) noexcept {
  if (bytes.empty() || (static_cast<unsigned char>(bytes[0]) & 0xf0) != 0x50) return false;
  return bytes.size() == 1 || begins_alike(bytes.substr(1), "\x2a\x4d\x18"sv);
}

/// `BZh1` to `BZh9`, and the number of the first block or of the end.
bool begins_bzip2(std::string_view bytes) noexcept {
  constexpr std::string_view kBlock = "1AY&SY"sv;
  constexpr std::string_view kEnd = "\x17\x72\x45\x38\x50\x90"sv;
  if (bytes.size() < kMagicBytes || !bytes.starts_with("BZh")) return false;
  const std::string_view rest = bytes.substr(kMagicBytes);
  return bytes[3] >= '1' && bytes[3] <= '9' &&
         (rest.empty() || begins_alike(rest, kBlock) || begins_alike(rest, kEnd));
}

/// POSIX pax, "ustar Interchange Format": the sum of the header's bytes stands in it in octal, its
/// own field taken as blanks. Old tars, which have no magic number, have it too.
bool begins_tar(std::string_view bytes) noexcept {
  constexpr std::size_t kSumAt = 148;
  constexpr std::size_t kSumBytes = 8;
  if (bytes.size() < kTarHeaderBytes || bytes.front() == '\0') return false;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kTarHeaderBytes; ++i) {
    const bool is_own = i >= kSumAt && i < kSumAt + kSumBytes;
    sum += is_own ? std::uint64_t{' '} : static_cast<unsigned char>(bytes[i]);
  }
  std::string_view digits = bytes.substr(kSumAt, kSumBytes);
  digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
  digits = digits.substr(0, digits.find_first_not_of("01234567"));
  std::uint64_t written = 0;
  for (const char c : digits) written = written * 8 + static_cast<std::uint64_t>(c - '0');
  return !digits.empty() && written == sum;
}

class PlainUnpacker final : public Unpacker {
 public:
  Unpacked unpack(PackedBytes& packed, std::span<char> out) override {
    auto length = packed.read(out);
    if (!length) return {0, std::move(length.error())};
    return {*length, {}};
  }
};

}  // namespace

bool begins_gzip(std::string_view bytes) noexcept { return begins_alike(bytes, kGzipMagic); }

bool begins_zstd(std::string_view bytes) noexcept {
  return begins_alike(bytes, kZstdMagic) || begins_skippable(bytes);
}

Container container_of(std::string_view first_bytes) noexcept {
  if (first_bytes.size() >= kGzipMagic.size() && begins_gzip(first_bytes)) return Container::gzip;
  if (first_bytes.size() >= kZstdMagic.size() && begins_zstd(first_bytes)) return Container::zstd;
  for (const auto& [magic, container] : kMagics) {
    if (first_bytes.starts_with(magic)) return container;
  }
  if (begins_bzip2(first_bytes)) return Container::bzip2;
  const bool has_mark =
      first_bytes.starts_with(kLittleEndianMark) || first_bytes.starts_with(kBigEndianMark);
  if (has_mark && !first_bytes.starts_with(kUtf32Mark)) return Container::utf16;
  return begins_tar(first_bytes) ? Container::tar : Container::plain;
}

bool tells_container(std::string_view bytes) noexcept {
  if (bytes.size() >= kTarHeaderBytes) return true;
  // xz has the longest magic number but tar's. What is packed may have a newline in it.
  constexpr std::size_t kLongestMagic = 6;
  if (bytes.size() >= kMagicBytes && container_of(bytes) != Container::plain) return true;
  const bool may_be_xz = bytes.size() < kLongestMagic && bytes.starts_with('\xfd');
  const bool may_be_packed =
      bytes.size() < kMagicBytes &&
      (begins_gzip(bytes) || begins_zstd(bytes) || begins_alike(bytes, kLittleEndianMark) ||
       begins_alike(bytes, kBigEndianMark) || begins_alike(bytes, "PK") ||
       begins_alike(bytes, "\x04\x22"));
  return !may_be_xz && !may_be_packed && bytes.find('\n') != std::string_view::npos;
}

Result<bool> another_follows(PackedBytes& packed, bool (*begins)(std::string_view) noexcept,
                             std::string_view unit) {
  if (auto seen = packed.need(kMagicBytes); !seen) return Unexpected(std::move(seen.error()));
  if (packed.window().empty()) return false;
  if (begins(packed.window())) return true;

  while (true) {
    const std::string_view window = packed.window();
    packed.consume(std::min(window.find_first_not_of('\0'), window.size()));
    if (!packed.window().empty()) break;
    auto more = packed.need(1);
    if (!more) return Unexpected(std::move(more.error()));
    if (!*more) return false;
  }
  return Unexpected(
      damage_at(packed.offset(), fmt::format("bytes that are no {0} follow the last {0}", unit)));
}

Error damage_at(std::uint64_t packed_offset, std::string_view what) {
  return {ErrorCode::damaged,
          fmt::format("{}, at packed byte {}", what, packed_offset),
          {},
          {},
          "the records before the damage were read; fetch the object again"};
}

std::unique_ptr<Unpacker> make_plain_unpacker() { return std::make_unique<PlainUnpacker>(); }

}  // namespace weir::source
