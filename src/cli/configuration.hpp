// SPDX-License-Identifier: Apache-2.0
// cli: --config: what `aws ec2 describe-…` printed.
#pragma once

#include "cli/options.hpp"
#include "weir/policy.hpp"

namespace weir::cli {

/// Reads every --config. Unless quiet, warns on standard error of files and items that were skipped
/// and says that something is missing.
/// Errors: usage if the flag was not given; what load_configuration() reports.
Result<Configuration> read_configuration_flag(const Options& options);

/// `weir check --config DIR`: what a configuration holds, what was skipped, and what it lacks.
int check_configuration(const Options& options);

}  // namespace weir::cli
