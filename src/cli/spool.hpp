// SPDX-License-Identifier: Apache-2.0
// cli: standard input -> a file that can be read from its beginning, and more than once.
#pragma once

#include <functional>
#include <string>

#include "weir/progress.hpp"
#include "weir/result.hpp"

namespace weir::cli {

/// The name under which standard input can then be opened.
inline constexpr const char* kSpooledInput = "/dev/stdin";

/// Copies standard input into a file without a name in `directory` ($TMPDIR or /tmp if empty),
/// which takes its place. A file stays where it is. `stopped` is asked now and then, and
/// `progress` is told of bytes. Errors: unreadable.
Result<void> spool_standard_input(const std::string& directory,
                                  const std::function<bool()>& stopped, Progress& progress);

}  // namespace weir::cli
