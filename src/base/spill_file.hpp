// SPDX-License-Identifier: Apache-2.0
// base: what does not fit into memory -> a temporary file, and back.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "weir/result.hpp"

namespace weir::base {

/// A file that has no name from the moment at which it is open, so that nothing is left of it
/// whatever ends the program.
/// Errors:  unreadable, with the directory and what the system said.
/// Threads: any.
class SpillFile {
 public:
  /// In `directory`, or where temporary_directory() says if that is empty.
  static Result<std::unique_ptr<SpillFile>> create(const std::string& directory);
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// A path that opens the file once more, while it is there.
  std::string path() const;
  /// Where the next `size` bytes go.
  std::uint64_t reserve(std::uint64_t size) noexcept { return end_.fetch_add(size); }
  Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) const;
  Result<void> read(std::uint64_t offset, std::span<std::byte> bytes) const;

 private:
  SpillFile(int descriptor, std::string directory)
      : descriptor_(descriptor), directory_(std::move(directory)) {}

  int descriptor_;
  std::string directory_;
  std::atomic<std::uint64_t> end_ = 0;
};

}  // namespace weir::base
