// SPDX-License-Identifier: Apache-2.0
// source: read(2) and write(2) with everything that can come between.
#include "source/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/temporary_file.hpp"

namespace weir::source {
namespace {

// Standard input and output are shared with other processes, and any of them may have switched the
// file to non-blocking.
bool waited_for(int number, short events) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  pollfd waiting{number, events, 0};
  return ::poll(&waiting, 1, -1) >= 0 || errno == EINTR;
}

int open_retrying(const std::string& path, int flags) {
  while (true) {
    const int number = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
    if (number >= 0 || errno != EINTR) return number;
  }
}

}  // namespace

std::string system_message(int error_number) {
  return std::system_category().message(error_number);
}

Result<Descriptor> Descriptor::open_for_reading(const std::string& path) {
  const int number = open_retrying(path, O_RDONLY | O_NOCTTY);
  if (number < 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return Unexpected({ErrorCode::not_found, "no such file or directory", path, {}, {}});
  }
  if (number < 0) {
    return Unexpected({ErrorCode::unreadable,
                       fmt::format("cannot be opened: {}", system_message(errno)),
                       path,
                       {},
                       {}});
  }
  // Advice only: pipes and devices refuse it, which changes nothing.
  ::posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL);
  return Descriptor(number, path, true);
}

Result<Descriptor> Descriptor::open_for_writing(const std::string& path) {
  const int number = open_retrying(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY);
  if (number < 0) {
    return Unexpected({ErrorCode::unreadable,
                       fmt::format("cannot be opened for writing: {}", system_message(errno)),
                       path,
                       {},
                       {}});
  }
  return Descriptor(number, path, true);
}

Result<Descriptor> Descriptor::nameless_file(const std::string& directory) {
  const int number = base::open_nameless_file(directory);
  if (number >= 0) return Descriptor(number, directory, true);
  return Unexpected({.code = ErrorCode::unreadable,
                     .message = fmt::format("no file can be made there: {}", system_message(errno)),
                     .where = directory});
}

Descriptor::~Descriptor() { close(); }

bool Descriptor::is_directory() const noexcept {
  struct stat status {};
  return ::fstat(number_, &status) == 0 && S_ISDIR(status.st_mode);
}

bool Descriptor::is_terminal() const noexcept { return ::isatty(number_) == 1; }

Result<std::size_t> Descriptor::read(std::span<char> out) {
  while (true) {
    const ssize_t length = ::read(number_, out.data(), out.size());
    if (length >= 0) return static_cast<std::size_t>(length);
    if (!waited_for(number_, POLLIN)) return Unexpected(unreadable());
  }
}

Result<std::size_t> Descriptor::read_at(std::uint64_t offset, std::span<char> out) const {
  while (true) {
    const ssize_t length = ::pread(number_, out.data(), out.size(), static_cast<off_t>(offset));
    if (length >= 0) return static_cast<std::size_t>(length);
    if (!waited_for(number_, POLLIN)) return Unexpected(unreadable());
  }
}

std::optional<Descriptor> Descriptor::duplicate() const {
  const int copy = ::fcntl(number_, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return std::nullopt;
  return Descriptor(copy, name_, true);
}

std::optional<std::uint64_t> Descriptor::size() const noexcept {
  struct stat status {};
  if (::fstat(number_, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
}

Error Descriptor::unreadable() const {
  return {ErrorCode::unreadable,
          fmt::format("cannot be read: {}", system_message(errno)),
          name_,
          {},
          {}};
}

int Descriptor::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t length = ::write(number_, bytes.data(), bytes.size());
    if (length >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(length));
    } else if (!waited_for(number_, POLLOUT)) {
      return errno;
    }
  }
  return 0;
}

int Descriptor::close() {
  if (!owned_ || number_ < 0) return 0;
  // Linux has freed the descriptor even when close() is interrupted: never close twice.
  const int result = ::close(std::exchange(number_, -1));
  return result == 0 || errno == EINTR ? 0 : errno;
}

}  // namespace weir::source
