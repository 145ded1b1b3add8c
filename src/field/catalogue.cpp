// SPDX-License-Identifier: Apache-2.0
// field: the catalogue of fields. One row per field; everything else that knows fields reads it
// here.
//
// Sources: names, types, values of VPC fields: AWS VPC User Guide, "Flow log records"
// (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html); of Transit Gateway
// fields: Amazon VPC Transit Gateways guide, "Transit Gateway Flow Logs"
// (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html); INT_32 and INT_64: the Parquet
// types of the same tables.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "weir/field.hpp"

namespace weir {
namespace {

constexpr std::uint64_t kInt32 = std::numeric_limits<std::int32_t>::max();
constexpr std::uint64_t kInt64 = std::numeric_limits<std::uint64_t>::max();

// What a row does not say has these values.
struct Row {
  std::uint64_t max = 0;
  ValueNames names = ValueNames::none;
  bool percent_encoded = false;
  bool open_set = false;
};

using enum FieldType;
using Family = LogFamily;

constexpr FieldInfo row(FieldId id, std::string_view name, int version, FieldType type,
                        Family family, std::string_view meaning, std::string_view values,
                        std::string_view example, std::string_view missing, Row extra = {}) {
  return {.id = id,
          .name = name,
          .version = static_cast<std::uint8_t>(version),
          .type = type,
          .family = family,
          .max = extra.max,
          .names = extra.names,
          .percent_encoded = extra.percent_encoded,
          .meaning = meaning,
          .values = values,
          .open_set = extra.open_set,
          .example = example,
          .missing = missing};
}

constexpr std::string_view kNoTraffic = "NODATA and SKIPDATA records";
constexpr std::string_view kNever = "never";
constexpr std::string_view kNotEcs =
    "traffic that is not of an ECS task in awsvpc mode, or of a task of another account";
constexpr std::string_view kFargate = "as ecs-cluster-arn, and on Fargate";
constexpr std::string_view kNoTag =
    "no such tag key in the flow log, no such tag, or the resource belongs to another account; may "
    "also be missing or wrong in the first hour";
constexpr std::string_view kNoNextHop =
    "next hop of another account, without an interface (an internet gateway), in another Region, "
    "or "
    "ingress from a Transit Gateway or Network Load Balancer";
constexpr std::string_view kServices =
    "AMAZON AMAZON_APPFLOW AMAZON_CONNECT API_GATEWAY AURORA_DSQL CHIME_MEETINGS "
    "CHIME_VOICECONNECTOR CLOUD9 CLOUDFRONT CLOUDFRONT_ORIGIN_FACING CODEBUILD DYNAMODB EBS EC2 "
    "EC2_INSTANCE_CONNECT GLOBALACCELERATOR IVS_LOW_LATENCY IVS_REALTIME KINESIS_VIDEO_STREAMS "
    "MEDIA_PACKAGE_V2 ROUTE53 ROUTE53_HEALTHCHECKS ROUTE53_HEALTHCHECKS_PUBLISHING "
    "ROUTE53_RESOLVER S3 WORKSPACES_GATEWAYS";
constexpr std::string_view kInterfaceTypes =
    "nat_gateway network_load_balancer regional_nat_gateway transit_gateway vpc_endpoint";
constexpr std::string_view kNoTransitSide = "the side is not a VPC attachment";

constexpr Row kSmall{.max = kInt32};
constexpr Row kCounter{.max = kInt64};
constexpr Row kOpen{.open_set = true};
constexpr Row kTag{.percent_encoded = true};

// clang-format off
constexpr std::array kCatalogue = {
  // Version 2: the default format.
  row(FieldId::version, "version", 2, number, Family::both,
      "Flow log version: the highest version among the fields of the format.", "2 to 11", "2", kNever, kSmall),
  row(FieldId::account_id, "account-id", 2, text, Family::both,
      "Account that owns the network interface or Transit Gateway.", "12 digits, or unknown", "123456789010",
      "AWS writes unknown for some interfaces that its services create"),
  row(FieldId::interface_id, "interface-id", 2, text, Family::vpc,
      "Network interface at which the traffic was recorded.", "eni- and 8 or 17 hexadecimal digits",
      "eni-1235b8ca123456789", "flows of a regional NAT gateway (see resource-id)"),
  row(FieldId::srcaddr, "srcaddr", 2, address, Family::both,
      "Source address as the interface sees it; for egress its own primary private IPv4 address or its IPv6 address.",
      "IPv4 or IPv6 address", "172.31.16.139", kNoTraffic),
  row(FieldId::dstaddr, "dstaddr", 2, address, Family::both,
      "Destination address as the interface sees it; for ingress its own primary private IPv4 address or its IPv6 address.",
      "IPv4 or IPv6 address", "172.31.16.21", kNoTraffic),
  row(FieldId::srcport, "srcport", 2, number, Family::both,
      "Source port.", "0 to 65535; 0 for ICMP", "20641", kNoTraffic, {.max = kInt32, .names = ValueNames::port}),
  row(FieldId::dstport, "dstport", 2, number, Family::both,
      "Destination port.", "0 to 65535; 0 for ICMP", "22", kNoTraffic, {.max = kInt32, .names = ValueNames::port}),
  row(FieldId::protocol, "protocol", 2, number, Family::both,
      "IANA protocol number.", "0 to 255: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6", "6", kNoTraffic, {.max = kInt32, .names = ValueNames::protocol}),
  row(FieldId::packets, "packets", 2, number, Family::both,
      "Packets of the flow in the capture window.", "a count", "20", kNoTraffic, kCounter),
  row(FieldId::bytes, "bytes", 2, number, Family::both,
      "Bytes of the flow in the capture window.", "a count", "4249",
      "NODATA and SKIPDATA records, and rejects by VPC Block Public Access", kCounter),
  row(FieldId::start, "start", 2, time, Family::both,
      "First packet of the flow in the window; may be off by up to 60 seconds.", "Unix seconds", "1418530010", kNever, kCounter),
  row(FieldId::end, "end", 2, time, Family::both,
      "Last packet of the flow in the window; may be off by up to 60 seconds.", "Unix seconds", "1418530070", kNever, kCounter),
  row(FieldId::action, "action", 2, text, Family::vpc,
      "Whether the traffic was allowed; REJECT is also logged for packets that arrive after a connection was closed.",
      "ACCEPT REJECT", "ACCEPT", kNoTraffic),
  row(FieldId::log_status, "log-status", 2, text, Family::both,
      "OK; NODATA: no traffic in the window; SKIPDATA: AWS dropped records of the window.", "OK NODATA SKIPDATA", "OK", kNever),
  // Version 3.
  row(FieldId::vpc_id, "vpc-id", 3, text, Family::vpc,
      "VPC of the interface.", "vpc- and hexadecimal digits", "vpc-abcdefab012345678", "flows without an interface"),
  row(FieldId::subnet_id, "subnet-id", 3, text, Family::vpc,
      "Subnet of the interface.", "subnet- and hexadecimal digits", "subnet-aaaaaaaa012345678", "flows of a regional NAT gateway"),
  row(FieldId::instance_id, "instance-id", 3, text, Family::vpc,
      "Instance to which the interface is attached, if you own the instance.", "i- and hexadecimal digits", "i-01234567890123456",
      "interfaces that AWS manages: NAT gateway, Transit Gateway attachment, load balancer, endpoint"),
  row(FieldId::tcp_flags, "tcp-flags", 3, number, Family::both,
      "TCP flags of all packets in the window, ORed; ACK counts only together with SYN.",
      "FIN 1, SYN 2, RST 4, SYN-ACK 18 and their sums; 0 when none of them was seen", "19",
      "combinations that AWS holds invalid", {.max = kInt32, .names = ValueNames::tcp_flags}),
  row(FieldId::type, "type", 3, text, Family::both,
      "Kind of traffic.", "IPv4 IPv6 EFA", "IPv4", kNoTraffic),
  row(FieldId::pkt_srcaddr, "pkt-srcaddr", 3, address, Family::vpc,
      "Source address of the packet itself; differs from srcaddr behind a NAT gateway, Transit Gateway or pod interface.",
      "IPv4 or IPv6 address", "10.0.1.5", kNoTraffic),
  row(FieldId::pkt_dstaddr, "pkt-dstaddr", 3, address, Family::vpc,
      "Destination address of the packet itself; differs from dstaddr behind a NAT gateway, Transit Gateway or pod interface.",
      "IPv4 or IPv6 address", "203.0.113.5", kNoTraffic),
  // Version 4.
  row(FieldId::region, "region", 4, text, Family::both,
      "Region of the interface or Transit Gateway.", "a Region code", "us-east-1", "rarely", kOpen),
  row(FieldId::az_id, "az-id", 4, text, Family::vpc,
      "Availability Zone ID (not its name) of the interface.", "a zone ID", "use1-az1", "traffic in a sublocation", kOpen),
  row(FieldId::sublocation_type, "sublocation-type", 4, text, Family::vpc,
      "Kind of sublocation.", "wavelength outpost localzone", "outpost", "traffic in no sublocation"),
  row(FieldId::sublocation_id, "sublocation-id", 4, text, Family::vpc,
      "ID of the sublocation.", "an ID", "outpostid04", "traffic in no sublocation"),
  // Version 5.
  row(FieldId::pkt_src_aws_service, "pkt-src-aws-service", 5, text, Family::both,
      "AWS service whose address range holds pkt-srcaddr.", kServices, "S3", "private addresses and addresses of no AWS service", kOpen),
  row(FieldId::pkt_dst_aws_service, "pkt-dst-aws-service", 5, text, Family::both,
      "AWS service whose address range holds pkt-dstaddr.", kServices, "S3", "private addresses and addresses of no AWS service", kOpen),
  row(FieldId::flow_direction, "flow-direction", 5, text, Family::both,
      "Direction as seen from the interface at which the traffic was recorded.", "ingress egress", "ingress", kNoTraffic),
  row(FieldId::traffic_path, "traffic-path", 5, number, Family::vpc,
      "Path that egress traffic takes to its destination.",
      "1 same VPC, 2 internet gateway or gateway endpoint, 3 virtual private gateway, 4 peering in the Region, "
      "5 peering across Regions, 6 Local or Wavelength Zone, 7 gateway endpoint, 8 internet gateway",
      "8", "ingress traffic, and when no code applies", {.max = kInt32, .names = ValueNames::traffic_path}),
  // Version 6: Transit Gateway flow logs.
  row(FieldId::resource_type, "resource-type", 6, text, Family::transit_gateway,
      "Kind of resource on which the flow log was created.", "TransitGateway TransitGatewayAttachment", "TransitGateway", kNever, kOpen),
  row(FieldId::tgw_id, "tgw-id", 6, text, Family::transit_gateway,
      "Transit Gateway.", "tgw- and hexadecimal digits", "tgw-0abc12345def67890", kNever),
  row(FieldId::tgw_attachment_id, "tgw-attachment-id", 6, text, Family::transit_gateway,
      "Attachment at which the traffic was recorded.", "tgw-attach- and hexadecimal digits", "tgw-attach-0abc12345def67890", kNever),
  row(FieldId::tgw_src_vpc_account_id, "tgw-src-vpc-account-id", 6, text, Family::transit_gateway,
      "Account of the source VPC.", "12 digits", "123456789010", kNoTransitSide),
  row(FieldId::tgw_dst_vpc_account_id, "tgw-dst-vpc-account-id", 6, text, Family::transit_gateway,
      "Account of the destination VPC.", "12 digits", "123456789010", kNoTransitSide),
  row(FieldId::tgw_src_vpc_id, "tgw-src-vpc-id", 6, text, Family::transit_gateway,
      "Source VPC.", "vpc- and hexadecimal digits", "vpc-abcdefab012345678", kNoTransitSide),
  row(FieldId::tgw_dst_vpc_id, "tgw-dst-vpc-id", 6, text, Family::transit_gateway,
      "Destination VPC.", "vpc- and hexadecimal digits", "vpc-abcdefab012345679", kNoTransitSide),
  row(FieldId::tgw_src_subnet_id, "tgw-src-subnet-id", 6, text, Family::transit_gateway,
      "Source subnet.", "subnet- and hexadecimal digits", "subnet-aaaaaaaa012345678", kNoTransitSide),
  row(FieldId::tgw_dst_subnet_id, "tgw-dst-subnet-id", 6, text, Family::transit_gateway,
      "Destination subnet.", "subnet- and hexadecimal digits", "subnet-bbbbbbbb012345678", kNoTransitSide),
  row(FieldId::tgw_src_eni, "tgw-src-eni", 6, text, Family::transit_gateway,
      "Attachment interface on the source side.", "eni- and hexadecimal digits", "eni-11111111111111111", kNoTransitSide),
  row(FieldId::tgw_dst_eni, "tgw-dst-eni", 6, text, Family::transit_gateway,
      "Attachment interface on the destination side.", "eni- and hexadecimal digits", "eni-22222222222222222", kNoTransitSide),
  row(FieldId::tgw_src_az_id, "tgw-src-az-id", 6, text, Family::transit_gateway,
      "Availability Zone ID of the source attachment.", "a zone ID", "use1-az1", kNoTransitSide, kOpen),
  row(FieldId::tgw_dst_az_id, "tgw-dst-az-id", 6, text, Family::transit_gateway,
      "Availability Zone ID of the destination attachment.", "a zone ID", "use1-az2", kNoTransitSide, kOpen),
  row(FieldId::tgw_pair_attachment_id, "tgw-pair-attachment-id", 6, text, Family::transit_gateway,
      "Attachment through which the traffic leaves or came, depending on flow-direction.", "tgw-attach- and hexadecimal digits",
      "tgw-attach-0fedc54321fed9876", "traffic that was dropped"),
  row(FieldId::packets_lost_no_route, "packets-lost-no-route", 6, number, Family::transit_gateway,
      "Packets lost because no route was found.", "a count", "0", kNoTraffic, kCounter),
  row(FieldId::packets_lost_blackhole, "packets-lost-blackhole", 6, number, Family::transit_gateway,
      "Packets lost to a blackhole route.", "a count", "0", kNoTraffic, kCounter),
  row(FieldId::packets_lost_mtu_exceeded, "packets-lost-mtu-exceeded", 6, number, Family::transit_gateway,
      "Packets lost because they were larger than the MTU.", "a count", "0", kNoTraffic, kCounter),
  row(FieldId::packets_lost_ttl_expired, "packets-lost-ttl-expired", 6, number, Family::transit_gateway,
      "Packets lost because their time to live ran out.", "a count", "0", kNoTraffic, kCounter),
  // Version 7: Amazon ECS tasks.
  row(FieldId::ecs_cluster_arn, "ecs-cluster-arn", 7, text, Family::vpc,
      "ARN of the ECS cluster.", "an ARN", "arn:aws:ecs:us-east-1:123456789010:cluster/web", kNotEcs),
  row(FieldId::ecs_cluster_name, "ecs-cluster-name", 7, text, Family::vpc,
      "Name of the ECS cluster.", "a name", "web", kNotEcs),
  row(FieldId::ecs_container_instance_arn, "ecs-container-instance-arn", 7, text, Family::vpc,
      "ARN of the ECS container instance.", "an ARN",
      "arn:aws:ecs:us-east-1:123456789010:container-instance/web/0123456789abcdef0123456789abcdef", kFargate),
  row(FieldId::ecs_container_instance_id, "ecs-container-instance-id", 7, text, Family::vpc,
      "ID of the ECS container instance.", "an ID", "0123456789abcdef0123456789abcdef", kFargate),
  row(FieldId::ecs_container_id, "ecs-container-id", 7, text, Family::vpc,
      "Runtime ID of the task's first container.", "an ID", "0123456789abcdef0123456789abcdef-1234567890", kNotEcs),
  row(FieldId::ecs_second_container_id, "ecs-second-container-id", 7, text, Family::vpc,
      "Runtime ID of the task's second container.", "an ID", "0123456789abcdef0123456789abcdef-0987654321", "as ecs-cluster-arn, and tasks of one container"),
  row(FieldId::ecs_service_name, "ecs-service-name", 7, text, Family::vpc,
      "Name of the ECS service that started the task.", "a name", "frontend", "as ecs-cluster-arn, and tasks that no service started"),
  row(FieldId::ecs_task_definition_arn, "ecs-task-definition-arn", 7, text, Family::vpc,
      "ARN of the ECS task definition.", "an ARN", "arn:aws:ecs:us-east-1:123456789010:task-definition/frontend:3", kNotEcs),
  row(FieldId::ecs_task_arn, "ecs-task-arn", 7, text, Family::vpc,
      "ARN of the ECS task.", "an ARN", "arn:aws:ecs:us-east-1:123456789010:task/web/0123456789abcdef0123456789abcdef", kNotEcs),
  row(FieldId::ecs_task_id, "ecs-task-id", 7, text, Family::vpc,
      "ID of the ECS task.", "an ID", "0123456789abcdef0123456789abcdef", kNotEcs),
  // Version 8 to 10.
  row(FieldId::reject_reason, "reject-reason", 8, text, Family::vpc,
      "Reason of a reject that no security group or network ACL made.",
      "BPA (VPC Block Public Access) EC (VPC Encryption Controls at an endpoint)", "BPA",
      "accepted traffic and every other reject: security group, network ACL, late packet", kOpen),
  row(FieldId::resource_id, "resource-id", 9, text, Family::vpc,
      "Regional NAT gateway that carried the traffic.", "nat- and hexadecimal digits", "nat-1234567890abcdef0", "traffic of everything else"),
  row(FieldId::encryption_status, "encryption-status", 10, number, Family::vpc,
      "Whether the flow was encrypted, as VPC Encryption Controls sees it.",
      "0 not encrypted, 1 by the Nitro System, 2 by the application, 3 by both", "1",
      "VPC Encryption Controls is off, or the status is unknown", {.max = kInt32, .names = ValueNames::encryption}),
  // Version 11: tags and next hops.
  row(FieldId::instance_tag, "instance-tag", 11, text, Family::vpc,
      "Value of the first instance tag key of the flow log.", "percent-encoded UTF-8", "web%20tier", kNoTag, kTag),
  row(FieldId::instance_tag_2, "instance-tag-2", 11, text, Family::vpc,
      "Value of the second instance tag key of the flow log.", "percent-encoded UTF-8", "production", kNoTag, kTag),
  row(FieldId::interface_tag, "interface-tag", 11, text, Family::vpc,
      "Value of the first network-interface tag key of the flow log.", "percent-encoded UTF-8", "public", kNoTag, kTag),
  row(FieldId::interface_tag_2, "interface-tag-2", 11, text, Family::vpc,
      "Value of the second network-interface tag key of the flow log.", "percent-encoded UTF-8", "team%3Dpayments", kNoTag, kTag),
  row(FieldId::asg_tag, "asg-tag", 11, text, Family::vpc,
      "Value of the first Auto Scaling group tag key of the flow log.", "percent-encoded UTF-8", "web-asg", kNoTag, kTag),
  row(FieldId::asg_tag_2, "asg-tag-2", 11, text, Family::vpc,
      "Value of the second Auto Scaling group tag key of the flow log.", "percent-encoded UTF-8", "blue", kNoTag, kTag),
  row(FieldId::interface_type, "interface-type", 11, text, Family::vpc,
      "Type of the interface at which the traffic was recorded.", kInterfaceTypes, "nat_gateway", "every other type, such as an instance's interface", kOpen),
  row(FieldId::next_hop_interface_id, "next-hop-interface-id", 11, text, Family::vpc,
      "Interface that receives egress traffic or sent ingress traffic.", "eni- and hexadecimal digits", "eni-22222222222222222", kNoNextHop),
  row(FieldId::next_hop_subnet_id, "next-hop-subnet-id", 11, text, Family::vpc,
      "Subnet of the next hop.", "subnet- and hexadecimal digits", "subnet-bbbbbbbb012345678", kNoNextHop),
  row(FieldId::next_hop_az_id, "next-hop-az-id", 11, text, Family::vpc,
      "Availability Zone ID of the next hop; filled also when another account owns it.", "a zone ID", "use1-az2",
      "as next-hop-interface-id, but not because of another account", kOpen),
  row(FieldId::next_hop_vpc_id, "next-hop-vpc-id", 11, text, Family::vpc,
      "VPC of the next hop.", "vpc- and hexadecimal digits", "vpc-abcdefab012345679", kNoNextHop),
  row(FieldId::next_hop_interface_type, "next-hop-interface-type", 11, text, Family::vpc,
      "Type of the next hop's interface.", kInterfaceTypes, "vpc_endpoint", "every other type, and no next hop", kOpen),
};
// clang-format on

static_assert(kCatalogue.size() == kFieldCount);
static_assert([] {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if (kCatalogue[i].id != static_cast<FieldId>(i)) return false;
  }
  return true;
}());

constexpr std::size_t kLongestName = 40;

/// A name without `-`, `_` and case: the form in which all spellings of a field are equal.
struct FoldedName {
  std::array<char, kLongestName> text{};
  std::size_t length = 0;

