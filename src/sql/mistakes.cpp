// SPDX-License-Identifier: Apache-2.0
// sql: what DuckDB says of a mistake -> what it means for flow logs.
#include "sql/mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::sql {
namespace {

/// The text between `front` and `back`, if the message has both.
std::optional<std::string> between(std::string_view message, std::string_view front,
                                   std::string_view back) {
  const std::size_t begin = message.find(front);
  if (begin == std::string_view::npos) return std::nullopt;
  message.remove_prefix(begin + front.size());
  const std::size_t end = message.find(back);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(message.substr(0, end));
}

/// Columns that a table has under a name like this one.
std::vector<std::string> near_columns(std::string_view name,
                                      std::span<const std::unique_ptr<FlowTable>> tables) {
  std::vector<std::string> near;
  for (const std::string_view field : near_field_names(name)) {
    const std::string column = column_name(field);
    for (const auto& table : tables) {
      const auto columns = table->columns();
      if (!columns) continue;
      const bool has = std::any_of((*columns)->begin(), (*columns)->end(),
                                   [&](const TableColumn& each) { return each.name == column; });
      if (has && std::find(near.begin(), near.end(), column) == near.end()) near.push_back(column);
    }
  }
  return near;
}

/// `Candidate bindings: "a", "b"` -> `a or b`.
std::string candidates_of(std::string_view hint) {
  constexpr std::string_view kFront = "Candidate bindings: ";
  const std::size_t begin = hint.find(kFront);
  if (begin == std::string_view::npos) return {};
  std::string names(hint.substr(begin + kFront.size()));
  names = names.substr(0, names.find('\n'));
  std::erase(names, '"');
  for (std::size_t at = 0; (at = names.find(", ", at)) != std::string::npos;) {
    names.replace(at, 2, " or ");
  }
  return names;
}

void explain_column(Error& error, const std::string& name,
                    std::span<const std::unique_ptr<FlowTable>> tables) {
  const FieldId id = find_field(name);
  const std::string own = id == FieldId::unknown ? "" : column_name(field_info(id).name);
  const bool is_spelling = !own.empty() && !near_columns(own, tables).empty() &&
                           near_columns(own, tables).front() == own;
  if (is_spelling) {
    error.message = fmt::format("there is no column {}", name);
    error.hint = fmt::format("did you mean {}?", own);
    return;
  }
  if (id != FieldId::unknown) {
    error.message = fmt::format("no input has the field {}, which version {} introduced",
                                field_info(id).name, field_info(id).version);
    error.hint = "`weir check INPUT` shows the fields of every input";
    return;
  }
  error.message = fmt::format("there is no column {}", name);
  const std::vector<std::string> near = near_columns(name, tables);
  const std::string others = candidates_of(error.hint);
  if (!near.empty()) {
    error.hint = fmt::format("did you mean {}?", fmt::join(near, " or "));
  } else if (!others.empty()) {
    error.hint = fmt::format("did you mean {}?", others);
  }
}

void explain_table(Error& error, const std::string& name,
                   std::span<const std::unique_ptr<FlowTable>> tables, bool safe) {
  std::vector<std::string> names;
  for (const auto& table : tables) names.push_back(table->name());
  error.message = fmt::format("there is no table {}", name);
  if (names.empty()) {
    error.hint = "name inputs after the query: they become the table flows";
    return;
  }
  error.hint = fmt::format("flow logs are the table{} {}{}", names.size() == 1 ? "" : "s",
                           fmt::join(names, ", "),
                           safe ? "" : "; a file in quotes is a table too: 'assets.csv'");
}

}  // namespace

Error explain_mistake(Error error, std::span<const std::unique_ptr<FlowTable>> tables, bool safe) {
  if (const auto column = between(error.message, "Referenced column \"", "\" not found")) {
    explain_column(error, *column, tables);
  } else if (const auto named = between(error.message, "does not have a column named \"", "\"")) {
    explain_column(error, *named, tables);
  } else if (const auto table = between(error.message, "Table with name ", " does not exist")) {
    explain_table(error, *table, tables, safe);
  } else if (error.message.find("syntax error at or near \"end\"") != std::string::npos) {
    error.hint = "end is a keyword of SQL: write \"end\", in double quotes, or end_time";
  } else if (error.message.find("Out of Memory") != std::string::npos ||
             error.message.starts_with("could not allocate") ||
             error.message.starts_with("failed to ")) {
    error.hint = "allow more with --memory SIZE, or use less with --threads 1";
  }
  return error;
}

}  // namespace weir::sql
