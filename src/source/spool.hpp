// SPDX-License-Identifier: Apache-2.0
// source: standard input -> a file that can be read from its beginning, and more than once.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "weir/progress.hpp"
#include "weir/source.hpp"

namespace weir::source {

/// Copies standard input into a file without a name in `directory` (base::temporary_directory() if
/// empty), which takes its place: InputKind::spooled_standard_input. A file that stands at its
/// beginning stays where it is. `stopped` is asked now and then, and `progress` is told of bytes,
/// if there are any. Errors: unreadable.
Result<void> spool_standard_input(const std::string& directory,
                                  const std::function<bool()>& stopped = nullptr,
                                  Progress* progress = nullptr);

/// Makes standard input among `inputs` a spooled one; true if it was among them. Call
/// spool_standard_input() before it is read.
bool expect_spooled(std::span<Input> inputs);

}  // namespace weir::source
