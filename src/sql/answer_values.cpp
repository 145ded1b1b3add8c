// SPDX-License-Identifier: Apache-2.0
// sql: DuckDB's vectors -> cells of a result table.
#include "sql/answer_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "render/escaped_text.hpp"
#include "sql/temporal_text.hpp"

namespace weir::sql {
namespace {

using duckdb::Type;

std::string take_text(const duckdb::Api& api, char* text) {
  std::string taken = text == nullptr ? "" : text;
  api.free(text);
  return taken;
}

std::uint64_t enumeration_size(const duckdb::Api& api, duckdb::LogicalType type) {
  return api.enum_dictionary_size(type);
}

std::string integer_text(__int128 value) {
  std::string digits;
  // The smallest value has no positive twin.
  auto left =
      value < 0 ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  do {
    digits += static_cast<char>('0' + static_cast<int>(left % 10));
    left /= 10;
  } while (left > 0);
  if (value < 0) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

/// 12345 with two digits behind the point -> 123.45
std::string decimal_text(__int128 value, std::size_t scale) {
  std::string text = integer_text(value);
  if (scale == 0) return text;
  const std::size_t sign = value < 0 ? 1 : 0;
  if (text.size() - sign <= scale) text.insert(sign, scale + 1 - (text.size() - sign), '0');
  return text.insert(text.size() - scale, 1, '.');
}

template <class Float>
std::string float_text(Float value) {
  char text[64];
  const auto [end, failure] = std::to_chars(text, text + sizeof text, value);
  return failure == std::errc{} ? std::string(text, end) : std::string();
}

/// Bytes that are no printable ASCII as `\xAB`, as DuckDB writes them.
std::string blob_text(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = byte >= ' ' && byte < 0x7f && c != '\\' && c != '\'' && c != '"';
    is_plain ? void(text += c) : void(text += fmt::format("\\x{:02X}", byte));
  }
  return text;
}

/// A bit string: its first byte says how many bits of the second are padding.
std::string bit_text(std::string_view bytes) {
  std::string text;
  if (bytes.empty()) return text;
  auto skip = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0]));
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    for (int bit = 7; bit >= 0; --bit) {
      if (skip > 0) {
        --skip;
      } else {
        text += (static_cast<unsigned char>(bytes[i]) >> bit & 1) != 0 ? '1' : '0';
      }
    }
  }
  return text;
}

/// DuckDB keeps the first bit of a UUID turned over, so that its integers sort as the texts do.
std::string uuid_text(const duckdb::HugeInt& value) {
  const std::uint64_t upper = value.upper ^ std::uint64_t{1} << 63;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", upper >> 32, upper >> 16 & 0xffff,
                     upper & 0xffff, value.lower >> 48, value.lower & 0xffff'ffff'ffff);
}

bool is_nested(Type id) {
  return id == Type::list || id == Type::array || id == Type::map || id == Type::structure;
}

bool is_number(Type id) {
  switch (id) {
    case Type::boolean:
    case Type::tinyint:
    case Type::smallint:
    case Type::integer:
    case Type::bigint:
    case Type::utinyint:
    case Type::usmallint:
    case Type::uinteger:
    case Type::ubigint:
    case Type::hugeint:
    case Type::uhugeint:
    case Type::float32:
    case Type::float64:
    case Type::decimal:
      return true;
    default:
      return false;
  }
}

void append_quoted(std::string_view text, std::string& out) {
  TextBlock block;
  render::append_json_string(block, text);
  out += block.view();
}

}  // namespace

