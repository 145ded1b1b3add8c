// SPDX-License-Identifier: Apache-2.0
// policy: one item of an AWS answer -> a security group, one of its rules, or a network ACL.
#pragma once

#include <optional>
#include <string>

#include "policy/item_problems.hpp"
#include "policy/json_members.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

// A rule or entry with a value that makes no sense is left out and told to `problems`, the rest of
// the item is kept. Nothing is returned for an item that has no id, or no rules at all: a group
// without its rules would deny everything.

/// Source: EC2 API Reference, SecurityGroup and IpPermission. A permission may name many peers:
/// each
///         becomes a rule, in the order IPv4, IPv6, prefix lists, groups.
std::optional<SecurityGroup> read_group(const JsonObject& item, ItemProblems& problems);

/// A rule that was read by itself.
struct OwnedRule {
  std::string group_id;
  std::string account_id;
  SecurityGroupRule rule;
};

/// Source: EC2 API Reference, SecurityGroupRule.
std::optional<OwnedRule> read_group_rule(const JsonObject& item, ItemProblems& problems);

/// Source: EC2 API Reference, NetworkAcl and NetworkAclEntry.
std::optional<NetworkAcl> read_acl(const JsonObject& item, ItemProblems& problems);

/// Sorts the rules, ingress first, and gives each its place among those of its direction.
void number_rules(SecurityGroup& group);

}  // namespace weir::policy
