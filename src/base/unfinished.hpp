// SPDX-License-Identifier: Apache-2.0
// base: files and folders that must not outlive the process, if a signal ends it.
#pragma once

#include <string>

namespace weir::base {

/// A file or folder that is removed by its owner, or by remove_unfinished() if a signal comes
/// first. The list is the one thing that the library keeps for the process and not for an object: a
/// signal ends the process, and no destructor runs.
///
/// Threads: any.
class Unfinished {
 public:
  explicit Unfinished(std::string path);
  ~Unfinished();
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// Removes all of them. For a thread that is about to end the process, never for a signal's
/// handler.
void remove_unfinished();

}  // namespace weir::base
