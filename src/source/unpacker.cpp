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
constexpr std::string_view kParquetMagic = "PAR1"sv;
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

bool may_be_packed(std::string_view bytes) noexcept {
  return bytes.empty() || begins_gzip(bytes) || begins_zstd(bytes) ||
         begins_alike(bytes, kLittleEndianMark) || begins_alike(bytes, kBigEndianMark);
}

Container container_of(std::string_view first_bytes) noexcept {
  if (first_bytes.size() >= kGzipMagic.size() && begins_gzip(first_bytes)) return Container::gzip;
  if (first_bytes.size() >= kZstdMagic.size() && begins_zstd(first_bytes)) return Container::zstd;
  if (first_bytes.starts_with(kParquetMagic)) return Container::parquet;
  const bool has_mark =
      first_bytes.starts_with(kLittleEndianMark) || first_bytes.starts_with(kBigEndianMark);
  if (has_mark && !first_bytes.starts_with(kUtf32Mark)) return Container::utf16;
  return Container::plain;
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
