// SPDX-License-Identifier: Apache-2.0
// source: archives and packed texts for tests, made by libarchive's writer.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "source/libarchive.hpp"

namespace weir::archive_testing {

/// What stands in an archive. A name that ends with `/` is a folder; `link` makes it one.
struct ArchiveMember {
  std::string name;
  std::string bytes = {};
  std::string symbolic_link = {};
  std::string hard_link = {};
  std::int64_t hole_after = 0;  ///< as many zeros that are not written
  std::size_t hole_before = 0;  ///< so many of `bytes`, which must be zeros, are not written
};

struct ArchiveKind {
  int (*format)(::archive*) = archive_write_set_format_pax_restricted;
  int (*filter)(::archive*) = archive_write_add_filter_none;
  const char* options = nullptr;
  const char* password = nullptr;
};

inline constexpr ArchiveKind kTar{};
inline constexpr ArchiveKind kGnuTar{archive_write_set_format_gnutar};
inline constexpr ArchiveKind kOldTar{archive_write_set_format_v7tar};
inline constexpr ArchiveKind kTarGz{archive_write_set_format_pax, archive_write_add_filter_gzip};
inline constexpr ArchiveKind kTarZst{archive_write_set_format_pax, archive_write_add_filter_zstd};
inline constexpr ArchiveKind kTarXz{archive_write_set_format_pax, archive_write_add_filter_xz};
inline constexpr ArchiveKind kZip{archive_write_set_format_zip, archive_write_add_filter_none,
                                  "zip:compression=deflate"};
inline constexpr ArchiveKind kStoredZip{archive_write_set_format_zip, archive_write_add_filter_none,
                                        "zip:compression=store"};
inline constexpr ArchiveKind kEncryptedZip{archive_write_set_format_zip,
                                           archive_write_add_filter_none, "zip:encryption=zipcrypt",
                                           "secret"};

struct FreeEntry {
  void operator()(archive_entry* entry) const noexcept { archive_entry_free(entry); }
};
struct FreeWriter {
  void operator()(::archive* writer) const noexcept { archive_write_free(writer); }
};

inline la_ssize_t append_to(::archive* /*writer*/, void* to, const void* bytes,
                            std::size_t length) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), length);
  return static_cast<la_ssize_t>(length);
}

inline void add_member(::archive* writer, const ArchiveMember& member) {
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), member.name.c_str());
  archive_entry_set_mtime(entry.get(), 1'418'530'010, 0);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_filetype(entry.get(), member.name.ends_with('/') ? AE_IFDIR : AE_IFREG);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.bytes.size()));
  if (member.hole_after > 0 || member.hole_before > 0) {
    const auto size = static_cast<la_int64_t>(member.bytes.size());
    const auto begin = static_cast<la_int64_t>(member.hole_before);
    archive_entry_set_size(entry.get(), size + member.hole_after);
    archive_entry_sparse_add_entry(entry.get(), begin, size - begin);
  }
  if (!member.symbolic_link.empty()) {
    archive_entry_set_filetype(entry.get(), AE_IFLNK);
    archive_entry_set_symlink(entry.get(), member.symbolic_link.c_str());
  }
  if (!member.hard_link.empty()) archive_entry_set_hardlink(entry.get(), member.hard_link.c_str());
  EXPECT_EQ(archive_write_header(writer, entry.get()), ARCHIVE_OK) << archive_error_string(writer);
  if (member.bytes.empty()) return;
  EXPECT_EQ(archive_write_data(writer, member.bytes.data(), member.bytes.size()),
            static_cast<la_ssize_t>(member.bytes.size()))
      << archive_error_string(writer);
}

inline std::string pack(const ArchiveKind& kind, const std::vector<ArchiveMember>& members) {
  std::string packed;
  const std::unique_ptr<::archive, FreeWriter> writer(archive_write_new());
  EXPECT_EQ(kind.format(writer.get()), ARCHIVE_OK);
  EXPECT_EQ(kind.filter(writer.get()), ARCHIVE_OK);
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  if (kind.password != nullptr) archive_write_set_passphrase(writer.get(), kind.password);
  if (kind.options != nullptr) {
    EXPECT_EQ(archive_write_set_options(writer.get(), kind.options), ARCHIVE_OK)
        << archive_error_string(writer.get());
  }
  EXPECT_EQ(archive_write_open(writer.get(), &packed, nullptr, &append_to, nullptr), ARCHIVE_OK);
  for (const ArchiveMember& member : members) add_member(writer.get(), member);
  EXPECT_EQ(archive_write_close(writer.get()), ARCHIVE_OK) << archive_error_string(writer.get());
  return packed;
}

/// A text packed alone.
inline std::string filtered(int (*filter)(::archive*), const std::string& text) {
  return pack({archive_write_set_format_raw, filter}, {{.name = "-", .bytes = text}});
}
inline std::string bzip2(const std::string& text) {
  return filtered(archive_write_add_filter_bzip2, text);
}
inline std::string xz(const std::string& text) {
  return filtered(archive_write_add_filter_xz, text);
}
inline std::string lz4(const std::string& text) {
  // libarchive 3.6 crashes where the program lz4 writes this.
  if (text.empty()) return {"\x04\x22\x4d\x18\x64\x40\xa7\0\0\0\0\x05\x5d\xcc\x02", 15};
  return filtered(archive_write_add_filter_lz4, text);
}

}  // namespace weir::archive_testing
