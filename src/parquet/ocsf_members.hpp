// SPDX-License-Identifier: Apache-2.0
// parquet: the nested columns of a file of OCSF events -> members with their paths, and their SQL.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "duckdb/instance.hpp"
#include "weir/result.hpp"

namespace weir::parquet {

/// What is not nested any more, or a list.
struct OcsfMember {
  std::string path;  ///< `src_endpoint.ip`
  std::string sql;
  duckdb::Type type = duckdb::Type::invalid;
  bool is_list_of_scalars = false;
};

/// All members in the file's order. The keys of a map `unmapped` are members, too, for which the
/// map is read once.
/// Errors: what DuckDB says.
Result<std::vector<OcsfMember>> ocsf_members(duckdb::Instance& instance, const std::string& rows);

/// The members whose value is the same in all rows, as far as the file's end tells.
/// Errors: what DuckDB says.
Result<std::map<std::string, std::string>> constant_members(duckdb::Instance& instance,
                                                            const std::string& source);

/// Rows of a file that are no flow-log records.
struct OtherRows {
  std::uint64_t count = 0;
  std::vector<std::uint64_t> places;  ///< of many of them, from 0
};

/// The rows for which the condition does not hold; nothing if those are all rows.
/// Errors: what DuckDB says.
Result<std::optional<OtherRows>> find_other_rows(duckdb::Instance& instance,
                                                 const std::string& source,
                                                 const std::string& condition);

/// A member's value as text: whole numbers without a point, lists with commas.
std::string member_text(const OcsfMember& member);
/// A member that is a time as Unix seconds, or as a text that the decoder makes them of.
std::string member_seconds(const OcsfMember& member);
/// Whether that is a number.
bool has_number_of_seconds(const OcsfMember& member) noexcept;

}  // namespace weir::parquet
