// SPDX-License-Identifier: Apache-2.0
// sql: files that have no name of their own before they are whole.
#include "sql/whole_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

namespace weir::sql {
namespace {

namespace fs = std::filesystem;

/// Hidden: expanding inputs leaves such names out.
constexpr std::string_view kUnfinished = ".weir-unfinished-";

Error refused(const std::string& what, const std::string& where, const std::error_code& reason) {
  return {.code = ErrorCode::unreadable,
          .message = fmt::format("{}: {}", what, reason.message()),
          .where = where};
}

Error unfit(std::string message, const std::string& where) {
  return {.code = ErrorCode::usage,
          .message = std::move(message),
          .where = where,
          .hint = "name a file or a directory"};
}

Result<void> make_directories(const std::string& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) return Unexpected(refused("the directory cannot be made", path, failure));
  return {};
}

/// Hands what was written to the disk, so that a name never outlives what it names.
Result<void> settle(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = descriptor >= 0 && fsync(descriptor) == 0;
  const std::error_code failure(errno, std::generic_category());
  if (descriptor >= 0) close(descriptor);
  if (!done) return Unexpected(refused("cannot be written", path, failure));
  return {};
}

Result<void> give_name(const std::string& file, const std::string& name) {
  if (auto settled = settle(file); !settled) {
    settled.error().where = name;
    return settled;
  }
  std::error_code failure;
  fs::rename(file, name, failure);
  if (failure) return Unexpected(refused("cannot be written", name, failure));
  const std::string parent = fs::path(name).parent_path().string();
  return settle(parent.empty() ? "." : parent);
}

/// FNV-1a of a file's bytes, 64 bits.
Result<std::uint64_t> hash_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> buffer(std::size_t{1} << 18);
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), file.gcount() > 0) {
    for (std::streamsize i = 0; i < file.gcount(); ++i) {
      hash ^= static_cast<unsigned char>(buffer[static_cast<std::size_t>(i)]);
      hash *= 0x0000'0100'0000'01b3;
    }
  }
  if (file.eof()) return hash;
  return Unexpected(refused("cannot be read", path, std::error_code(EIO, std::generic_category())));
}

}  // namespace

Result<WholeFiles> WholeFiles::create(std::string target, const std::string& parent) {
  auto folder = SessionFolder::create(parent.empty() ? "." : parent, kUnfinished);
  if (!folder) {
    folder.error().hint.clear();
    return Unexpected(std::move(folder.error()));
  }
  return WholeFiles(std::move(target), *std::move(folder));
}

Result<WholeFiles> WholeFiles::for_file(const std::string& path, const std::string& usual_name) {
  std::error_code failure;
  const bool is_directory = path.ends_with('/') || fs::is_directory(path, failure);
  if (is_directory) {
    if (auto made = make_directories(path); !made) return Unexpected(std::move(made.error()));
  }
  fs::path target = is_directory ? fs::path(path) / usual_name : fs::path(path);
  const fs::file_status status = fs::status(target, failure);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return Unexpected(unfit("this is not a file that a new one can replace", target.string()));
  }
  // Behind a link the file is replaced, not the link.
  if (fs::is_symlink(target, failure)) {
    const fs::path linked = fs::weakly_canonical(target, failure);
    if (!failure) target = linked;
  }
  const std::string parent = target.parent_path().string();
  return create(target.string(), parent);
}

Result<WholeFiles> WholeFiles::for_tree(const std::string& directory) {
  std::error_code failure;
  const fs::file_status status = fs::status(directory, failure);
  if (fs::exists(status) && !fs::is_directory(status)) {
    return Unexpected(unfit("--partition writes into a directory, and this is not one", directory));
  }
  if (auto made = make_directories(directory); !made) return Unexpected(std::move(made.error()));
  auto files = create(directory, directory);
  if (!files) return files;
  if (auto made = make_directories(files->growing()); !made) {
    return Unexpected(std::move(made.error()));
  }
  return files;
}

Result<void> WholeFiles::name_file() const { return give_name(growing(), target_); }

Result<void> WholeFiles::name_tree(const std::string& stem, const std::string& extension) const {
  std::vector<fs::path> files;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(growing(), failure), end; !failure && at != end;
       at.increment(failure)) {
    if (at->is_regular_file(failure)) files.push_back(at->path());
  }
  if (failure) return Unexpected(refused("cannot be read", growing(), failure));
  for (const fs::path& file : files) {
    const fs::path folder = fs::path(target_) / file.parent_path().lexically_relative(growing());
    if (auto made = make_directories(folder.string()); !made) return made;
    const Result<std::uint64_t> hash = hash_of(file.string());
    if (!hash) return Unexpected(hash.error());
    const std::string name = fmt::format("{}_{:016x}{}", stem, *hash, extension);
    if (auto named = give_name(file.string(), (folder / name).string()); !named) return named;
  }
  return {};
}

Error explain_write(Error error, const WholeFiles& files) {
  const std::size_t place = error.message.find(files.folder());
  if (place == std::string::npos) return error;
  const std::size_t reason = error.message.rfind(": ");
  const bool has_reason = reason != std::string::npos && reason > place;
  return {.code = ErrorCode::unreadable,
          .message = "cannot be written" + (has_reason ? error.message.substr(reason) : ""),
          .where = files.target()};
}

}  // namespace weir::sql
