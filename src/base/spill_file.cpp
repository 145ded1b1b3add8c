// SPDX-License-Identifier: Apache-2.0
// base: a temporary file without a name.
#include "base/spill_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/temporary_file.hpp"

namespace weir::base {
namespace {

Unexpected failure(std::string_view what, const std::string& directory, int error) {
  return Unexpected(
      {.code = ErrorCode::unreadable,
       .message = fmt::format("what does not fit into memory cannot be {} a temporary file: {}",
                              what, std::generic_category().message(error)),
       .where = directory,
       .hint = "--temp-dir DIR names another directory, --memory SIZE keeps more in memory, and "
               "fewer inputs or fields need less"});
}

}  // namespace

Result<std::unique_ptr<SpillFile>> SpillFile::create(const std::string& directory) {
  std::string place = temporary_directory(directory);
  const int descriptor = open_nameless_file(place);
  if (descriptor < 0) return failure("written to", place, errno);
  return std::unique_ptr<SpillFile>(new SpillFile(descriptor, std::move(place)));
}

SpillFile::~SpillFile() { ::close(descriptor_); }

std::string SpillFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

Result<void> SpillFile::write(std::uint64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failure("written to", directory_, count < 0 ? errno : ENOSPC);
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> SpillFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failure("read from", directory_, count < 0 ? errno : EIO);
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace weir::base
