// SPDX-License-Identifier: Apache-2.0
// policy: rules -> words.
#include <fmt/format.h>

#include "base/protocol.hpp"
#include "weir/policy.hpp"

namespace weir {
namespace {

std::string port_text(std::string_view protocol, const PortRange& ports) {
  if (ports.is_all()) return fmt::format("{} all ports", protocol);
  if (ports.from == ports.to) return fmt::format("{} {}", protocol, ports.from);
  return fmt::format("{} {}-{}", protocol, ports.from, ports.to);
}

std::string icmp_text(std::string_view protocol, const TrafficMatch& traffic) {
  if (traffic.icmp_type < 0) return fmt::format("{} all types", protocol);
  if (traffic.icmp_code < 0) return fmt::format("{} type {}", protocol, traffic.icmp_type);
  return fmt::format("{} type {} code {}", protocol, traffic.icmp_type, traffic.icmp_code);
}

}  // namespace

std::string_view rule_direction_name(RuleDirection direction) noexcept {
  return direction == RuleDirection::ingress ? "ingress" : "egress";
}

std::string to_string(const TrafficMatch& traffic) {
  switch (traffic.protocol) {
    case kAnyProtocol:
      return "all traffic";
    case base::kTcp:
      return port_text("tcp", traffic.ports);
    case base::kUdp:
      return port_text("udp", traffic.ports);
    case base::kIcmp:
      return icmp_text("icmp", traffic);
    case base::kIcmpv6:
      return icmp_text("icmpv6", traffic);
    default:
      return fmt::format("protocol {}", traffic.protocol);
  }
}

std::string to_string(const RulePeer& peer) {
  if (const auto* prefix = std::get_if<Cidr>(&peer)) return to_string(*prefix);
  if (const auto* list = std::get_if<PrefixListReference>(&peer)) return list->id;
  return std::get<GroupReference>(peer).group_id;
}

}  // namespace weir
