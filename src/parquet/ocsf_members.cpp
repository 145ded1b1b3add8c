// SPDX-License-Identifier: Apache-2.0
// parquet: the nested columns of a file of OCSF events -> members with their paths, and their SQL.
#include "parquet/ocsf_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "envelope/ocsf.hpp"
#include "parquet/column_types.hpp"
#include "weir/format.hpp"

namespace weir::parquet {
namespace {

using duckdb::quoted_text;
using duckdb::Type;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxMembers = kMaxFormatFields * 2;

/// A type that is given back.
class OwnedType {
 public:
  OwnedType(const duckdb::Api& api, duckdb::LogicalType type) : api_(api), type_(type) {}
  ~OwnedType() { api_.destroy_logical_type(&type_); }
  OwnedType(const OwnedType&) = delete;
  OwnedType& operator=(const OwnedType&) = delete;
  duckdb::LogicalType get() const { return type_; }
  Type id() const { return api_.get_type_id(type_); }

 private:
  const duckdb::Api& api_;
  duckdb::LogicalType type_;
};

bool is_nested(Type type) noexcept {
  return type == Type::structure || type == Type::list || type == Type::map ||
         type == Type::array || type == Type::tagged_union;
}

/// Takes types apart.
class Walk {
 public:
  explicit Walk(const duckdb::Api& api) : api_(api) {}

  void add(std::string path, std::string sql, const OwnedType& type, int depth) {
    if (members.size() == kMaxMembers) return;
    if (type.id() == Type::structure && depth < kMaxDepth)
      return add_struct(path, sql, type, depth);
    OcsfMember member{.path = std::move(path), .sql = std::move(sql), .type = type.id()};
    if (type.id() == Type::list) {
      const OwnedType child(api_, api_.list_type_child_type(type.get()));
      member.is_list_of_scalars = !is_nested(child.id());
      if (depth == 0 && child.id() == Type::list && member.path == "unmapped") pairs = true;
    }
    members.push_back(std::move(member));
  }

  std::vector<OcsfMember> members;
  bool pairs = false;  ///< `unmapped` is a list of pairs

 private:
  void add_struct(const std::string& path, const std::string& sql, const OwnedType& type,
                  int depth) {
    for (duckdb::Index i = 0; i < api_.struct_type_child_count(type.get()); ++i) {
      char* const text = api_.struct_type_child_name(type.get(), i);
      const std::string name = text == nullptr ? "" : text;
      api_.free(text);
      const OwnedType child(api_, api_.struct_type_child_type(type.get(), i));
      add(fmt::format("{}.{}", path, name),
          fmt::format("struct_extract({}, {})", sql, quoted_text(name)), child, depth + 1);
    }
  }

  const duckdb::Api& api_;
};

/// The texts of the first column of an answer.
Result<std::vector<std::string>> texts_of(duckdb::Instance& instance, const std::string& question) {
  auto rows = instance.query(question);
  if (!rows) return Unexpected(std::move(rows.error()));
  const duckdb::Api& api = instance.api();
  std::vector<std::string> texts;
  while (true) {
    const Result<duckdb::Chunk> chunk = (*rows)->next();
    if (!chunk) return Unexpected(chunk.error());
    if (*chunk == nullptr) return texts;
    const duckdb::Vector vector = api.data_chunk_get_vector(*chunk, 0);
    const auto* const values = static_cast<const duckdb::String*>(api.vector_get_data(vector));
    for (duckdb::Index i = 0; i < api.data_chunk_get_size(*chunk); ++i) {
      texts.emplace_back(values[i].view());
    }
  }
}

/// Replaces a map or a list of pairs by its keys.
Result<void> take_keys(duckdb::Instance& instance, const std::string& rows, bool is_map,
                       std::vector<OcsfMember>& members, std::size_t place) {
  const OcsfMember whole = members[place];
  const std::string keys = is_map ? fmt::format("map_keys({})", whole.sql)
                                  : fmt::format("list_transform({}, lambda e: e[1])", whole.sql);
  auto names = texts_of(
      instance, fmt::format("SELECT DISTINCT key FROM (SELECT CAST(unnest({}) AS VARCHAR) AS key "
                            "FROM {}) WHERE key IS NOT NULL ORDER BY key LIMIT {}",
                            keys, rows, kMaxMembers));
  if (!names) return Unexpected(std::move(names.error()));
  members.erase(members.begin() + static_cast<std::ptrdiff_t>(place));
  for (const std::string& name : *names) {
    const std::string key = quoted_text(name);
    std::string sql =
        is_map ? fmt::format("map_extract({}, {})[1]", whole.sql, key)
               : fmt::format("list_filter({}, lambda e: e[1] = {})[1][2]", whole.sql, key);
    members.push_back({.path = fmt::format("{}.{}", whole.path, name),
                       .sql = fmt::format("CAST({} AS VARCHAR)", sql),
                       .type = Type::varchar});
  }
  return {};
}

}  // namespace

Result<std::vector<OcsfMember>> ocsf_members(duckdb::Instance& instance, const std::string& rows) {
  Walk walk(instance.api());
  {
    auto answer = instance.query(fmt::format("SELECT * FROM {} LIMIT 0", rows));
    if (!answer) return Unexpected(std::move(answer.error()));
    for (duckdb::Index i = 0; i < (*answer)->column_count(); ++i) {
      const std::string name = (*answer)->column_name(i);
      const OwnedType type(instance.api(), (*answer)->column_type(i));
      walk.add(name, duckdb::quoted_name(name), type, 0);
    }
  }
  std::vector<OcsfMember> members = std::move(walk.members);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const bool is_map = members[i].type == Type::map;
    if (members[i].path != "unmapped" || !(is_map || walk.pairs)) continue;
    if (auto taken = take_keys(instance, rows, is_map, members, i); !taken) {
      return Unexpected(std::move(taken.error()));
    }
    break;
  }
  std::erase_if(members,
                [](const OcsfMember& member) { return envelope::is_ocsf_repetition(member.path); });
  return members;
}

