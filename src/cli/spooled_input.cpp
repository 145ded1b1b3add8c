// SPDX-License-Identifier: Apache-2.0
// cli: standard input in a temporary file without a name.
#include "cli/spooled_input.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace weir::cli {
namespace {

Unexpected failure(std::string_view what, std::string where) {
  return Unexpected({.code = ErrorCode::unreadable,
                     .message = fmt::format("{}: {}", what, std::generic_category().message(errno)),
                     .where = std::move(where),
                     .hint = "--temp-dir DIR names another directory; files as INPUT need none"});
}

/// A descriptor that closes itself.
class OwnedFile {
 public:
  explicit OwnedFile(int number) : number_(number) {}
  ~OwnedFile() {
    if (number_ >= 0) ::close(number_);
  }
  OwnedFile(const OwnedFile&) = delete;
  OwnedFile& operator=(const OwnedFile&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int file, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(file, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<SpooledInput>> SpooledInput::create(const std::string& temp_directory) {
  struct stat status {};
  const off_t begin = ::lseek(STDIN_FILENO, 0, SEEK_CUR);
  if (begin >= 0 && ::fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode)) {
    return std::unique_ptr<SpooledInput>(new SpooledInput(begin));
  }
  std::string place = temp_directory;
  if (place.empty()) {
    const char* const usual = std::getenv("TMPDIR");
    place = usual != nullptr && *usual != '\0' ? usual : "/tmp";
  }
  std::string name = place + "/weir-XXXXXX";
  const OwnedFile file(::mkostemp(name.data(), O_CLOEXEC));
  if (file.number() < 0) return failure("standard input cannot be kept in a file", place);
  ::unlink(name.c_str());
  std::vector<char> buffer(std::size_t{1} << 18);
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("cannot be read", "standard input");
    if (count == 0) break;
    if (!write_all(file.number(), buffer.data(), static_cast<std::size_t>(count))) {
      return failure("standard input cannot be kept in a file", place);
    }
  }
  if (::lseek(file.number(), 0, SEEK_SET) < 0 || ::dup2(file.number(), STDIN_FILENO) < 0) {
    return failure("standard input cannot be kept in a file", place);
  }
  return std::unique_ptr<SpooledInput>(new SpooledInput(0));
}

Result<void> SpooledInput::rewind() const {
  if (::lseek(STDIN_FILENO, begin_, SEEK_SET) == begin_) return {};
  return failure("cannot be read a second time", "standard input");
}

}  // namespace weir::cli
