// SPDX-License-Identifier: Apache-2.0
// source: a file that has its name only when it is whole.
#include "source/new_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace weir::source {
namespace {

namespace fs = std::filesystem;

/// Hidden: expanding inputs leaves such names out.
constexpr const char* kGrowing = "/.weir-unfinished-XXXXXX";
constexpr mode_t kUsualMode = 0666;

/// The file that a path will be, behind its links; nothing if it cannot be replaced.
std::optional<std::string> replaceable(const std::string& path) {
  for (const char* const folder : {"/dev/", "/proc/"}) {
    if (path.starts_with(folder)) return std::nullopt;
  }
  std::error_code failure;
  fs::path named(path);
  // Behind a link the file is replaced, not the link, even if there is none yet.
  constexpr int kMostLinks = 40;
  for (int link = 0; link < kMostLinks && fs::is_symlink(named, failure); ++link) {
    const fs::path linked = fs::read_symlink(named, failure);
    if (failure) return std::nullopt;
    named = linked.is_absolute() ? linked : named.parent_path() / linked;
  }
  const fs::path target = fs::weakly_canonical(named, failure);
  if (failure || path.ends_with('/')) return std::nullopt;
  const fs::file_status status = fs::status(target, failure);
  if (fs::exists(status)) {
    // A file that may not be written may not be replaced either.
    if (!fs::is_regular_file(status) || access(target.c_str(), W_OK) != 0) return std::nullopt;
  }
  return target.string();
}

/// Gives a new file the mode of the one that it will replace, or what the process gives new ones.
void settle_mode(int descriptor, const std::string& target) {
  struct stat status {};
  if (stat(target.c_str(), &status) == 0) {
    (void)fchmod(descriptor, status.st_mode & 07777);
    return;
  }
  const mode_t mask = umask(0);
  umask(mask);
  (void)fchmod(descriptor, kUsualMode & ~mask);
}

std::string folder_of(const std::string& target) {
  const std::string folder = fs::path(target).parent_path().string();
  return folder.empty() ? "." : folder;
}

/// Another name in the folder of `target` for an open file without one; empty, with errno set, if
/// there is none.
std::string name_beside(int descriptor, const std::string& target) {
  constexpr int kAttempts = 100;
  const std::string file = fmt::format("/proc/self/fd/{}", descriptor);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string name =
        fmt::format("{}/.weir-unfinished-{}-{}", folder_of(target), getpid(), attempt);
    if (linkat(AT_FDCWD, file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return name;
    if (errno != EEXIST) return {};
  }
  return {};
}

}  // namespace

Result<NewFile> NewFile::open(const std::string& path) {
  const std::optional<std::string> target = replaceable(path);
  if (target) {
    const std::string folder = folder_of(*target);
    const int nameless = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kUsualMode);
    if (nameless >= 0) {
      settle_mode(nameless, *target);
      return NewFile(Descriptor::owning(nameless, path), *target);
    }
    std::string growing = folder + kGrowing;
    const int named = mkostemp(growing.data(), O_CLOEXEC);
    if (named >= 0) {
      settle_mode(named, *target);
      NewFile file(Descriptor::owning(named, path), *target);
      file.growing_ = std::make_unique<base::Unfinished>(std::move(growing));
      return file;
    }
  }
  auto descriptor = Descriptor::open_for_writing(path);
  if (!descriptor) return Unexpected(std::move(descriptor.error()));
  return NewFile(*std::move(descriptor), {});
}

NewFile::~NewFile() {
  if (growing_ != nullptr) unlink(growing_->path().c_str());
}

int NewFile::take_name() {
  if (target_.empty()) return 0;
  const std::string name =
      growing_ != nullptr ? growing_->path() : name_beside(descriptor_.number(), target_);
  if (name.empty()) return errno;
  if (std::rename(name.c_str(), target_.c_str()) != 0) {
    const int error_number = errno;
    unlink(name.c_str());
    return error_number;
  }
  growing_.reset();
  return 0;
}

}  // namespace weir::source
