// SPDX-License-Identifier: Apache-2.0
// cli: what rules did, for people: a table for each group and ACL, and one of findings.
#pragma once

#include <string>
#include <vector>

#include "cli/reading.hpp"
#include "weir/rule_use.hpp"

namespace weir::cli {

/// Writes the tables, or the findings alone, and the notes under the last one.
/// Errors: what the sink reports.
Result<void> write_rule_lists(const std::vector<RuleUse>& rules, bool only_findings,
                              const std::vector<std::string>& notes, Output& output);

}  // namespace weir::cli
