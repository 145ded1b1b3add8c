// SPDX-License-Identifier: Apache-2.0
// field: the orders in which flow logs without a header are known to have their fields. One table;
// each row names the page that has the order.
#include <fmt/format.h>

#include <algorithm>

#include "weir/format.hpp"

namespace weir {
namespace {

// AWS VPC User Guide, "Flow log records": versions of the VPC tables; 6 is the Transit Gateway log.
constexpr int kVpcVersions[] = {2, 3, 4, 5, 7, 8, 9, 10, 11};

constexpr const char* kRecordsPage =
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html";
constexpr const char* kTransitGatewayPage =
    "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html";
constexpr const char* kExamplesPage =
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html";
/// The console lists the names that were chosen by the alphabet; seen in formats that were copied
/// out of it.
constexpr const char* kConsolePage = "https://github.com/elastic/integrations/issues/8532";
/// The order of the console's choice of Amazon ECS fields; seen in formats that were copied out of
/// it: name before ARN, task before container.
constexpr const char* kConsoleEcsPage =
    "https://aws.amazon.com/blogs/networking-and-content-delivery/"
    "introducing-vpc-flow-logs-for-elastic-container-services";

// Parts of the orders below.
constexpr const char* kVersion2 =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status ";
constexpr const char* kVersion3 =
    "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr ";
constexpr const char* kVersion4 = "region az-id sublocation-type sublocation-id ";
constexpr const char* kVersion5 =
    "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path ";
constexpr const char* kEcs =
    "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id "
    "ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn "
    "ecs-task-arn ecs-task-id ";
constexpr const char* kConsoleEcs =
    "ecs-cluster-name ecs-cluster-arn ecs-container-instance-id ecs-container-instance-arn "
    "ecs-service-name ecs-task-definition-arn ecs-task-id ecs-task-arn ecs-container-id "
    "ecs-second-container-id ";

/// A custom format that a page shows.
struct CustomOrder {
  const char* name;
  std::string fields;
  const char* source;
};

std::vector<CustomOrder> custom_orders() {
  const std::string all_of_5 = fmt::format("{}{}{}{}", kVersion2, kVersion3, kVersion4, kVersion5);
  return {
      {"v2 and the ECS fields, table order", fmt::format("{}{}", kVersion2, kEcs), kRecordsPage},
      {"v2 and the ECS fields, as the console adds them",
       fmt::format("{}{}", kVersion2, kConsoleEcs), kConsoleEcsPage},
      {"v5 and the ECS fields, as the console adds them",
       fmt::format("{}{}", all_of_5, kConsoleEcs), kConsoleEcsPage},
      // Also what most tutorials and tools of the years of version 3 copied: bytes before packets.
      {"AWS's example for TCP flags, 21 fields",
       "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport "
       "dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags "
       "log-status",
       kExamplesPage},
      {"AWS's example for traffic paths, 29 fields",
       "version srcaddr dstaddr srcport dstport protocol start end type packets bytes account-id "
       "vpc-id subnet-id instance-id interface-id region az-id sublocation-type sublocation-id "
       "action tcp-flags pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service "
       "traffic-path flow-direction log-status",
       kExamplesPage},
      {"AWS's example for a Transit Gateway in a VPC, 17 fields",
       "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport "
       "dstport protocol tcp-flags type pkt-srcaddr pkt-dstaddr action log-status",
       kExamplesPage},
      {"AWS's example for a NAT gateway, 6 fields",
       "instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr", kExamplesPage},
      {"AWS's example for a regional NAT gateway, 8 fields",
       "resource-id instance-id interface-id subnet-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr",
       kExamplesPage},
      {"AWS's example for Encryption Controls, 9 fields",
       "encryption-status srcaddr dstaddr srcport dstport protocol traffic-path flow-direction "
       "reject-reason",
       "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html"},
      {"AWS's example for Block Public Access, 30 fields", fmt::format("{}reject-reason", all_of_5),
       "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html"},
      {"AWS's example for create-flow-logs, 13 fields",
       "version vpc-id subnet-id instance-id srcaddr dstaddr srcport dstport protocol tcp-flags "
       "type pkt-srcaddr pkt-dstaddr",
       "https://docs.aws.amazon.com/cli/latest/reference/ec2/create-flow-logs.html"},
      {"Landing Zone Accelerator, 27 fields",
       fmt::format("{}{}region az-id {}", kVersion2, kVersion3, kVersion5),
       "https://awslabs.github.io/landing-zone-accelerator-on-aws/latest/typedocs/latest/classes/"
       "___packages__aws_accelerator_config_lib_common_types.VpcFlowLogsConfig.html"},
  };
}

std::vector<FieldId> fields_up_to(int version) {
  std::vector<FieldId> ids;
  for (const FieldInfo& info : field_catalogue()) {
    if (info.family != LogFamily::transit_gateway && info.version <= version)
      ids.push_back(info.id);
  }
  return ids;
}

std::vector<FieldId> alphabetical(std::vector<FieldId> ids) {
  std::sort(ids.begin(), ids.end(),
            [](FieldId a, FieldId b) { return field_info(a).name < field_info(b).name; });
  return ids;
}

/// The 36 fields of a Transit Gateway log in the order of its guide's table
/// (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html): by version of the log, which is
/// not the order in which the VPC table introduces them.
std::vector<FieldId> transit_gateway_fields() {
  using enum FieldId;
  return {version,
          resource_type,
          account_id,
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
          srcaddr,
          dstaddr,
          srcport,
          dstport,
          protocol,
          packets,
          bytes,
          start,
          end,
          log_status,
          type,
          packets_lost_no_route,
          packets_lost_blackhole,
          packets_lost_mtu_exceeded,
          packets_lost_ttl_expired,
          tcp_flags,
          region,
          flow_direction,
          pkt_src_aws_service,
          pkt_dst_aws_service};
}

std::vector<NamedFormat> make_known_formats() {
  std::vector<NamedFormat> formats;
  const auto add = [&](std::string name, const std::vector<FieldId>& ids, const char* source) {
    formats.push_back({.name = std::move(name),
                       .format = std::make_shared<Format>(Format::from_ids(ids)),
                       .source = source});
  };
  for (const int version : kVpcVersions) {
    const std::vector<FieldId> ids = fields_up_to(version);
    add(version == 2 ? "default v2" : fmt::format("v{}, table order", version), ids, kRecordsPage);
    add(fmt::format("v{}, alphabetical order", version), alphabetical(ids), kConsolePage);
  }
  add("Transit Gateway default", transit_gateway_fields(), kTransitGatewayPage);
  add("Transit Gateway, alphabetical order", alphabetical(transit_gateway_fields()), kConsolePage);
  std::vector<FieldId> with_reasons = fields_up_to(5);
  with_reasons.push_back(FieldId::reject_reason);
  add("v5 and reject-reason, alphabetical order", alphabetical(with_reasons), kConsolePage);
  for (const CustomOrder& order : custom_orders()) {
    Result<Format> format = Format::parse(order.fields);
    if (!format) continue;  // known_orders_test.cpp would miss it
    formats.push_back({.name = order.name,
                       .format = std::make_shared<Format>(*std::move(format)),
                       .source = order.source});
  }
  return formats;
}

}  // namespace

const Format& Format::default_vpc() { return *known_formats().front().format; }

const Format& Format::default_transit_gateway() {
  static const Format kFormat = from_ids(transit_gateway_fields());
  return kFormat;
}

std::span<const NamedFormat> known_formats() {
  static const std::vector<NamedFormat> kFormats = make_known_formats();
  return kFormats;
}

}  // namespace weir
