// SPDX-License-Identifier: Apache-2.0
// cli: an answer for people in several tables, each under a title.
#pragma once

#include <string_view>

#include "cli/reading.hpp"

namespace weir::cli {

/// Writes tables under titles, with a blank line between them.
class Sections {
 public:
  explicit Sections(Output& output) : output_(output) {}

  /// Errors: what the sink reports.
  Result<void> write(std::string_view title, const ResultTable& table);

 private:
  Output& output_;
  bool first_ = true;
};

}  // namespace weir::cli
