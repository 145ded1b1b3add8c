// SPDX-License-Identifier: Apache-2.0
// sql: Parquet objects -> a question to DuckDB's own reader that answers with the rows of a table.
#include "sql/parquet_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "decode/convert.hpp"
#include "sql/functions.hpp"

namespace weir::sql {
namespace {

using duckdb::quoted_name;
using duckdb::quoted_text;
using duckdb::Type;
using parquet::File;
using parquet::FileColumn;

/// What the row groups say of a column.
struct Range {
  bool is_counted = false;        ///< all of its numbers are known to be positive
  std::int64_t largest = 0;       ///< of these
  bool has_missing_texts = true;  ///< perhaps: empty ones, or `-`
  std::uint64_t rows = 0;
};
using Ranges = std::map<std::string, Range, std::less<>>;

bool is_integer(Type type) noexcept {
  constexpr Type kIntegers[] = {Type::tinyint,  Type::smallint,  Type::integer,  Type::bigint,
                                Type::utinyint, Type::usmallint, Type::uinteger, Type::ubigint};
  return std::find(std::begin(kIntegers), std::end(kIntegers), type) != std::end(kIntegers);
}

/// No text up to `-` is anything but missing: what is larger than it is neither that nor empty.
std::string ranges_question(const std::string& sources) {
  return fmt::format(
      "SELECT path_in_schema, "
      "bool_and(coalesce(stats_null_count = num_values, false) OR "
      "coalesce(TRY_CAST(stats_min_value AS BIGINT) >= 0 AND "
      "TRY_CAST(stats_max_value AS BIGINT) >= 0, false)), "
      "coalesce(max(TRY_CAST(stats_max_value AS BIGINT)), 0), "
      "bool_or(NOT coalesce(stats_null_count = num_values, false) AND "
      "NOT coalesce(stats_min_value > '-', false)), "
      "sum(num_values)::BIGINT FROM parquet_metadata([{}]) GROUP BY 1",
      sources);
}

Result<Ranges> read_ranges(duckdb::Instance& instance, const std::string& sources) {
  auto rows = instance.query(ranges_question(sources));
  if (!rows) return Unexpected(std::move(rows.error()));
  const duckdb::Api& api = instance.api();
  Ranges ranges;
  while (true) {
    const Result<duckdb::Chunk> chunk = (*rows)->next();
    if (!chunk) return Unexpected(chunk.error());
    if (*chunk == nullptr) return ranges;
    const auto column = [&](duckdb::Index i) {
      return api.vector_get_data(api.data_chunk_get_vector(*chunk, i));
    };
    for (duckdb::Index i = 0; i < api.data_chunk_get_size(*chunk); ++i) {
      const auto& name = static_cast<const duckdb::String*>(column(0))[i];
      ranges[std::string(name.view())] = {
          .is_counted = static_cast<const bool*>(column(1))[i],
          .largest = static_cast<const std::int64_t*>(column(2))[i],
          .has_missing_texts = static_cast<const bool*>(column(3))[i],
          .rows = static_cast<std::uint64_t>(static_cast<const std::int64_t*>(column(4))[i])};
    }
  }
}

/// The object as SQL names it: FlowTable takes no other paths than those that stay what they are.
std::string source_file(std::span<const std::shared_ptr<const File>> files) {
  if (files.size() == 1) return quoted_text(files.front()->name());
  return "CASE WHEN filename[1] = '/' THEN filename ELSE filename[3:] END";
}

class Expressions {
 public:
  Expressions(const File& file, const Ranges& ranges, std::string source_file)
      : file_(file), ranges_(ranges), source_file_(std::move(source_file)) {}

