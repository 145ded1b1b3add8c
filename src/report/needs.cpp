// SPDX-License-Identifier: Apache-2.0
// report: the fields that a report needs, and those that the inputs have.
#include <fmt/format.h>

#include <algorithm>

#include "weir/report.hpp"

namespace weir {
namespace {

bool has_field(std::span<const SqlColumn> columns, FieldId id) {
  const std::string name = column_name(field_info(id).name);
  return std::any_of(columns.begin(), columns.end(), [&](const SqlColumn& column) {
    return column.name == name && !column.is_absent;
  });
}

/// `encryption-status (version 10)`, with `or` between alternatives.
std::string field_words(std::span<const FieldId> alternatives) {
  std::vector<std::string> words;
  for (const FieldId id : alternatives) {
    words.push_back(fmt::format("{} (version {})", field_info(id).name, field_info(id).version));
  }
  return fmt::format("{}", fmt::join(words, " or "));
}

}  // namespace

Result<void> check_report_fields(const Report& report, std::span<const SqlColumn> columns) {
  std::vector<std::string> missing;
  std::vector<std::string> variables;
  bool is_of_gateways = false;
  for (const std::vector<FieldId>& alternatives : report.needs) {
    if (std::any_of(alternatives.begin(), alternatives.end(),
                    [&](FieldId id) { return has_field(columns, id); })) {
      continue;
    }
    const FieldInfo& first = field_info(alternatives.front());
    missing.push_back(field_words(alternatives));
    variables.push_back(fmt::format("${{{}}}", first.name));
    is_of_gateways = is_of_gateways || first.family == LogFamily::transit_gateway;
  }
  if (missing.empty()) return {};
  return Unexpected(
      {.code = ErrorCode::usage,
       .message = fmt::format("the report {} needs {}, and no input has {}", report.name,
                              fmt::join(missing, ", "), missing.size() == 1 ? "it" : "them"),
       .hint =
           is_of_gateways
               ? "flow logs of Transit Gateways have them, those of VPCs do not"
               : fmt::format("create a new flow log whose format has {} (AWS cannot change an "
                             "existing one); `weir check INPUT` shows the fields of every input",
                             fmt::join(variables, " "))});
}

std::vector<FieldId> missing_better_fields(const Report& report,
                                           std::span<const SqlColumn> columns) {
  std::vector<FieldId> missing;
  for (const FieldId id : report.better_with) {
    if (!has_field(columns, id)) missing.push_back(id);
  }
  return missing;
}

}  // namespace weir
