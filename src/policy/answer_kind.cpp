// SPDX-License-Identifier: Apache-2.0
// policy: what kind of AWS answer a JSON object is.
#include "policy/answer_kind.hpp"

#include <algorithm>

#include "base/enum_table.hpp"

namespace weir::policy {
namespace {

constexpr base::NameRow<AnswerKind> kKinds[] = {
    {AnswerKind::security_groups, "SecurityGroups"},
    {AnswerKind::security_group_rules, "SecurityGroupRules"},
    {AnswerKind::network_acls, "NetworkAcls"},
    {AnswerKind::network_interfaces, "NetworkInterfaces"},
    {AnswerKind::subnets, "Subnets"},
    {AnswerKind::vpcs, "Vpcs"},
    {AnswerKind::prefix_lists, "PrefixLists"},
    {AnswerKind::prefix_list_entries, "Entries"},
};
static_assert(base::names_all<kKinds>());

// `PrefixListId` is no part of any answer, but a person may add it to that of
// get-managed-prefix-list-entries.
constexpr std::string_view kBeside[] = {"NextToken", "ResponseMetadata", "PrefixListId",
                                        "RequestId"};

bool has(const JsonObject& object, std::string_view key) {
  return find_member(object, key).has_value();
}

}  // namespace

std::string_view answer_key(AnswerKind kind) noexcept { return base::name_in(kKinds, kind); }

std::optional<AnswerKind> find_answer_kind(std::string_view key) noexcept {
  for (const auto& [kind, name] : kKinds) {
    if (name == key) return kind;
  }
  return std::nullopt;
}

bool stands_beside(std::string_view key) noexcept {
  return std::find(std::begin(kBeside), std::end(kBeside), key) != std::end(kBeside);
}

bool is_aws_key(std::string_view key) noexcept {
  return !key.empty() && key.front() >= 'A' && key.front() <= 'Z' &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

bool is_answer(const JsonObject& object) {
  bool any = false;
  for (const auto& [key, value] : object) {
    if (stands_beside(key)) continue;
    if (!is_aws_key(key) || !value.is_array()) return false;
    any = true;
  }
  return any;
}

std::optional<AnswerKind> kind_of_item(const JsonObject& object) {
  if (has(object, "SecurityGroupRuleId")) return AnswerKind::security_group_rules;
  if (has(object, "NetworkInterfaceId")) return AnswerKind::network_interfaces;
  if (has(object, "NetworkAclId") && has(object, "Entries")) return AnswerKind::network_acls;
  if (has(object, "GroupId") &&
      (has(object, "IpPermissions") || has(object, "IpPermissionsEgress"))) {
    return AnswerKind::security_groups;
  }
  const bool has_block = has(object, "CidrBlock") || has(object, "Ipv6CidrBlockAssociationSet");
  if (has(object, "SubnetId") && has_block) return AnswerKind::subnets;
  if (has(object, "VpcId") && has_block) return AnswerKind::vpcs;
  if (has(object, "PrefixListId") && has(object, "PrefixListName")) {
    return AnswerKind::prefix_lists;
  }
  if (has(object, "Cidr")) return AnswerKind::prefix_list_entries;
  return std::nullopt;
}

bool is_other_item(const JsonObject& object) {
  bool any = false;
  for (const auto& [key, value] : object) {
    if (!is_aws_key(key)) return false;
    any = any || key.ends_with("Id") || key.ends_with("Arn") || key.ends_with("Name");
  }
  return any;
}

std::string_view expected_answers() noexcept {
  return "expected is what these print as JSON: aws ec2 describe-security-groups, "
         "describe-security-group-rules, describe-network-acls, describe-network-interfaces, "
         "describe-subnets, describe-vpcs, describe-prefix-lists, describe-managed-prefix-lists, "
         "get-managed-prefix-list-entries";
}

}  // namespace weir::policy
