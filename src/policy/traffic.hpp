// SPDX-License-Identifier: Apache-2.0
// policy: what of a rule counts for its protocol.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// The word before a rule's peer.
constexpr std::string_view from_or_to(RuleDirection direction) noexcept {
  return direction == RuleDirection::ingress ? "from" : "to";
}

/// Whether a rule matches some packets of its protocol and others not, by what no flow log has.
constexpr bool asks_for_icmp_type(const TrafficMatch& traffic) noexcept {
  return base::has_icmp_types(traffic.protocol) &&
         (traffic.icmp_type >= 0 || traffic.icmp_code >= 0);
}

/// Whether a rule may match the packet, ICMP types and the peer aside.
constexpr bool may_match(const TrafficMatch& traffic, const Packet& packet) noexcept {
  if (traffic.protocol == kAnyProtocol) return true;
  if (traffic.protocol != packet.protocol) return false;
  return !base::has_ports(packet.protocol) || traffic.ports.contains(packet.destination_port);
}

/// What an ACL's entry says about traffic.
/// Source: EC2 API, NetworkAclEntry: protocol 58 with an IPv4 block is every ICMP type and code,
/// whatever else the entry says.
constexpr TrafficMatch traffic_of(const AclEntry& entry) noexcept {
  TrafficMatch traffic = entry.traffic;
  if (traffic.protocol == base::kIcmpv6 && base::is_ipv4(entry.peer)) {
    traffic.icmp_type = -1;
    traffic.icmp_code = -1;
  }
  return traffic;
}

}  // namespace weir::policy
