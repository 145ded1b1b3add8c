// SPDX-License-Identifier: Apache-2.0
// cli: `-o parquet:FILE` of `weir convert` and `weir read`.
#pragma once

#include "cli/options.hpp"

namespace weir::cli {

/// Writes the records of the inputs as Parquet; returns the exit status.
int write_parquet_records(const Options& options);

}  // namespace weir::cli
