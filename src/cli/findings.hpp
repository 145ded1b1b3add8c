// SPDX-License-Identifier: Apache-2.0
// cli: the findings of `weir check`: a table a topic for people, one table for programs.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/reading.hpp"
#include "weir/check.hpp"

namespace weir::cli {

/// How a topic is shown to people.
struct Topic {
  std::string_view name;
  std::string_view title;
  std::string_view subject;
  std::string_view count;  ///< empty: every count is one
  bool details = true;     ///< false: the title says it
  bool is_sample = false;  ///< a detail is cut to what is left of the line
};

/// All findings as rows of one table, for programs.
ResultTable findings_table(const std::vector<Finding>& findings);

/// Writes the findings: the topics in their order for people, else one table.
/// Errors: what the sink reports.
Result<void> write_findings(const std::vector<Finding>& findings, std::span<const Topic> topics,
                            Output& output);

/// `weir check --config DIR`: what a configuration holds, what was skipped, and what it lacks.
int check_configuration(const Options& options);

}  // namespace weir::cli
