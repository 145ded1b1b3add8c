// SPDX-License-Identifier: Apache-2.0
// decode: what each field's values look like, as AWS documents them in "Flow log records"
// (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html).
#include "decode/token_shape.hpp"

#include <algorithm>

#include "weir/ip.hpp"

namespace weir::decode {
namespace {

bool is_number(std::string_view token, std::size_t fewest_digits, std::size_t most_digits) {
  return token.size() >= fewest_digits && token.size() <= most_digits &&
         std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// True if `token` is one of the blank-separated words.
bool is_word_of(std::string_view token, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == token) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

bool is_made_of(std::string_view token, bool (*allowed)(char)) {
  return !token.empty() && std::all_of(token.begin(), token.end(), allowed);
}

bool is_small_letter_digit_or_hyphen(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_capital_digit_or_underscore(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// `us-east-1`, `us-gov-west-1`: words joined by hyphens, a digit at the end.
bool is_region(std::string_view token) {
  return is_made_of(token, is_small_letter_digit_or_hyphen) && token.back() >= '0' &&
         token.back() <= '9' && std::count(token.begin(), token.end(), '-') >= 2;
}

/// `use1-az1`, and with more parts in Local and Wavelength Zones.
bool is_zone_id(std::string_view token) {
  return is_made_of(token, is_small_letter_digit_or_hyphen) && token.find("-az") != token.npos;
}

bool is_account(std::string_view token) { return token == "unknown" || is_number(token, 12, 12); }

}  // namespace

bool fits_field(std::string_view token, FieldId id) {
  const FieldInfo& info = field_info(id);
  if (info.type == FieldType::address) return parse_ip(token).has_value();
  if (info.type == FieldType::time) return is_number(token, 9, 13);
  switch (id) {
    case FieldId::version:
      return is_number(token, 1, 2);
    case FieldId::srcport:
    case FieldId::dstport:
      return is_number(token, 1, 5);
    case FieldId::protocol:
    case FieldId::tcp_flags:
      return is_number(token, 1, 3);
    case FieldId::traffic_path:
    case FieldId::encryption_status:
      return is_number(token, 1, 1);
    case FieldId::account_id:
    case FieldId::tgw_src_vpc_account_id:
    case FieldId::tgw_dst_vpc_account_id:
      return is_account(token);
    case FieldId::action:
    case FieldId::log_status:
    case FieldId::type:
    case FieldId::sublocation_type:
    case FieldId::flow_direction:
      return is_word_of(token, info.values);
    case FieldId::interface_id:
    case FieldId::next_hop_interface_id:
    case FieldId::tgw_src_eni:
    case FieldId::tgw_dst_eni:
      return token.starts_with("eni-");
    case FieldId::vpc_id:
    case FieldId::next_hop_vpc_id:
    case FieldId::tgw_src_vpc_id:
    case FieldId::tgw_dst_vpc_id:
      return token.starts_with("vpc-");
    case FieldId::subnet_id:
    case FieldId::next_hop_subnet_id:
    case FieldId::tgw_src_subnet_id:
    case FieldId::tgw_dst_subnet_id:
      return token.starts_with("subnet-");
    case FieldId::instance_id:
      return token.starts_with("i-");
    case FieldId::resource_id:
      return token.starts_with("nat-");
    case FieldId::resource_type:
      return token.starts_with("TransitGateway");
    case FieldId::tgw_id:
      return token.starts_with("tgw-") && !token.starts_with("tgw-attach-");
    case FieldId::tgw_attachment_id:
    case FieldId::tgw_pair_attachment_id:
      return token.starts_with("tgw-attach-");
    case FieldId::region:
      return is_region(token);
    case FieldId::az_id:
    case FieldId::next_hop_az_id:
    case FieldId::tgw_src_az_id:
    case FieldId::tgw_dst_az_id:
      return is_zone_id(token);
    case FieldId::pkt_src_aws_service:
    case FieldId::pkt_dst_aws_service:
      return is_made_of(token, is_capital_digit_or_underscore);
    case FieldId::ecs_cluster_arn:
    case FieldId::ecs_container_instance_arn:
    case FieldId::ecs_task_definition_arn:
    case FieldId::ecs_task_arn:
      return token.starts_with("arn:");
    default:
      return info.type == FieldType::number ? is_number(token, 1, 20) : true;
  }
}

}  // namespace weir::decode
