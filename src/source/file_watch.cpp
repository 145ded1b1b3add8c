// SPDX-License-Identifier: Apache-2.0
// source: whether a file is still what it was when it was opened. Logs are read while logrotate and
// those that write them are at work.
#include <fmt/format.h>
#include <sys/stat.h>

#include "source/descriptor.hpp"
#include "weir/source.hpp"

namespace weir {
namespace {

FileWatch watch_of(const struct stat& status, const std::string& path) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return {.path = path,
          .device = status.st_dev,
          .number = status.st_ino,
          .bytes = static_cast<std::uint64_t>(status.st_size),
          .modified = status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec};
}

}  // namespace

std::optional<FileWatch> source::Descriptor::watch(const std::string& path) const {
  struct stat status {};
  if (::fstat(number_, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return watch_of(status, path);
}

std::optional<ChangedFile> change_of(const FileWatch& watch) {
  struct stat status {};
  if (::stat(watch.path.c_str(), &status) != 0) return std::nullopt;
  const FileWatch now = watch_of(status, watch.path);
  ChangedFile changed{.before = watch.bytes, .after = now.bytes};
  if (now.device != watch.device || now.number != watch.number) {
    changed.change = FileChange::replaced;
  } else if (now.bytes < watch.bytes) {
    changed.change = FileChange::shrank;
  } else if (now.bytes > watch.bytes) {
    changed.change = FileChange::grew;
  } else if (now.modified != watch.modified) {
    changed.change = FileChange::rewritten;
  } else {
    return std::nullopt;
  }
  return changed;
}

Error describe(const ChangedFile& changed, const std::string& name) {
  Error warning{.code = ErrorCode::damaged, .where = name};
  switch (changed.change) {
    case FileChange::shrank:
      warning.message =
          fmt::format("was truncated while it was read, from {} to {} bytes: records are missing",
                      changed.before, changed.after);
      warning.hint = "read it again, or read the rotated file, when nothing writes to it";
      break;
    case FileChange::rewritten:
      warning.message = "was written to while it was read: records may be missing or mixed";
      warning.hint = "read it again when nothing writes to it";
      break;
    case FileChange::grew:
      warning.message = fmt::format(
          "grew while it was read, from {} to {} bytes: what came later may not be in the answer",
          changed.before, changed.after);
      break;
    case FileChange::replaced:
      warning.message =
          "was replaced while it was read (rotated): the answer is of the file that had the name "
          "before";
      break;
  }
  return warning;
}

}  // namespace weir
