// SPDX-License-Identifier: Apache-2.0
// cli: an answer for people: tables under titles, findings by topic, and sentences.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/reading.hpp"
#include "weir/check.hpp"

namespace weir::cli {

/// Writes tables under titles, with a blank line between them.
class Sections {
 public:
  explicit Sections(Output& output) : output_(output) {}

  /// Errors: what the sink reports.
  Result<void> write(std::string_view title, const ResultTable& table, bool is_warning = false);

 private:
  Output& output_;
  bool first_ = true;
};

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

/// `weir check --guess`: a format for lines without a header in an order that nobody knows.
int guess_formats(const Options& options);

/// Appends text broken into lines that begin with `indent` blanks; ACCEPT and REJECT at its
/// beginning in their colours.
void append_sentence(std::string& out, std::string_view text, std::size_t indent,
                     const Style& style);

}  // namespace weir::cli
