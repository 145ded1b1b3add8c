// SPDX-License-Identifier: Apache-2.0
// sql: the fields of flow logs -> the columns of a table.
#include "sql/table_columns.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace weir::sql {
namespace {

ColumnKind kind_of(const FormatField& field) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int32_t>::max();
  switch (field.type) {
    case FieldType::number:
      return field.id != FieldId::unknown && field_info(field.id).max <= kLargest
                 ? ColumnKind::number32
                 : ColumnKind::number64;
    case FieldType::time:
      return ColumnKind::number64;
    case FieldType::address:
      return ColumnKind::address;
    case FieldType::text:
      break;
  }
  return ColumnKind::text;
}

/// SQL does not tell upper from lower case.
bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

void add(std::vector<TableColumn>& columns, std::string name, ColumnKind kind, FormatField field,
         bool must) {
  const auto is_taken = [&](std::string_view wanted) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const TableColumn& column) { return same_name(column.name, wanted); });
  };
  if (is_taken(name)) {
    if (!must) return;
    std::string other = name;
    for (int number = 2; is_taken(other); ++number) other = name + '_' + std::to_string(number);
    name = other;
  }
  columns.push_back(
      {.name = std::move(name), .kind = kind, .field = std::move(field), .is_absent = false});
}

}  // namespace

std::vector<TableColumn> columns_of(const Format& format) {
  std::vector<TableColumn> columns;
  for (const FormatField& field : format.fields()) {
    add(columns, column_name(field.name), kind_of(field), field, true);
  }
  const auto add_derived = [&](FieldId id, std::string_view name, ColumnKind kind) {
    const int index = format.index_of(id);
    if (index < 0) return;
    add(columns, std::string(name), kind, format.fields()[static_cast<std::size_t>(index)], false);
  };
  add_derived(FieldId::start, "start_time", ColumnKind::instant);
  add_derived(FieldId::end, "end_time", ColumnKind::instant);
  add_derived(FieldId::start, "date", ColumnKind::date);
  add(columns, "source_file", ColumnKind::source_file, {}, false);
  add(columns, "line_number", ColumnKind::line_number, {}, false);
  return columns;
}

std::vector<TableColumn> logged_columns_of(const Format& format) {
  std::vector<TableColumn> columns;
  for (const FormatField& field : format.fields()) {
    const bool is_tag = field.id != FieldId::unknown && field_info(field.id).percent_encoded;
    add(columns, column_name(field.name), is_tag ? ColumnKind::logged_tag : kind_of(field), field,
        true);
  }
  add(columns, "object_place", ColumnKind::object_place, {}, true);
  add(columns, "record_place", ColumnKind::record_place, {}, true);
  return columns;
}

duckdb::Type sql_type(ColumnKind kind) noexcept {
  switch (kind) {
    case ColumnKind::number32:
      return duckdb::Type::integer;
    case ColumnKind::number64:
    case ColumnKind::line_number:
    case ColumnKind::object_place:
    case ColumnKind::record_place:
      return duckdb::Type::bigint;
    case ColumnKind::instant:
      return duckdb::Type::timestamp_tz;
    case ColumnKind::date:
      return duckdb::Type::date;
    case ColumnKind::address:
    case ColumnKind::text:
    case ColumnKind::logged_tag:
    case ColumnKind::source_file:
      break;
  }
  return duckdb::Type::varchar;
}

std::string_view sql_type_name(ColumnKind kind) noexcept {
  switch (kind) {
    case ColumnKind::number32:
      return "INTEGER";
    case ColumnKind::number64:
    case ColumnKind::line_number:
    case ColumnKind::object_place:
    case ColumnKind::record_place:
      return "BIGINT";
    case ColumnKind::instant:
      return "TIMESTAMPTZ";
    case ColumnKind::date:
      return "DATE";
    case ColumnKind::address:
    case ColumnKind::text:
    case ColumnKind::logged_tag:
    case ColumnKind::source_file:
      break;
  }
  return "VARCHAR";
}

}  // namespace weir::sql
