// SPDX-License-Identifier: Apache-2.0
// cli: inputs -> the columns that hold the records of all of them.
#pragma once

#include <optional>

#include "cli/reading.hpp"
#include "weir/format.hpp"

namespace weir::cli {

/// The columns of a CSV over objects of several formats: every field that any of them has, in the
/// order in which they are met. Nothing if the first record alone decides: all objects begin with
/// one format, there are too many to look at, or one is standard input, which can be read only
/// once.
std::optional<Format> common_columns(const Reading& reading);

}  // namespace weir::cli
