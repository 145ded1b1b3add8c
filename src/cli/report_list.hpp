// SPDX-License-Identifier: Apache-2.0
// cli: which saved questions there are.
#pragma once

#include "cli/options.hpp"

namespace weir::cli {

/// Lists the reports: by group for people, with all that is known of them for programs. Returns the
/// exit status.
int list_reports(const Options& options);

}  // namespace weir::cli
