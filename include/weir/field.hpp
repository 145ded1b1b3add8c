// SPDX-License-Identifier: Apache-2.0
// field: the catalogue, the one place that knows what a flow-log field is.
//
// Decoder, outputs, `weir fields`, docs/fields.md and the filter's messages come from this table.
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

/// Every field that AWS documents, in the order of AWS's tables. `unknown` stands for the others.
enum class FieldId : std::uint8_t {
  version,
  account_id,
  interface_id,
  srcaddr,
  dstaddr,
  srcport,
  dstport,
  protocol,
  packets,
  bytes,
  start,
  end,
  action,
  log_status,
  vpc_id,
  subnet_id,
  instance_id,
  tcp_flags,
  type,
  pkt_srcaddr,
  pkt_dstaddr,
  region,
  az_id,
  sublocation_type,
  sublocation_id,
  pkt_src_aws_service,
  pkt_dst_aws_service,
  flow_direction,
  traffic_path,
  resource_type,
  tgw_id,
  tgw_attachment_id,
  tgw_src_vpc_account_id,
  tgw_dst_vpc_account_id,
  tgw_src_vpc_id,
  tgw_dst_vpc_id,
  tgw_src_subnet_id,
  tgw_dst_subnet_id,
  tgw_src_eni,
  tgw_dst_eni,
  tgw_src_az_id,
  tgw_dst_az_id,
  tgw_pair_attachment_id,
  packets_lost_no_route,
  packets_lost_blackhole,
  packets_lost_mtu_exceeded,
  packets_lost_ttl_expired,
  ecs_cluster_arn,
  ecs_cluster_name,
  ecs_container_instance_arn,
  ecs_container_instance_id,
  ecs_container_id,
  ecs_second_container_id,
  ecs_service_name,
  ecs_task_definition_arn,
  ecs_task_arn,
  ecs_task_id,
  reject_reason,
  resource_id,
  encryption_status,
  instance_tag,
  instance_tag_2,
  interface_tag,
  interface_tag_2,
  asg_tag,
  asg_tag_2,
  interface_type,
  next_hop_interface_id,
  next_hop_subnet_id,
  next_hop_az_id,
  next_hop_vpc_id,
  next_hop_interface_type,
  unknown,
};

inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(FieldId::unknown);

/// Which names the numbers of a field have (src/field/names.hpp turns them into words).
enum class ValueNames : std::uint8_t { none, protocol, port, tcp_flags, traffic_path, encryption };

/// Whose logs can carry a field.
enum class LogFamily : std::uint8_t { vpc, transit_gateway, both };

/// One row of the catalogue.
struct FieldInfo {
  FieldId id;
  std::string_view name;  ///< as AWS writes it in text and headers: `pkt-srcaddr`
  std::uint8_t version;   ///< flow-log version that introduced it: 2..11
  FieldType type;
  LogFamily family;
  std::uint64_t max;  ///< largest number: 2^31-1 for AWS's INT_32, 2^64-1 for INT_64
  ValueNames names;
  bool percent_encoded;      ///< the log holds percent-encoded UTF-8
  std::string_view meaning;  ///< one sentence
  std::string_view values;   ///< allowed or known values, or their form
  bool open_set;             ///< AWS adds values without a new version
  std::string_view example;  ///< a value as it stands in a log
  std::string_view missing;  ///< when the log has `-`
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