Result<ValueType> read_type(const duckdb::Api& api, duckdb::LogicalType type) {
  ValueType read{.id = api.get_type_id(type),
                 .storage = {},
                 .scale = 0,
                 .array_size = 0,
                 .names = {},
                 .members = {}};
  const auto add_member = [&](duckdb::LogicalType member) -> Result<void> {
    Result<ValueType> inner = read_type(api, member);
    api.destroy_logical_type(&member);
    if (!inner) return Unexpected(std::move(inner.error()));
    read.members.push_back(*std::move(inner));
    return {};
  };
  Result<void> done;
  switch (read.id) {
    case Type::decimal:
      read.storage = api.decimal_internal_type(type);
      read.scale = api.decimal_scale(type);
      break;
    case Type::enumeration:
      read.storage = api.enum_internal_type(type);
      for (std::uint64_t i = 0; i < enumeration_size(api, type); ++i) {
        read.names.push_back(take_text(api, api.enum_dictionary_value(type, i)));
      }
      break;
    case Type::list:
      done = add_member(api.list_type_child_type(type));
      break;
    case Type::array:
      read.array_size = api.array_type_array_size(type);
      done = add_member(api.array_type_child_type(type));
      break;
    case Type::map:
      done = add_member(api.map_type_key_type(type));
      if (done) done = add_member(api.map_type_value_type(type));
      break;
    case Type::structure:
      for (std::uint64_t i = 0; done && i < api.struct_type_child_count(type); ++i) {
        read.names.push_back(take_text(api, api.struct_type_child_name(type, i)));
        done = add_member(api.struct_type_child_type(type, i));
      }
      break;
    case Type::tagged_union:
    case Type::bignum:
    case Type::invalid:
    case Type::any:
      return Unexpected({.code = ErrorCode::unsupported,
                         .message = "a column of the answer has a type that weir does not print",
                         .hint = "cast it: CAST(column AS VARCHAR)"});
    default:
      break;
  }
  if (!done) return Unexpected(std::move(done.error()));
  return read;
}

ResultColumn result_column(std::string name, const ValueType& type) {
  CellKind kind = CellKind::text;
  if (type.id == Type::timestamp_tz) {
    kind = CellKind::time;
  } else if (is_nested(type.id)) {
    kind = CellKind::json;
  } else if (is_number(type.id)) {
    // Sums and counts are wide, and easier to read in groups of three; ports and codes are not.
    const bool is_wide = type.id == Type::bigint || type.id == Type::ubigint ||
                         type.id == Type::hugeint || type.id == Type::uhugeint;
    const bool is_place = name == "start" || name == "end" || name == "line_number";
    kind = is_wide && !is_place ? CellKind::count : CellKind::number;
  }
  return {.name = std::move(name), .kind = kind, .field = FieldId::unknown};
}

ValueColumn::ValueColumn(const duckdb::Api& api, const ValueType& type, duckdb::Vector vector)
    : type_(type), data_(api.vector_get_data(vector)), valid_(api.vector_get_validity(vector)) {
  if (type.id == Type::list) {
    members_.emplace_back(api, type.members[0], api.list_vector_get_child(vector));
  } else if (type.id == Type::array) {
    members_.emplace_back(api, type.members[0], api.array_vector_get_child(vector));
  } else if (type.id == Type::map) {
    const duckdb::Vector entries = api.list_vector_get_child(vector);
    members_.emplace_back(api, type.members[0], api.struct_vector_get_child(entries, 0));
    members_.emplace_back(api, type.members[1], api.struct_vector_get_child(entries, 1));
  } else if (type.id == Type::structure) {
    for (std::size_t i = 0; i < type.members.size(); ++i) {
      members_.emplace_back(api, type.members[i], api.struct_vector_get_child(vector, i));
    }
  }
}

__int128 ValueColumn::signed_integer(Type storage, std::size_t row) const {
  switch (storage) {
    case Type::tinyint:
      return at<std::int8_t>(row);
    case Type::smallint:
      return at<std::int16_t>(row);
    case Type::integer:
      return at<std::int32_t>(row);
    case Type::bigint:
      return at<std::int64_t>(row);
    case Type::utinyint:
      return at<std::uint8_t>(row);
    case Type::usmallint:
      return at<std::uint16_t>(row);
    case Type::uinteger:
      return at<std::uint32_t>(row);
    case Type::ubigint:
      return at<std::uint64_t>(row);
    default: {
      const auto& huge = at<duckdb::HugeInt>(row);
      return static_cast<__int128>(static_cast<unsigned __int128>(huge.upper) << 64 | huge.lower);
    }
  }
}

