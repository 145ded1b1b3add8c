// SPDX-License-Identifier: Apache-2.0
// source: a file that has its name only when it is whole.
#pragma once

#include <memory>
#include <string>

#include "base/unfinished.hpp"
#include "source/descriptor.hpp"

namespace weir::source {

/// A file that grows without its name, beside where it will be. What was there before stays until
/// then, and stays for good if this is destroyed, or the process is killed, before take_name().
///
/// Devices, pipes, what lies below /dev or /proc, and files in a folder that takes no new ones are
/// written as they are.
class NewFile {
 public:
  /// Errors: unreadable.
  static Result<NewFile> open(const std::string& path);
  NewFile(NewFile&&) = default;
  ~NewFile();

  Descriptor& descriptor() noexcept { return descriptor_; }
  /// Gives the file its name. Returns the system's error number; 0 is success.
  int take_name();

 private:
  NewFile(Descriptor descriptor, std::string target)
      : descriptor_(std::move(descriptor)), target_(std::move(target)) {}

  Descriptor descriptor_;
  std::string target_;  ///< empty: it has its name already
  /// Where it grows, on a file system that has no nameless files.
  std::unique_ptr<base::Unfinished> growing_;
};

}  // namespace weir::source
