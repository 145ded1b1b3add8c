// SPDX-License-Identifier: Apache-2.0
// source: standard input -> a file that can be read from its beginning, and more than once.
#include "source/spool.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "base/temporary_file.hpp"
#include "source/descriptor.hpp"

namespace weir::source {
namespace {

Unexpected cannot_keep(const std::string& directory, std::string_view reason) {
  return Unexpected({.code = ErrorCode::unreadable,
                     .message = fmt::format("standard input cannot be kept: {}", reason),
                     .where = directory,
                     .hint = "--temp-dir DIR names another place for it"});
}

/// False if nothing has arrived for a moment.
bool has_arrived(const Descriptor& input) {
  constexpr int kPatienceMs = 50;
  pollfd waiting{.fd = input.number(), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, kPatienceMs) > 0;
}

Result<void> copy_to(Descriptor& file, const std::string& directory,
                     const std::function<bool()>& stopped, Progress* progress) {
  Descriptor input = Descriptor::standard_input();
  std::vector<char> buffer(std::size_t{1} << 20);
  while (!stopped || !stopped()) {
    if (!has_arrived(input)) continue;
    const Result<std::size_t> count = input.read(buffer);
    if (!count) return Unexpected(count.error());
    if (*count == 0) return {};
    if (const int error = file.write_all({buffer.data(), *count}); error != 0) {
      return cannot_keep(directory, system_message(error));
    }
    if (progress != nullptr) progress->advance(*count);
  }
  return Unexpected(
      {.code = ErrorCode::unreadable, .message = "standard input was not read to its end"});
}

}  // namespace

Result<void> spool_standard_input(const std::string& directory,
                                  const std::function<bool()>& stopped, Progress* progress) {
  const bool at_begin = ::lseek(STDIN_FILENO, 0, SEEK_CUR) == 0;
  if (at_begin && Descriptor::standard_input().size()) return {};
  if (progress != nullptr) progress->begin("keeping standard input", ProgressUnit::bytes);
  const std::string place = base::temporary_directory(directory);
  Result<Descriptor> file = Descriptor::nameless_file(place);
  if (!file) return cannot_keep(place, file.error().message);
  if (Result<void> copied = copy_to(*file, place, stopped, progress); !copied) return copied;
  if (::dup2(file->number(), STDIN_FILENO) < 0) return cannot_keep(place, system_message(errno));
  return {};
}

bool expect_spooled(std::span<Input> inputs) {
  for (Input& input : inputs) {
    if (input.kind != InputKind::standard_input) continue;
    input.kind = InputKind::spooled_standard_input;
    return true;
  }
  return false;
}

}  // namespace weir::source
