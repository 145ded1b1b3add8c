// SPDX-License-Identifier: Apache-2.0
// base: where temporary files go, and how one is made.
#pragma once

#include <string>

namespace weir::base {

/// The directory for what is temporary: `asked` (--temp-dir) unless it is empty, else $TMPDIR, else
/// /tmp.
std::string temporary_directory(const std::string& asked);

/// Makes a file in a directory and takes its name away at once, so that nothing is left of it
/// whatever ends the program. Returns its descriptor, which the caller closes, or -1 with errno
/// set.
int open_nameless_file(const std::string& directory);

}  // namespace weir::base
