// SPDX-License-Identifier: Apache-2.0
// cli: standard input -> a file.
#include "cli/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <vector>

namespace weir::cli {
namespace {

constexpr std::string_view kNotKept = "standard input cannot be kept in a file";

Unexpected failed(std::string_view what, std::string where) {
  return Unexpected({.code = ErrorCode::unreadable,
                     .message = fmt::format("{}: {}", what, std::generic_category().message(errno)),
                     .where = std::move(where),
                     .hint = "--temp-dir DIR names another directory; files as INPUT need none"});
}

bool input_is_file() {
  struct stat status {};
  return fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode);
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> copy_input(int file, const std::string& directory,
                        const std::function<bool()>& stopped) {
  constexpr int kPatienceMs = 50;
  std::vector<char> buffer(std::size_t{1} << 20);
  while (!stopped()) {
    pollfd waiting{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kPatienceMs) <= 0) continue;
    const ssize_t count = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return failed("cannot be read", "standard input");
    if (count == 0) return {};
    if (!write_all(file, {buffer.data(), static_cast<std::size_t>(count)})) {
      return failed(kNotKept, directory);
    }
  }
  return Unexpected(
      {.code = ErrorCode::unreadable, .message = "standard input was not read to its end"});
}

}  // namespace

Result<void> spool_standard_input(const std::string& directory,
                                  const std::function<bool()>& stopped) {
  if (input_is_file()) return {};
  const char* const named = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  const std::string usual = named == nullptr || *named == '\0' ? "/tmp" : named;
  const std::string place = directory.empty() ? usual : directory;
  std::string name = place + "/weir-input-XXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return failed(kNotKept, place);
  unlink(name.c_str());  // gone with the program, however that ends
  Result<void> copied = copy_input(file, place, stopped);
  if (copied && (lseek(file, 0, SEEK_SET) < 0 || dup2(file, STDIN_FILENO) < 0)) {
    copied = failed(kNotKept, place);
  }
  close(file);
  return copied;
}

Result<std::unique_ptr<SpooledInput>> SpooledInput::create(const std::string& directory) {
  const off_t begin = input_is_file() ? lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
  const auto never = [] { return false; };
  if (auto done = spool_standard_input(directory, never); !done) {
    return Unexpected(std::move(done.error()));
  }
  return std::unique_ptr<SpooledInput>(new SpooledInput(begin));
}

Result<void> SpooledInput::rewind() const {
  if (lseek(STDIN_FILENO, begin_, SEEK_SET) == begin_) return {};
  return failed("cannot be read a second time", "standard input");
}

}  // namespace weir::cli
