// SPDX-License-Identifier: Apache-2.0
// decode: for tests: lines of an invented log in any format, as AWS would write them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "weir/format.hpp"

namespace weir::decode {

/// What the invented log has besides plain IPv4 traffic of an instance.
struct InventedTraffic {
  bool ipv6 = false;
  bool ecs = false;          ///< the traffic of ECS tasks
  bool only_nodata = false;  ///< nothing but windows without traffic
  bool managed = false;      ///< an interface of AWS's: no instance, no services
};

/// One record: request and answer of a TCP client, DNS and ping in turn.
class InventedRecord {
 public:
  InventedRecord(std::size_t index, const Format& format, const InventedTraffic& traffic)
      : index_(index), version_(format.version()), traffic_(traffic) {}

  std::string value(FieldId id) const {
    using enum FieldId;
    const bool in = index_ % 2 == 0;
    const std::size_t kind = index_ / 2 % 4;  // 0, 1: TCP, 2: DNS, 3: ping
    const bool nodata = traffic_.only_nodata || index_ % 16 == 15;
    const std::string own = traffic_.ipv6 ? fmt::format("2001:db8:1:2::{:x}", 16 + index_ / 8 % 5)
                                          : fmt::format("10.0.1.{}", 16 + index_ / 8 % 5);
    const std::string other = traffic_.ipv6
                                  ? fmt::format("2001:db8:ffff::{:x}", 1 + index_ * 37 % 200)
                                  : fmt::format("198.51.100.{}", 1 + index_ * 37 % 200);
    const std::size_t count = 1 + index_ * 7 % 40;
    const std::string client_port = kind == 3 ? "0" : std::to_string(32768 + index_ * 911 % 28000);
    const std::string server_port = kind == 3 ? "0" : kind == 2 ? "53" : "443";
    switch (id) {
      case version:
        return std::to_string(version_);
      case account_id:
      case tgw_src_vpc_account_id:
      case tgw_dst_vpc_account_id:
        return "123456789010";
      case interface_id:
        return fmt::format("eni-0{:016x}", 0xab000 + index_ / 8 % 5);
      case start:
        return std::to_string(1700000000 + index_ * 13);
      case end:
        return std::to_string(1700000000 + index_ * 13 + 20 + index_ % 30);
      case log_status:
        return nodata ? "NODATA" : "OK";
      case vpc_id:
        return "vpc-abcdefab012345678";
      case subnet_id:
        return fmt::format("subnet-aaaaaaaa01234567{}", index_ / 8 % 2);
      case instance_id:
        return traffic_.managed ? "-" : fmt::format("i-0{:016x}", 0xcd000 + index_ / 8 % 5);
      case region:
        return "us-east-1";
      case az_id:
        return "use1-az1";
      case resource_id:
      case sublocation_type:
      case sublocation_id:
      case instance_tag:
      case instance_tag_2:
      case interface_tag:
      case interface_tag_2:
      case asg_tag:
      case asg_tag_2:
        return "-";
      default:
        break;
    }
    if (nodata) return "-";
    switch (id) {
      case srcaddr:
      case pkt_srcaddr:
        return in ? other : own;
      case dstaddr:
      case pkt_dstaddr:
        return in ? own : other;
      case srcport:
        return in ? client_port : server_port;
      case dstport:
        return in ? server_port : client_port;
      case protocol:
        return kind == 3 ? (traffic_.ipv6 ? "58" : "1") : kind == 2 ? "17" : "6";
      case FieldId::packets:
        return std::to_string(count);
      case bytes:
        return std::to_string(count * (40 + index_ * 53 % 1300));
      case action:
        return index_ % 5 == 4 ? "REJECT" : "ACCEPT";
      case tcp_flags:
        return kind > 1 ? "0" : kind == 1 ? "0" : in ? "2" : "18";
      case type:
        return traffic_.ipv6 ? "IPv6" : "IPv4";
      case flow_direction:
        return in ? "ingress" : "egress";
      case traffic_path:
        return in ? "-" : "8";
      case pkt_src_aws_service:
        return !traffic_.managed && in && index_ % 8 == 0 ? "S3" : "-";
      case pkt_dst_aws_service:
        return !traffic_.managed && !in && index_ % 8 == 1 ? "EC2" : "-";
      case encryption_status:
        return "1";
      case ecs_cluster_arn:
        return ecs("arn:aws:ecs:us-east-1:123456789010:cluster/web");
      case ecs_cluster_name:
        return ecs("web");
      case ecs_container_instance_arn:
        return ecs(
            "arn:aws:ecs:us-east-1:123456789010:container-instance/web/"
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
      case ecs_container_instance_id:
        return ecs("0a1b2c3d4e5f60718293a4b5c6d7e8f9");
      case ecs_container_id:
        return ecs("0123456789abcdef0123456789abcdef-1234567890");
      case ecs_service_name:
        return ecs("frontend");
      case ecs_task_definition_arn:
        return ecs("arn:aws:ecs:us-east-1:123456789010:task-definition/frontend:3");
      case ecs_task_arn:
        return ecs("arn:aws:ecs:us-east-1:123456789010:task/web/00112233445566778899aabbccddeeff");
      case ecs_task_id:
        return ecs("00112233445566778899aabbccddeeff");
      case resource_type:
        return "TransitGateway";
      case tgw_id:
        return "tgw-0abc12345def67890";
      case tgw_attachment_id:
      case tgw_pair_attachment_id:
        return "tgw-attach-0abc12345def67890";
      case tgw_src_vpc_id:
        return "vpc-11111111";
      case tgw_dst_vpc_id:
        return "vpc-22222222";
      case tgw_src_subnet_id:
        return "subnet-11111111";
      case tgw_dst_subnet_id:
        return "subnet-22222222";
      case tgw_src_eni:
        return "eni-11111111";
      case tgw_dst_eni:
        return "eni-22222222";
      case tgw_src_az_id:
      case tgw_dst_az_id:
        return "use1-az2";
      case packets_lost_no_route:
      case packets_lost_blackhole:
      case packets_lost_mtu_exceeded:
      case packets_lost_ttl_expired:
        return "0";
      default:
        return "-";  // what only some records have
    }
  }

 private:
  std::string ecs(std::string_view value) const {
    return std::string(traffic_.ecs ? value : std::string_view("-"));
  }

  std::size_t index_;
  int version_;
  InventedTraffic traffic_;
};

/// Lines without a header.
inline std::string invented_lines(const Format& format, std::size_t count,
                                  const InventedTraffic& traffic = {}) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    const InventedRecord record(i, format, traffic);
    for (std::size_t field = 0; field < format.size(); ++field) {
      if (field > 0) text += ' ';
      text += record.value(format.fields()[field].id);
    }
    text += '\n';
  }
  return text;
}

}  // namespace weir::decode