Result<std::map<std::string, std::string>> constant_members(duckdb::Instance& instance,
                                                            const std::string& source) {
  auto texts = texts_of(
      instance,
      fmt::format("SELECT replace(path_in_schema, ', ', '.') || '=' || min(stats_min_value) "
                  "FROM parquet_metadata({}) GROUP BY path_in_schema HAVING "
                  "bool_and(coalesce(stats_null_count = 0, false)) AND "
                  "bool_and(stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL) AND "
                  "min(stats_min_value) = max(stats_max_value)",
                  source));
  if (!texts) return Unexpected(std::move(texts.error()));
  std::map<std::string, std::string> constants;
  for (const std::string& text : *texts) {
    const std::size_t equals = text.find('=');
    constants.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return constants;
}

Result<std::optional<OtherRows>> find_other_rows(duckdb::Instance& instance,
                                                 const std::string& source,
                                                 const std::string& condition) {
  constexpr std::size_t kMostPlaces = std::size_t{1} << 16;
  auto answer = instance.query(fmt::format(
      "SELECT count(*)::BIGINT, 0::BIGINT FROM read_parquet({0}, hive_partitioning = false) UNION "
      "ALL SELECT count(*) OVER ()::BIGINT, file_row_number::BIGINT FROM read_parquet({0}, "
      "hive_partitioning = false, file_row_number = true) WHERE NOT coalesce({1}, false) LIMIT {2}",
      source, condition, kMostPlaces));
  if (!answer) return Unexpected(std::move(answer.error()));
  const duckdb::Api& api = instance.api();
  std::uint64_t all = 0;
  bool is_first = true;
  OtherRows others;
  while (true) {
    const Result<duckdb::Chunk> chunk = (*answer)->next();
    if (!chunk) return Unexpected(chunk.error());
    if (*chunk == nullptr) break;
    const auto column = [&](duckdb::Index i) {
      return static_cast<const std::int64_t*>(
          api.vector_get_data(api.data_chunk_get_vector(*chunk, i)));
    };
    for (duckdb::Index i = 0; i < api.data_chunk_get_size(*chunk); ++i) {
      const auto count = static_cast<std::uint64_t>(column(0)[i]);
      if (std::exchange(is_first, false)) {
        all = count;
      } else {
        others.count = count;
        others.places.push_back(static_cast<std::uint64_t>(column(1)[i]));
      }
    }
  }
  if (others.count > 0 && others.count == all) return std::optional<OtherRows>();
  std::sort(others.places.begin(), others.places.end());
  return std::optional(std::move(others));
}

std::string member_text(const OcsfMember& member) {
  if (is_float(member.type)) {
    // pandas writes whole numbers so when a column has nulls, and NaN for these.
    constexpr double kLargestExact = 9007199254740992.0;  // 2^53
    return fmt::format(
        "CASE WHEN {0} = floor({0}) AND abs({0}) <= {1} THEN CAST(CAST({0} AS BIGINT) AS VARCHAR) "
        "ELSE nullif(CAST({0} AS VARCHAR), 'nan') END",
        member.sql, kLargestExact);
  }
  if (is_instant(member.type)) {
    return fmt::format("CAST(CAST({} AS TIMESTAMP) AS VARCHAR)", member.sql);
  }
  if (member.is_list_of_scalars) {
    return fmt::format("array_to_string(list_transform({}, lambda e: CAST(e AS VARCHAR)), ',')",
                       member.sql);
  }
  // Of texts, too: Parquet's JSON is one that DuckDB compares as JSON.
  return fmt::format("CAST({} AS VARCHAR)", member.sql);
}

bool has_number_of_seconds(const OcsfMember& member) noexcept {
  return is_integer(member.type) || is_instant(member.type);
}

std::string member_seconds(const OcsfMember& member) {
  // What is longer than seconds until the year 5138 are milliseconds.
  constexpr const char* kFromNumber =
      "CASE WHEN {0} > 99999999999 AND {0} <= 99999999999999 THEN {0} // 1000 ELSE {0} END";
  if (is_integer(member.type)) return fmt::format(fmt::runtime(kFromNumber), member.sql);
  if (is_instant(member.type)) {
    const bool has_zone = member.type == Type::timestamp_tz;
    return fmt::format("epoch_ms({}) // 1000",
                       has_zone ? member.sql : fmt::format("CAST({} AS TIMESTAMP)", member.sql));
  }
  const std::string text = member_text(member);
  return fmt::format(
      "CASE WHEN length({0}) BETWEEN 12 AND 14 AND TRY_CAST({0} AS BIGINT) > 0 "
      "THEN left({0}, length({0}) - 3) ELSE {0} END",
      text);
}

}  // namespace weir::parquet
