// SPDX-License-Identifier: Apache-2.0
// parquet: what a run wants of a file -> the query that gets it.
#include "parquet/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parquet/column_types.hpp"

namespace weir::parquet {
namespace {

using duckdb::Type;

bool is_account(FieldId id) noexcept {
  return id == FieldId::account_id || id == FieldId::tgw_src_vpc_account_id ||
         id == FieldId::tgw_dst_vpc_account_id;
}

struct Expression {
  std::string sql;
  ValueKind kind = ValueKind::text;
};

/// Whole numbers and texts come as they are; everything else as the text that DuckDB makes of it.
Expression expression(const FormatField& field, const FileColumn& column) {
  const std::string name = duckdb::quoted_name(column.name);
  if (field.type == FieldType::number || field.type == FieldType::time) {
    if (column.type == Type::integer) return {.sql = name, .kind = ValueKind::int32};
    if (column.type == Type::bigint) return {.sql = name, .kind = ValueKind::int64};
    if (column.type == Type::ubigint) return {.sql = name, .kind = ValueKind::uint64};
    if (is_small_integer(column.type)) {
      return {.sql = fmt::format("CAST({} AS BIGINT)", name), .kind = ValueKind::int64};
    }
  }
  if (column.type == Type::varchar || column.type == Type::blob) return {.sql = name};
  if (is_account(field.id) && (is_integer(column.type) || is_float(column.type))) {
    // A rewrite as numbers lost the zeros in front (observed: flowlogs-reader). Account ids have
    // twelve digits: AWS Account Management, "View AWS account identifiers".
    return {.sql = fmt::format("format('{{:012d}}', TRY_CAST({} AS BIGINT))", name)};
  }
  // pandas writes what is missing in a column of numbers as NaN.
  if (is_float(column.type))
    return {.sql = fmt::format("nullif(CAST({} AS VARCHAR), 'nan')", name)};
  if (is_instant(column.type)) {
    return {.sql = fmt::format("CAST(CAST({} AS TIMESTAMP) AS VARCHAR)", name)};
  }
  return {.sql = fmt::format("CAST({} AS VARCHAR)", name)};
}

void add_condition(std::string& conditions, const std::string& condition) {
  conditions += conditions.empty() ? " WHERE " : " AND ";
  conditions += condition;
}

/// Only whole numbers are compared here, and what is left out is what the pipeline would leave out.
/// Numbers beyond eleven digits are milliseconds, which the decoder makes seconds of.
bool add_time_range(const File& file, const Wanted& wanted, std::string& conditions) {
  const int start = file.format()->index_of(FieldId::start);
  if (start < 0 || (!wanted.since && !wanted.until)) return false;
  const FileColumn& column = file.columns()[static_cast<std::size_t>(start)];
  if (!is_integer(column.type)) return false;
  const bool is_wide = column.type == Type::bigint || column.type == Type::ubigint;
  const std::string name = duckdb::quoted_name(column.name);
  if (wanted.since) add_condition(conditions, fmt::format("{} >= {}", name, *wanted.since));
  if (wanted.until && is_wide) {
    add_condition(conditions, fmt::format("({0} < {1} OR {0} > 99999999999)", name, *wanted.until));
  } else if (wanted.until) {
    add_condition(conditions, fmt::format("{} < {}", name, *wanted.until));
  }
  return true;
}

}  // namespace

bool Wanted::contains(const FormatField& field) const {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const FieldSet& set) { return set.contains(field); });
}

Plan make_plan(const File& file, const Part& part, const Wanted& wanted) {
  Plan plan;
  plan.format = file.format();
  if (part.first_row == 0) plan.other_rows = file.other_rows();
  std::string columns;
  std::vector<std::size_t> needed;  // also to leave rows out
  for (std::size_t i = 0; i < plan.format->size(); ++i) {
    const FormatField& field = plan.format->fields()[i];
    const bool is_wanted = wanted.contains(field);
    if (is_wanted || field.id == FieldId::start) needed.push_back(i);
    if (!is_wanted) continue;
    const Expression value = expression(field, file.columns()[i]);
    plan.columns.push_back({.field = i, .kind = value.kind});
    columns += value.sql;
    columns += ", ";
  }
  std::string conditions;
  plan.has_row_numbers = add_time_range(file, wanted, conditions) || file.other_rows().count > 0;
  if (!part.is_all) {
    add_condition(conditions, fmt::format("file_row_number >= {} AND file_row_number < {}",
                                          part.first_row, part.first_row + part.rows));
  }
  // Rows of which no column is wanted are counted.
  if (plan.has_row_numbers) {
    columns += "file_row_number";
  } else if (columns.empty()) {
    columns = "true";
  } else {
    columns.resize(columns.size() - 2);
  }
  plan.sql = fmt::format("SELECT {} FROM {}{}", columns,
                         file.rows(needed, plan.has_row_numbers || !part.is_all), conditions);
  return plan;
}

}  // namespace weir::parquet