  constexpr explicit FoldedName(std::string_view name) {
    for (const char c : name) {
      if (c == '-' || c == '_') continue;
      if (length == text.size()) {
        length = 0;  // longer than every field: matches none
        return;
      }
      text[length++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  constexpr std::string_view view() const { return {text.data(), length}; }
};

struct IndexEntry {
  FoldedName name{""};
  FieldId id = FieldId::unknown;
};

constexpr std::array<IndexEntry, kFieldCount> kIndex = [] {
  std::array<IndexEntry, kFieldCount> index;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    index[i] = {.name = FoldedName(kCatalogue[i].name), .id = static_cast<FieldId>(i)};
  }
  std::sort(index.begin(), index.end(),
            [](const IndexEntry& a, const IndexEntry& b) { return a.name.view() < b.name.view(); });
  return index;
}();

/// Levenshtein distance, where exchanging two neighbours counts as one edit.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::span<const FieldInfo> field_catalogue() noexcept { return kCatalogue; }

const FieldInfo& field_info(FieldId id) noexcept {
  return kCatalogue[static_cast<std::size_t>(id)];
}

FieldId find_field(std::string_view name) noexcept {
  const FoldedName folded(name);
  const auto found = std::lower_bound(
      kIndex.begin(), kIndex.end(), folded.view(),
      [](const IndexEntry& entry, std::string_view wanted) { return entry.name.view() < wanted; });
  return found != kIndex.end() && found->name.view() == folded.view() ? found->id
                                                                      : FieldId::unknown;
}

bool is_field_name(std::string_view name) noexcept {
  const FieldId id = find_field(name);
  if (id == FieldId::unknown) return false;
  const std::string_view written = field_info(id).name;
  return written.size() == name.size() &&
         std::equal(name.begin(), name.end(), written.begin(),
                    [](char a, char b) { return a == b || (a == '_' && b == '-'); });
}

std::vector<std::string_view> near_field_names(std::string_view name, std::size_t limit) {
  constexpr std::size_t kLongestWord = 64;  // nobody misspells a name into more than this
  std::vector<std::pair<std::size_t, std::string_view>> near;
  const std::string wanted(FoldedName(name.substr(0, kLongestWord)).view());
  for (const IndexEntry& entry : kIndex) {
    const std::string_view candidate = entry.name.view();
    const std::size_t distance = edit_distance(wanted, candidate);
    const bool part = wanted.size() >= 3 && candidate.find(wanted) != std::string_view::npos;
    const std::size_t allowed = std::max<std::size_t>(1, wanted.size() / 3);
    if (distance <= allowed || part) {
      near.emplace_back(distance <= allowed ? distance : candidate.size(),
                        field_info(entry.id).name);
    }
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < near.size() && i < limit; ++i) names.push_back(near[i].second);
  return names;
}

std::string column_name(std::string_view field_name) {
  std::string name(field_name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace weir
