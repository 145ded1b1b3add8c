// SPDX-License-Identifier: Apache-2.0
// cli: the prompt of `weir sql`: statements, one after the other, and commands that begin with a
// dot.
#pragma once

#include "cli/sql_run.hpp"

namespace weir::cli {

/// Reads statements from the terminal until its end and answers each. Returns the exit status.
int run_sql_prompt(SqlRun& run);

}  // namespace weir::cli
