// SPDX-License-Identifier: Apache-2.0
// explain: what lies between the two ends: intermediates, AWS services, gateways, Availability
// Zones, encryption.
//
// Source: AWS VPC User Guide, "Flow log records"
// (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html).
#include <fmt/format.h>

#include <vector>

#include "explain/clauses.hpp"
#include "explain/words.hpp"
#include "weir/names.hpp"

namespace weir::explain {
namespace {

struct ServiceTitle {
  std::string_view code;
  std::string_view title;
};

// The codes of "Flow log records", pkt-src-aws-service, as AWS names its services.
constexpr ServiceTitle kServiceTitles[] = {
    {"AMAZON", "AWS"},
    {"AMAZON_APPFLOW", "Amazon AppFlow"},
    {"AMAZON_CONNECT", "Amazon Connect"},
    {"API_GATEWAY", "Amazon API Gateway"},
    {"AURORA_DSQL", "Amazon Aurora DSQL"},
    {"CHIME_MEETINGS", "Amazon Chime meetings"},
    {"CHIME_VOICECONNECTOR", "Amazon Chime Voice Connector"},
    {"CLOUD9", "AWS Cloud9"},
    {"CLOUDFRONT", "Amazon CloudFront"},
    {"CLOUDFRONT_ORIGIN_FACING", "Amazon CloudFront (facing origins)"},
    {"CODEBUILD", "AWS CodeBuild"},
    {"DYNAMODB", "Amazon DynamoDB"},
    {"EBS", "Amazon EBS"},
    {"EC2", "Amazon EC2"},
    {"EC2_INSTANCE_CONNECT", "EC2 Instance Connect"},
    {"GLOBALACCELERATOR", "AWS Global Accelerator"},
    {"IVS_LOW_LATENCY", "Amazon IVS low-latency streaming"},
    {"IVS_REALTIME", "Amazon IVS real-time streaming"},
    {"KINESIS_VIDEO_STREAMS", "Amazon Kinesis Video Streams"},
    {"MEDIA_PACKAGE_V2", "AWS Elemental MediaPackage v2"},
    {"ROUTE53", "Amazon Route 53"},
    {"ROUTE53_HEALTHCHECKS", "Amazon Route 53 health checks"},
    {"ROUTE53_HEALTHCHECKS_PUBLISHING", "Amazon Route 53 health check publishing"},
    {"ROUTE53_RESOLVER", "Amazon Route 53 Resolver"},
    {"S3", "Amazon S3"},
    {"WORKSPACES_GATEWAYS", "Amazon WorkSpaces gateways"},
};

bool is_intermediate(std::string_view interface_type) {
  return interface_type == "nat_gateway" || interface_type == "network_load_balancer" ||
         interface_type == "transit_gateway";
}

std::string reason_for_difference(const RecordView& record) {
  const auto type = record.text(FieldId::interface_type);
  if (type && is_intermediate(*type)) {
    return fmt::format(": this is {}, which stands between", interface_words(*type));
  }
  // A secondary private address of the interface shows as its primary one.
  return ", so an intermediate such as a NAT gateway or Transit Gateway stands between, or it is a "
         "secondary address of the interface";
}

std::string intermediate_clause(const RecordView& record) {
  const auto source = record.address(FieldId::srcaddr);
  const auto destination = record.address(FieldId::dstaddr);
  const auto own_source = record.address(FieldId::pkt_srcaddr);
  const auto own_destination = record.address(FieldId::pkt_dstaddr);
  std::vector<std::string> parts;
  if (source && own_source && *source != *own_source) {
    parts.push_back("source is " + to_string(*own_source));
  }
  if (destination && own_destination && *destination != *own_destination) {
    parts.push_back("destination is " + to_string(*own_destination));
  }
  if (parts.empty()) return {};
  return fmt::format("the packets' own {}{}", listed(parts), reason_for_difference(record));
}

std::string aws_service_clause(const RecordView& record) {
  std::vector<std::string> parts;
  const auto add = [&](FieldId id, std::string_view end) {
    const auto code = record.text(id);
    if (!code) return;
    parts.push_back(fmt::format("the {} is an address of {}", end, aws_service_words(*code)));
  };
  add(FieldId::pkt_src_aws_service, "source");
  add(FieldId::pkt_dst_aws_service, "destination");
  return listed(parts);
}

std::string traffic_path_clause(const RecordView& record) {
  const auto code = record.number(FieldId::traffic_path);
  if (!code) return {};
  const std::string_view path = traffic_path_text(*code);
  if (path.empty()) {
    return fmt::format("the traffic takes path {}, which AWS does not document", *code);
  }
  return fmt::format("the traffic goes {} {}", *code == 1 ? "to" : "through", path);
}

std::string next_hop_clause(const RecordView& record) {
  const auto type = record.text(FieldId::next_hop_interface_type);
  if (!type) return {};
  // For ingress the fields name the interface that sent the traffic.
  const bool ingress = record.text(FieldId::flow_direction) == "ingress";
  return fmt::format("the {} hop is {}", ingress ? "previous" : "next", interface_words(*type));
}

std::string crossing_words(std::string_view from, std::string_view to) {
  return fmt::format("the traffic crosses Availability Zones, from {} to {}", quotable(from),
                     quotable(to));
}

std::string zone_clause(const RecordView& record) {
  const auto from = record.text(FieldId::tgw_src_az_id);
  const auto to = record.text(FieldId::tgw_dst_az_id);
  if (from && to && *from != *to) return crossing_words(*from, *to);
  const auto here = record.text(FieldId::az_id);
  const auto there = record.text(FieldId::next_hop_az_id);
  if (!here || !there || *here == *there) return {};
  const auto direction = record.text(FieldId::flow_direction);
  if (direction == "egress") return crossing_words(*here, *there);
  if (direction == "ingress") return crossing_words(*there, *here);
  return fmt::format("the traffic crosses Availability Zones, between {} and {}", quotable(*here),
                     quotable(*there));
}

std::string encryption_clause(const RecordView& record) {
  const auto status = record.number(FieldId::encryption_status);
  if (!status) return {};
  const std::string_view words = encryption_status_text(*status);
  if (words.empty()) {
    return fmt::format("the encryption status is {}, which AWS does not document", *status);
  }
  return fmt::format("VPC Encryption Controls sees the traffic as {}", words);
}

}  // namespace

std::string aws_service_words(std::string_view code) {
  for (const ServiceTitle& service : kServiceTitles) {
    if (service.code == code) return std::string(service.title);
  }
  return "the AWS service " + quotable(code);
}

std::string path_sentence(const RecordView& record) {
  const std::string clauses[] = {intermediate_clause(record), aws_service_clause(record),
                                 traffic_path_clause(record), next_hop_clause(record),
                                 zone_clause(record),         encryption_clause(record)};
  const std::string text = joined(clauses, "; ");
  return text.empty() ? text : capitalized(text) + ".";
}

}  // namespace weir::explain
