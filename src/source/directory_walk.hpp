// SPDX-License-Identifier: Apache-2.0
// source: a directory and a pattern -> the files below it that match.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/result.hpp"

namespace weir::source {

/// What a walk found, both sorted bytewise.
struct Walked {
  std::vector<std::string> paths;
  std::vector<Error> errors;  ///< directories that cannot be listed, links that lead nowhere
};

/// Lists the files below `root` (empty is the working directory) whose path from there matches
/// `pattern`: components of wildcards divided by `/`, where `**` is any number of directories. A
/// directory that matches stands for all files below it; so does an empty pattern for the root.
///
/// Names that begin with `.` are left out unless the pattern writes the dot. Links are followed,
/// but never twice into one directory, and a file that a link leads to is listed only if it is not
/// listed already: loops end, and a `current -> 2024` does not count records twice.
Walked walk_directory(const std::string& root, std::string_view pattern);

}  // namespace weir::source