void ValueColumn::append_text(std::size_t row, std::string& out) const {
  switch (type_.id) {
    case Type::boolean:
      out += at<std::uint8_t>(row) != 0 ? "true" : "false";
      return;
    case Type::float32:
      out += float_text(at<float>(row));
      return;
    case Type::float64:
      out += float_text(at<double>(row));
      return;
    case Type::decimal:
      out += decimal_text(signed_integer(type_.storage, row), type_.scale);
      return;
    case Type::uhugeint: {
      const auto& huge = at<duckdb::HugeInt>(row);
      const auto value = static_cast<unsigned __int128>(huge.upper) << 64 | huge.lower;
      if (value / 10 > 0) out += integer_text(static_cast<__int128>(value / 10));
      out += static_cast<char>('0' + static_cast<int>(value % 10));
      return;
    }
    case Type::varchar:
      out += at<duckdb::String>(row).view();
      return;
    case Type::blob:
      out += blob_text(at<duckdb::String>(row).view());
      return;
    case Type::bit:
      out += bit_text(at<duckdb::String>(row).view());
      return;
    case Type::uuid:
      out += uuid_text(at<duckdb::HugeInt>(row));
      return;
    case Type::enumeration: {
      const auto index = static_cast<std::size_t>(signed_integer(type_.storage, row));
      if (index < type_.names.size()) out += type_.names[index];
      return;
    }
    case Type::date:
      out += date_text(at<std::int32_t>(row));
      return;
    case Type::time:
      out += time_of_day_text(at<std::int64_t>(row));
      return;
    case Type::time_ns:
      out += time_of_day_text(at<std::int64_t>(row) / 1000);
      return;
    case Type::time_tz:
      out += offset_time_text(at<std::uint64_t>(row));
      return;
    case Type::timestamp:
      out += timestamp_text(at<std::int64_t>(row), 1'000'000);
      return;
    case Type::timestamp_s:
      out += timestamp_text(at<std::int64_t>(row), 1);
      return;
    case Type::timestamp_ms:
      out += timestamp_text(at<std::int64_t>(row), 1000);
      return;
    case Type::timestamp_ns:
      out += timestamp_text(at<std::int64_t>(row), 1'000'000'000);
      return;
    case Type::timestamp_tz:
      out += instant_text(at<std::int64_t>(row));
      return;
    case Type::interval: {
      const auto& interval = at<duckdb::Interval>(row);
      out += interval_text(interval.months, interval.days, interval.micros);
      return;
    }
    default:
      out += integer_text(signed_integer(type_.id, row));
  }
}

void ValueColumn::append_entries(std::uint64_t begin, std::uint64_t count, std::string& out) const {
  out += '[';
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    members_[0].append_json(begin + i, out);
  }
  out += ']';
}

void ValueColumn::append_json(std::size_t row, std::string& out) const {
  if (is_null(row) || type_.id == Type::sql_null) {
    out += "null";
    return;
  }
  if (type_.id == Type::list) {
    const auto& entry = at<duckdb::ListEntry>(row);
    return append_entries(entry.offset, entry.length, out);
  }
  if (type_.id == Type::array) {
    return append_entries(row * type_.array_size, type_.array_size, out);
  }
  if (type_.id == Type::structure) {
    out += '{';
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (i > 0) out += ',';
      append_quoted(type_.names[i], out);
      out += ':';
      members_[i].append_json(row, out);
    }
    out += '}';
    return;
  }
  if (type_.id == Type::map) {
    const auto& entry = at<duckdb::ListEntry>(row);
    out += '{';
    for (std::uint64_t i = 0; i < entry.length; ++i) {
      if (i > 0) out += ',';
      std::string key;
      members_[0].append_text(entry.offset + i, key);
      append_quoted(key, out);
      out += ':';
      members_[1].append_json(entry.offset + i, out);
    }
    out += '}';
    return;
  }
  std::string text;
  append_text(row, text);
  const bool is_finite = text.empty() || text.find_first_not_of("-infa") != std::string::npos;
  if (is_number(type_.id)) {
    out += type_.id == Type::boolean || is_finite ? text : "null";
  } else {
    append_quoted(text, out);
  }
}

Cell ValueColumn::cell(std::size_t row) const {
  if (is_null(row) || type_.id == Type::sql_null) return {};
  if (type_.id == Type::float64) return at<double>(row);
  if (type_.id == Type::float32 && !std::isfinite(at<float>(row))) return {};
  if (type_.id == Type::timestamp_tz) {
    constexpr std::int64_t kMicroseconds = 1'000'000;
    const std::int64_t micros = at<std::int64_t>(row);
    const bool is_whole = micros >= 0 && micros % kMicroseconds == 0;
    if (is_whole && micros != std::numeric_limits<std::int64_t>::max()) {
      return static_cast<unsigned __int128>(micros / kMicroseconds);
    }
  }
  std::string text;
  if (is_nested(type_.id)) {
    append_json(row, text);
    return text;
  }
  const bool is_integer = is_number(type_.id) && type_.id != Type::boolean &&
                          type_.id != Type::float32 && type_.id != Type::decimal &&
                          type_.id != Type::uhugeint;
  if (is_integer) {
    const __int128 value = signed_integer(type_.id, row);
    if (value >= 0) return static_cast<unsigned __int128>(value);
  }
  append_text(row, text);
  return text;
}

}  // namespace weir::sql