  std::optional<std::string> of(const TableColumn& column) const {
    if (column.kind == ColumnKind::line_number) return "file_row_number + 1";
    if (column.kind == ColumnKind::source_file) return source_file_;
    const int index = file_.format()->index_of(column.field.name);
    if (index < 0) return fmt::format("CAST(NULL AS {})", sql_type_name(column.kind));
    const FileColumn& stored = file_.columns()[static_cast<std::size_t>(index)];
    switch (column.kind) {
      case ColumnKind::number32:
      case ColumnKind::number64:
        return number(column, stored);
      case ColumnKind::instant:
        return with_number(column, stored, "to_timestamp(CAST({} AS DOUBLE))");
      case ColumnKind::date:
        return with_number(column, stored, "DATE '1970-01-01' + CAST({} // 86400 AS INTEGER)");
      case ColumnKind::address:
        if (stored.type != Type::varchar) return std::nullopt;
        // DuckDB calls the function once for each entry of a dictionary, unless it has too many.
        return fmt::format("CASE WHEN {}() THEN {}({}) END", kTrueFunction, kAddressFunction,
                           quoted_name(stored.name));
      case ColumnKind::text:
        return text(column, stored);
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<std::string> with_number(const TableColumn& column, const FileColumn& stored,
                                         const char* form) const {
    const auto value = checked_number(column, stored);
    if (!value) return std::nullopt;
    return fmt::format(fmt::runtime(form), *value);
  }

  std::optional<std::string> number(const TableColumn& column, const FileColumn& stored) const {
    auto value = checked_number(column, stored);
    const bool is_same = stored.type == sql_type(column.kind);
    if (!value || is_same) return value;
    return fmt::format("CAST({} AS {})", *value, sql_type_name(column.kind));
  }

  std::optional<std::string> checked_number(const TableColumn& column,
                                            const FileColumn& stored) const {
    if (!is_integer(stored.type)) return std::nullopt;
    const std::string name = quoted_name(stored.name);
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    const std::uint64_t max = column.field.type == FieldType::time
                                  ? decode::kLargestSeconds
                                  : std::min(field_info(column.field.id).max, kMost);
    const auto range = ranges_.find(stored.name);
    if (range != ranges_.end() && range->second.is_counted &&
        static_cast<std::uint64_t>(range->second.largest) <= max) {
      return name;
    }
    return fmt::format("CASE WHEN {0} < 0 OR {0} > {1} THEN error('not sound') ELSE {0} END", name,
                       max);
  }

  std::optional<std::string> text(const TableColumn& column, const FileColumn& stored) const {
    if (stored.type != Type::varchar) return std::nullopt;
    const std::string name = quoted_name(stored.name);
    const auto range = ranges_.find(stored.name);
    const bool has_missing = range == ranges_.end() || range->second.has_missing_texts;
    std::string value = has_missing ? fmt::format("nullif(nullif({}, ''), '-')", name) : name;
    if (column.field.id == FieldId::unknown || !field_info(column.field.id).percent_encoded) {
      return value;
    }
    return fmt::format("CASE WHEN contains({}, '%') THEN error('encoded') ELSE {} END", name,
                       value);
  }

  const File& file_;
  const Ranges& ranges_;
  const std::string source_file_;
};

/// Names that DuckDB's reader gives to what is no column of the file.
bool hides_row_names(const File& file) {
  constexpr std::string_view kNames[] = {"filename", "file_row_number", "file_index"};
  return std::any_of(file.columns().begin(), file.columns().end(), [&](const FileColumn& column) {
    std::string lower = column.name;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return std::find(std::begin(kNames), std::end(kNames), lower) != std::end(kNames);
  });
}

bool has_same_columns(const File& a, const File& b) {
  return std::equal(a.columns().begin(), a.columns().end(), b.columns().begin(), b.columns().end(),
                    [](const FileColumn& x, const FileColumn& y) {
                      return x.name == y.name && x.type == y.type;
                    });
}

}  // namespace

std::optional<ParquetView> make_parquet_view(duckdb::Instance& instance,
                                             std::span<const std::shared_ptr<const File>> files,
                                             std::span<const TableColumn> columns) {
  const File& first = *files.front();
  std::string sources;
  for (const auto& file : files) {
    if (file->is_view() || !has_same_columns(first, *file) || hides_row_names(*file)) {
      return std::nullopt;
    }
    sources += (sources.empty() ? "" : ", ") + file->source();
  }
  const Result<Ranges> ranges = read_ranges(instance, sources);
  if (!ranges) return std::nullopt;
  const Expressions expressions(first, *ranges, source_file(files));
  std::string list;
  for (const TableColumn& column : columns) {
    const auto expression = expressions.of(column);
    if (!expression) return std::nullopt;
    list +=
        fmt::format("{}{} AS {}", list.empty() ? "" : ", ", *expression, quoted_name(column.name));
  }
  const auto counted = ranges->find(first.columns().front().name);
  return ParquetView{
      .sql = fmt::format("SELECT {} FROM read_parquet([{}], hive_partitioning = false)", list,
                         sources),
      .records = counted == ranges->end() ? 0 : counted->second.rows};
}

}  // namespace weir::sql
