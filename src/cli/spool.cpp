// SPDX-License-Identifier: Apache-2.0
// cli: standard input -> a file.
#include "cli/spool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace weir::cli {
namespace {

Error failed(std::string where) {
  return {.code = ErrorCode::unreadable,
          .message = std::string("standard input cannot be kept: ") +
                     std::strerror(errno),  // NOLINT(concurrency-mt-unsafe)
          .where = std::move(where),
          .hint = "--temp-dir DIR names another place for it"};
}

Result<void> write_all(int file, std::string_view bytes, const std::string& directory) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return Unexpected(failed(directory));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> copy(int file, const std::string& directory, const std::function<bool()>& stopped,
                  Progress& progress) {
  constexpr int kPatienceMs = 50;
  std::vector<char> buffer(std::size_t{1} << 20);
  while (!stopped()) {
    pollfd waiting{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kPatienceMs) <= 0) continue;
    const ssize_t count = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return Unexpected(failed("standard input"));
    if (count == 0) return {};
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
    if (Result<void> written = write_all(file, bytes, directory); !written) return written;
    progress.advance(bytes.size());
  }
  return Unexpected(
      {.code = ErrorCode::unreadable, .message = "standard input was not read to its end"});
}

}  // namespace

Result<void> spool_standard_input(const std::string& directory,
                                  const std::function<bool()>& stopped, Progress& progress) {
  struct stat status {};
  if (fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode)) return {};
  progress.begin("keeping standard input", ProgressUnit::bytes);
  const char* const named = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  const std::string usual = named == nullptr || *named == '\0' ? "/tmp" : named;
  const std::string place = directory.empty() ? usual : directory;
  std::string name = place + "/weir-input-XXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return Unexpected(failed(place));
  unlink(name.c_str());  // gone with the program, however that ends
  Result<void> copied = copy(file, place, stopped, progress);
  if (copied && dup2(file, STDIN_FILENO) < 0) copied = Unexpected(failed(place));
  close(file);
  return copied;
}

}  // namespace weir::cli
