// SPDX-License-Identifier: Apache-2.0
// policy: one item of an AWS answer, or a part of it -> what the network is made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/item_problems.hpp"
#include "policy/json_members.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

// An address that makes no sense is left out and told to `problems`, the rest of the item is kept.
// Nothing is returned for an item that has no id.

/// Source: EC2 API Reference, NetworkInterface.
std::optional<NetworkInterface> read_interface(const JsonObject& item, ItemProblems& problems);
/// Source: EC2 API Reference, Subnet. Blocks that are no longer associated are left out.
std::optional<Subnet> read_subnet(const JsonObject& item, ItemProblems& problems);
/// Source: EC2 API Reference, Vpc.
std::optional<Vpc> read_vpc(const JsonObject& item, ItemProblems& problems);
/// Source: EC2 API Reference, PrefixList (with its CIDRs) and ManagedPrefixList (without them).
std::optional<PrefixList> read_prefix_list(const JsonObject& item, ItemProblems& problems);
/// Source: EC2 API Reference, PrefixListEntry.
std::optional<Cidr> read_prefix_list_entry(const JsonObject& item, ItemProblems& problems);

// A rule or entry with a value that makes no sense is left out and told to `problems`, the rest of
// the item is kept. Nothing is returned for an item that has no id, or no rules at all: a group
// without its rules would deny everything.

/// Source: EC2 API Reference, SecurityGroup and IpPermission. A permission may name many peers:
/// each
///         becomes a rule, in the order IPv4, IPv6, prefix lists, groups.
std::optional<SecurityGroup> read_group(const JsonObject& item, ItemProblems& problems);

/// A rule that was read by itself.
struct OwnedRule {
  std::string group_id;  ///< empty only if it is unread
  std::string account_id;
  SecurityGroupRule rule;
  bool is_unread = false;     ///< left out: of `rule` no more than direction and traffic counts
  bool has_direction = true;  ///< false: only if it is unread
};

/// Source: EC2 API Reference, SecurityGroupRule.
OwnedRule read_group_rule(const JsonObject& item, ItemProblems& problems);

/// Source: EC2 API Reference, NetworkAcl and NetworkAclEntry.
std::optional<NetworkAcl> read_acl(const JsonObject& item, ItemProblems& problems);

/// Sorts the rules, ingress first, and gives each its place among those of its direction.
void number_rules(SecurityGroup& group);

/// A value that makes no sense.
struct BadValue {
  std::string problem;
  std::string value;  ///< as it stands in the file
};

/// Reads IpProtocol, FromPort and ToPort of a permission or a rule of a security group.
///
/// Source: EC2 API Reference, IpPermission: a protocol other than tcp, udp, icmp and icmpv6 allows
///         all ports; for ICMP, FromPort is the type and ToPort the code, -1 is all of them.
std::optional<BadValue> read_group_traffic(const JsonObject& rule, TrafficMatch& traffic);

/// Reads Protocol, PortRange and IcmpTypeCode of an ACL entry. `is_ipv6` says what its CIDR is.
///
/// Source: EC2 API Reference, NetworkAclEntry and CreateNetworkAclEntry.
std::optional<BadValue> read_acl_traffic(const JsonObject& entry, bool is_ipv6,
                                         TrafficMatch& traffic);

/// Reads a CIDR, as a string.
std::optional<BadValue> read_cidr(const JsonElement& element, Cidr& cidr);

}  // namespace weir::policy
