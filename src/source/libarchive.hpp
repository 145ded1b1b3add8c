// SPDX-License-Identifier: Apache-2.0
// source: what the two files that call libarchive share.
//
// libarchive is asked for single formats and filters, never for all of them: some run programs, and
// what is packed how often is decided in one place, Object, which bounds it.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <string>

namespace weir::source {

struct FreeArchive {
  void operator()(::archive* reader) const noexcept { archive_read_free(reader); }
};
using ArchiveHandle = std::unique_ptr<::archive, FreeArchive>;

/// What libarchive says of its last failure, in one line.
inline std::string words_of(::archive* reader) {
  const char* const said = archive_error_string(reader);
  std::string words = said == nullptr ? "it ends in the middle" : said;
  std::replace(words.begin(), words.end(), '\n', ' ');
  return words;
}

}  // namespace weir::source
