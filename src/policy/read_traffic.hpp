// SPDX-License-Identifier: Apache-2.0
// policy: protocol, ports and ICMP types of a rule -> TrafficMatch.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/json_members.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

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
