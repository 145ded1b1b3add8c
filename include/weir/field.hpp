// SPDX-License-Identifier: Apache-2.0
// field: the catalogue, the one place that knows what a flow-log field is.
//
// Decoder, outputs, `weir fields`, docs/fields.md and the filter's messages come from this table,
// whose rows are in fields.inc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// How values of a field are stored in a Column.
enum class FieldType : std::uint8_t {
  number,   ///< unsigned, up to FieldInfo::max
  time,     ///< Unix seconds, stored as a number
  address,  ///< Ip
  text,     ///< bytes; account ids too, since their leading zeros count
};

/// Every field that AWS documents, in the order of AWS's tables: `interface-id` is `interface_id`.
/// `unknown` stands for the others.
enum class FieldId : std::uint8_t {
#define WEIR_FIELD(id, ...) id,
#include "weir/fields.inc"
#undef WEIR_FIELD
  unknown,
};

inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(FieldId::unknown);

/// Which names the numbers of a field have (value_name() in names.hpp turns them into words).
enum class ValueNames : std::uint8_t { none, protocol, port, tcp_flags, traffic_path, encryption };

/// Whose logs can carry a field.
enum class LogFamily : std::uint8_t { vpc, transit_gateway, both };

/// What values of a field look like, stricter than what is valid: by this, lines without a header
/// tell which format they have.
struct ValueShape {
  enum class Kind : std::uint8_t {
    any,            ///< every text
    address,        ///< IPv4 or IPv6
    digits,         ///< `fewest` to `most` of them
    one_of_values,  ///< a word of FieldInfo::values
    begins_with,    ///< `prefix`, but not `other_prefix`, if there is one
    arn,            ///< `arn:aws:...` with `prefix` in it
    no_arn,         ///< any text but an ARN: the name or id of what has one
    account,        ///< 12 digits, or unknown
    region,         ///< `us-east-1`
    zone,           ///< `use1-az1`
    service,        ///< `EC2_INSTANCE_CONNECT`
  };
  Kind kind = Kind::any;
  std::uint8_t fewest = 1;
  std::uint8_t most = 0;
  std::string_view prefix = {};
  std::string_view other_prefix = {};
};

/// One row of the catalogue.
struct FieldInfo {
  FieldId id;
  std::string_view name;  ///< as AWS writes it in text and headers: `pkt-srcaddr`
  std::uint8_t version;   ///< flow-log version that introduced it: 2..11
  FieldType type;
  LogFamily family;
  std::uint64_t max;  ///< largest number: what a packet can hold, else 2^31-1 for AWS's INT_32
  ValueNames names;
  bool percent_encoded;      ///< the log holds percent-encoded UTF-8
  std::string_view meaning;  ///< one sentence
  std::string_view values;   ///< allowed or known values, or their form
  bool open_set;             ///< AWS adds values without a new version
  std::string_view example;  ///< a value as it stands in a log
  std::string_view missing;  ///< when the log has `-`
  ValueShape shape;
};

/// All fields in FieldId order.
std::span<const FieldInfo> field_catalogue() noexcept;

/// The row of a field. `id` must not be FieldId::unknown.
const FieldInfo& field_info(FieldId id) noexcept;

/// Finds a field by any spelling that AWS's tools use: `pkt-srcaddr`, `pkt_srcaddr`, `pktSrcAddr`
/// (Logs Insights), in any case. Returns FieldId::unknown when there is none.
FieldId find_field(std::string_view name) noexcept;

/// True if `name` is spelled as in a header line or SQL: a catalogue name with `-` or `_`, lower
/// case. Cheaper and stricter than find_field().
bool is_field_name(std::string_view name) noexcept;

/// Catalogue names that a person may have meant by `name`, nearest first, at most `limit`.
std::vector<std::string_view> near_field_names(std::string_view name, std::size_t limit = 3);

/// `account-id` -> `account_id`: the spelling of JSON, SQL and Parquet.
std::string column_name(std::string_view field_name);

}  // namespace weir
