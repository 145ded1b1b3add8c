// SPDX-License-Identifier: Apache-2.0
// cli: an answer for people in several tables, each under a title.
#include "cli/sections.hpp"

#include <fmt/format.h>

namespace weir::cli {

Result<void> Sections::write(std::string_view title, const ResultTable& table) {
  const bool color = output_.style.color;
  const std::string line = fmt::format("{}{}{}{}\n", first_ ? "" : "\n", color ? "\x1b[1m" : "",
                                       title, color ? "\x1b[0m" : "");
  first_ = false;
  if (Result<void> written = output_.sink->write(line); !written) return written;
  return write_result(table, OutputKind::table, *output_.sink, output_.style);
}

}  // namespace weir::cli
