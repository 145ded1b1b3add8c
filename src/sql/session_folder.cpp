// SPDX-License-Identifier: Apache-2.0
// sql: a folder for what has no room in memory, or is not whole yet.
#include "sql/session_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/temporary_file.hpp"

namespace weir::sql {
namespace {

constexpr const char* kLock = "/lock";

void remove_folder(const std::string& path) {
  std::error_code ignored;  // what cannot be removed now is found by the next session
  std::filesystem::remove_all(path, ignored);
}

/// Opens and locks the lock of a folder; -1 if it has none, or someone else holds it.
int take_lock(const std::string& folder, int flags) {
  const int lock = open((folder + kLock).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (lock < 0) return -1;
  struct stat status {};
  // A sweeper may have removed the folder between the opening and the locking.
  if (flock(lock, LOCK_EX | LOCK_NB) == 0 && fstat(lock, &status) == 0 && status.st_nlink > 0) {
    return lock;
  }
  close(lock);
  return -1;
}

void sweep(const std::string& parent, std::string_view prefix) {
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(parent, failure)) {
    if (!entry.path().filename().string().starts_with(prefix)) continue;
    const std::string path = entry.path().string();
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != geteuid()) {
      continue;
    }
    const int lock = take_lock(path, 0);
    if (lock < 0) continue;
    remove_folder(path);
    close(lock);
  }
}

}  // namespace

Result<std::unique_ptr<SessionFolder>> SessionFolder::create(const std::string& parent,
                                                             std::string_view prefix) {
  const std::string place = base::temporary_directory(parent);
  sweep(place, prefix);
  constexpr int kAttempts = 10;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string path = place + '/' + std::string(prefix) + "XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      return Unexpected({.code = ErrorCode::unreadable,
                         .message = std::string("no folder can be made there: ") +
                                    std::strerror(errno),  // NOLINT(concurrency-mt-unsafe)
                         .where = place,
                         .hint = "use --temp-dir DIR to name another place for temporary files"});
    }
    const int lock = take_lock(path, O_CREAT);
    if (lock >= 0) return std::unique_ptr<SessionFolder>(new SessionFolder(path, lock));
    remove_folder(path);
  }
  return Unexpected({.code = ErrorCode::unreadable,
                     .message = "no file can be locked there",
                     .where = place,
                     .hint = "use --temp-dir DIR to name another place for temporary files"});
}

SessionFolder::~SessionFolder() {
  remove_folder(path_);
  close(lock_);
}

}  // namespace weir::sql
