// SPDX-License-Identifier: Apache-2.0
// sql: a folder for what has no room in memory, or is not whole yet, that goes with its session
// whatever happens.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/unfinished.hpp"
#include "weir/result.hpp"

namespace weir::sql {

/// A folder of this session's own. A file in it is locked as long as the session lives, so that
/// another one can tell a folder in use from one that a killed process has left behind.
class SessionFolder {
 public:
  /// Makes the folder below `parent`, or below $TMPDIR or /tmp if that is empty; its name begins
  /// with `prefix`. Removes those with the prefix whose sessions are gone.
  /// Errors: unreadable.
  static Result<std::unique_ptr<SessionFolder>> create(const std::string& parent,
                                                       std::string_view prefix = kSpilled);
  static constexpr std::string_view kSpilled = "weir-sql-";
  ~SessionFolder();
  SessionFolder(const SessionFolder&) = delete;
  SessionFolder& operator=(const SessionFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  SessionFolder(std::string path, int lock)
      : path_(path), unfinished_(std::move(path)), lock_(lock) {}

  std::string path_;
  base::Unfinished unfinished_;
  int lock_;
};

}  // namespace weir::sql
