// SPDX-License-Identifier: Apache-2.0
// policy: rules -> words.
#include <fmt/format.h>

#include "base/enum_table.hpp"
#include "base/protocol.hpp"
#include "weir/policy.hpp"

namespace weir {
namespace {

constexpr base::NameRow<RuleDirection> kDirections[] = {
    {RuleDirection::ingress, "ingress"},
    {RuleDirection::egress, "egress"},
};
static_assert(base::names_all<kDirections>());

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
  return base::name_in(kDirections, direction);
}

std::string to_string(const TrafficMatch& traffic) {
  if (traffic.protocol == kAnyProtocol) return "all traffic";
  const std::string_view word = base::rule_protocol_word(traffic.protocol);
  if (word.empty()) return fmt::format("protocol {}", traffic.protocol);
  return base::has_ports(traffic.protocol) ? port_text(word, traffic.ports)
                                           : icmp_text(word, traffic);
}

std::string to_string(const RulePeer& peer) {
  if (const auto* prefix = std::get_if<Cidr>(&peer)) return to_string(*prefix);
  if (const auto* list = std::get_if<PrefixListReference>(&peer)) return list->id;
  return std::get<GroupReference>(peer).group_id;
}

}  // namespace weir
