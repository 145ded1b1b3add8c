// SPDX-License-Identifier: Apache-2.0
// source: packed bytes -> bytes. One unpacker per container.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "source/packed_bytes.hpp"
#include "weir/source.hpp"

namespace weir::source {

/// What one step gave. Bytes and an error may come together: damage takes nothing away from what
/// stood before it.
struct Unpacked {
  std::size_t length = 0;      ///< bytes at the front of `out`
  std::optional<Error> error;  ///< why nothing follows them; `where` is left to the caller
};

/// Unpacks one container.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  /// Fills a prefix of `out`, which is not empty. Waits for packed bytes only while it has nothing
  /// to hand out. Length 0 without an error is the end; after an error it is not called again.
  virtual Unpacked unpack(PackedBytes& packed, std::span<char> out) = 0;
};

std::unique_ptr<Unpacker> make_plain_unpacker();
std::unique_ptr<Unpacker> make_gzip_unpacker();
std::unique_ptr<Unpacker> make_zstd_unpacker();
std::unique_ptr<Unpacker> make_bzip2_unpacker();
std::unique_ptr<Unpacker> make_xz_unpacker();
std::unique_ptr<Unpacker> make_lz4_unpacker();
std::unique_ptr<Unpacker> make_utf16_unpacker();

/// Whether a gzip member or a zstd frame (skippable ones too) begins here. Fewer bytes than the
/// magic number has pass if they begin like it.
bool begins_gzip(std::string_view bytes) noexcept;
bool begins_zstd(std::string_view bytes) noexcept;
/// The container that an object's first bytes tell.
Container container_of(std::string_view first_bytes) noexcept;
/// Whether further bytes would not change what container_of() says. No whole line of text is held
/// back for them.
bool tells_container(std::string_view first_bytes) noexcept;
/// Whatever is not a tar is told by as many first bytes.
inline constexpr std::size_t kMagicBytes = 4;
/// A tar is told by the header of its first member.
inline constexpr std::size_t kTarHeaderBytes = 512;

/// Decides what follows a finished member or frame: true if another one, false at the end. Zeros up
/// to the end are padding.
/// Errors: damaged when anything else follows; `unit` is what was expected.
Result<bool> another_follows(PackedBytes& packed, bool (*begins)(std::string_view) noexcept,
                             std::string_view unit);

/// An error about the bytes at a packed offset.
Error damage_at(std::uint64_t packed_offset, std::string_view what);

}  // namespace weir::source
