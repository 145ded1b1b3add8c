// SPDX-License-Identifier: Apache-2.0
// policy: what tests of the reading share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/policy.hpp"

namespace weir::policy {

/// What came of documents that were read one after the other.
struct ReadResult {
  Network network;
  ConfigurationReport report;

  ReadResult& read(std::string_view json, std::string_view name = "a.json") {
    read_configuration(name, json, network, report);
    network.index();
    return *this;
  }
  /// Everything that was said, a line each.
  std::string said() const {
    std::string text;
    for (const Error& error : report.skipped) {
      text += error.where + ": " + error.message + "\n" + error.excerpt + "\n" + error.hint + "\n";
    }
    for (const std::string& missing : report.missing) text += "missing: " + missing + "\n";
    for (const std::string& note : report.notes) text += "note: " + note + "\n";
    return text;
  }
};

/// A describe-security-groups answer of one group with these permissions.
inline std::string group_with(std::string_view permissions, std::string_view id = "sg-1") {
  return R"({"SecurityGroups": [{"GroupId": ")" + std::string(id) +
         R"(", "GroupName": "web", "VpcId": "vpc-1", "OwnerId": "123456789012", "IpPermissions": [)" +
         std::string(permissions) + R"(], "IpPermissionsEgress": []}]})";
}

/// A describe-network-acls answer of one ACL with these entries.
inline std::string acl_with(std::string_view entries) {
  return R"({"NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": true,
    "Associations": [{"NetworkAclAssociationId": "aclassoc-1", "NetworkAclId": "acl-1",
    "SubnetId": "subnet-1"}], "Entries": [)" +
         std::string(entries) + "]}]}";
}

/// The rules as words, one per line: `ingress 0: tcp 22 from 10.0.0.0/8`.
inline std::string rules_text(const SecurityGroup& group) {
  std::string text;
  for (const SecurityGroupRule& rule : group.rules) {
    text += std::string(rule_direction_name(rule.direction)) + " " + std::to_string(rule.index) +
            ": " + to_string(rule.traffic) +
            (rule.direction == RuleDirection::ingress ? " from " : " to ") + to_string(rule.peer) +
            (rule.rule_id.empty() ? "" : " " + rule.rule_id) + "\n";
  }
  return text;
}

inline std::string entries_text(const NetworkAcl& acl) {
  std::string text;
  for (const AclEntry& entry : acl.entries) {
    text += std::string(rule_direction_name(entry.direction)) + " " + std::to_string(entry.number) +
            ": " + (entry.allow ? "allow " : "deny ") + to_string(entry.traffic) + " " +
            to_string(entry.peer) + "\n";
  }
  return text;
}

}  // namespace weir::policy
