// SPDX-License-Identifier: Apache-2.0
// envelope: what AWS's other services log.
#include "envelope/other_logs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "envelope/looks.hpp"
#include "weir/ip.hpp"

namespace weir::envelope {
namespace {

/// Names that all stand in a record of a service, and together in no flow log.
struct ServiceNames {
  std::string_view service;
  std::array<std::string_view, 3> names;  // unused ones are empty
};

constexpr ServiceNames kServiceNames[] = {
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    {"CloudTrail", {"eventVersion", "eventName", "sourceIPAddress"}},
    {"CloudTrail", {"eventVersion", "eventID", "recipientAccountId"}},
    // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
    {"Route 53 Resolver query log", {"query_timestamp", "query_name", "rcode"}},
    // https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
    {"WAF", {"webaclId", "terminatingRuleId", {}}},
    // https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html
    {"Network Firewall", {"firewall_name", "event_timestamp", {}}},
    // https://docs.aws.amazon.com/config/latest/developerguide/example-s3-snapshot.html
    {"Config", {"configurationItemVersion", "resourceType", {}}},
    {"Config", {"fileVersion", "configSnapshotId", {}}},
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
    {"CloudFront", {"x-edge-location", "cs-method", {}}},
    // https://docs.aws.amazon.com/athena/latest/ug/cloudfront-logs.html, the older table
    {"CloudFront", {"request_ip", "host_header", "response_result_type"}},
    // https://docs.aws.amazon.com/athena/latest/ug/create-alb-access-logs-table.html
    {"Elastic Load Balancing", {"elb", "elb_status_code", {}}},
    // https://docs.aws.amazon.com/athena/latest/ug/create-alb-connection-logs-table.html
    {"Application Load Balancer connection log",
     {"client_ip", "listener_port", "tls_handshake_latency"}},
    // https://docs.aws.amazon.com/athena/latest/ug/networkloadbalancer-classic-logs.html
    {"Network Load Balancer", {"elb", "listener_id", "tcp_connection_time_ms"}},
    // https://docs.aws.amazon.com/athena/latest/ug/elasticloadbalancer-classic-logs.html
    {"Classic Load Balancer", {"elb_name", "backend_ip", "elb_response_code"}},
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-s3-access-logs-to-identify-requests.html
    {"S3 access log", {"bucketowner", "bucket_name", "requestdatetime"}},
};

/// The same letters: Athena and Parquet write small letters, and underscores for hyphens.
bool is_alike(std::string_view a, std::string_view b) noexcept {
  const auto letter = [](char c) {
    if (c == '-') return '_';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return letter(x) == letter(y); });
}

bool is_timestamp(std::string_view token) {
  return leading_timestamp(std::string(token) + ' ') == token.size() && !token.empty();
}

/// `192.0.2.1:2817`
bool is_endpoint(std::string_view token) {
  const std::size_t colon = token.rfind(':');
  return colon != std::string_view::npos && parse_ip(token.substr(0, colon)).has_value();
}

bool is_bucket_owner(std::string_view token) noexcept {
  constexpr std::size_t kCanonicalId = 64;
  return token.size() == kCanonicalId &&
         token.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_number(std::string_view token) noexcept {
  return !token.empty() && token.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view service_of_line(std::string_view line) {
  std::array<std::string_view, 4> tokens;
  std::string_view rest = trim(line);
  for (std::string_view& token : tokens) token = take_token(rest);
  const auto& [first, second, third, fourth] = tokens;
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
  constexpr std::string_view kTypes[] = {"http", "https", "h2", "grpcs", "ws", "wss"};
  const bool has_type = std::find(std::begin(kTypes), std::end(kTypes), first) != std::end(kTypes);
  if (has_type && is_timestamp(second) && third.starts_with("app/")) {
    return "Application Load Balancer";
  }
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html
  // Without TLS all behind the listener's port is `-`, but the identifier of the connection.
  if (is_timestamp(first) && parse_ip(second) && is_number(third) && is_number(fourth)) {
    const std::string_view protocol = take_token(rest);
    const bool has_trace = rest.find(" TID_") != std::string_view::npos;
    if (protocol.starts_with("TLSv1") || (protocol == "-" && has_trace)) {
      return "Application Load Balancer connection log";
    }
  }
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
  if (first == "tls" && is_timestamp(third) && fourth.starts_with("net/")) {
    return "Network Load Balancer";
  }
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
  if (is_timestamp(first) && is_endpoint(third) && (is_endpoint(fourth) || fourth == "-")) {
    return "Classic Load Balancer";
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
  if (is_bucket_owner(first) && third.starts_with('[') && fourth.ends_with(']')) {
    return "S3 access log";
  }
  return {};
}

/// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
bool begins_like_cloudfront(std::span<const std::string_view> lines) noexcept {
  return lines.size() > 1 && lines[0].starts_with("#Version:") &&
         lines[1].starts_with("#Fields:") &&
         lines[1].find("x-edge-location") != std::string_view::npos;
}

}  // namespace

std::string_view service_of_names(std::span<const std::string_view> names) {
  const auto has = [&](std::string_view wanted) {
    return wanted.empty() || std::any_of(names.begin(), names.end(), [&](std::string_view name) {
             return is_alike(name, wanted);
           });
  };
  for (const ServiceNames& row : kServiceNames) {
    if (std::all_of(row.names.begin(), row.names.end(), has)) return row.service;
  }
  return {};
}

std::string_view service_of_lines(std::span<const std::string_view> lines) {
  if (begins_like_cloudfront(lines)) return "CloudFront";
  if (lines.empty()) return {};
  const std::string_view service = service_of_line(lines.front());
  const auto is_same = [&](std::string_view line) { return service_of_line(line) == service; };
  return !service.empty() && std::all_of(lines.begin(), lines.end(), is_same) ? service
                                                                              : std::string_view();
}

Error other_log(std::string_view service, const std::string& name) {
  return {.code = ErrorCode::other_log,
          .message = fmt::format("this is not a flow log but another log of AWS: {}", service),
          .where = name,
          .hint =
              "name the folder of the flow logs alone, `.../vpcflowlogs/`, if that is all you "
              "want to read",
          .service = std::string(service)};
}

}  // namespace weir::envelope
