// SPDX-License-Identifier: Apache-2.0
// policy: a packet -> every rule that is looked at, whether it matches, and why not.
//
// Rule by rule, where the decisions look at 64 at once: each is a check of the other.
#include <fmt/format.h>

#include <algorithm>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "policy/compiled_network.hpp"
#include "policy/traffic.hpp"

namespace weir {
namespace {

struct Match {
  Answer matched = Answer::no;
  std::string reason;
};

std::string name_of(std::int16_t protocol) {
  const std::string_view word = base::rule_protocol_word(protocol);
  return word.empty() ? fmt::format("protocol {}", protocol) : std::string(word);
}

/// Empty if the traffic matches, ICMP types aside.
std::string why_not_traffic(const TrafficMatch& traffic, const Packet& packet) {
  if (traffic.protocol == kAnyProtocol) return {};
  if (traffic.protocol != packet.protocol) {
    return fmt::format("the packet is {}, not {}", name_of(packet.protocol),
                       name_of(traffic.protocol));
  }
  if (!base::has_ports(traffic.protocol) || traffic.ports.contains(packet.destination_port))
    return {};
  const PortRange& ports = traffic.ports;
  return ports.from == ports.to
             ? fmt::format("the port {} is outside {}", packet.destination_port, ports.from)
             : fmt::format("the port {} is outside {}-{}", packet.destination_port, ports.from,
                           ports.to);
}

Match match_prefix(const Cidr& prefix, const Ip& peer) {
  if (base::is_ipv4(prefix) != peer.is_ipv4()) {
    return {Answer::no,
            fmt::format("{} is an {} address", to_string(peer), peer.is_ipv4() ? "IPv4" : "IPv6")};
  }
  const bool inside = base::holds(prefix, peer);
  return {inside ? Answer::yes : Answer::no,
          fmt::format("{} is {}in {}", to_string(peer), inside ? "" : "not ", to_string(prefix))};
}

Match match_list(const PrefixListReference& reference, const Ip& peer, const Network& network) {
  const PrefixList* list = network.find_prefix_list(reference.id);
  if (list == nullptr || !list->has_entries) {
    return {Answer::possibly, fmt::format("the entries of {} were not read", reference.id)};
  }
  for (const Cidr& entry : list->entries) {
    if (!base::holds(entry, peer)) continue;
    return {Answer::yes,
            fmt::format("{} is in {} of {}", to_string(peer), to_string(entry), reference.id)};
  }
  return {Answer::no, fmt::format("{} is in none of the {} entries of {}", to_string(peer),
                                  list->entries.size(), reference.id)};
}

/// The interface with a group that has the address, or null.
const NetworkInterface* find_member(const Network& network, std::string_view group_id,
                                    const Ip& address) {
  for (const NetworkInterface& interface : network.interfaces) {
    const auto& ids = interface.group_ids;
    const auto& own = interface.addresses;
    if (std::find(ids.begin(), ids.end(), group_id) == ids.end()) continue;
    if (std::find(own.begin(), own.end(), address) != own.end()) return &interface;
    if (base::any_holds(interface.prefixes, address)) return &interface;
  }
  return nullptr;
}

Match match_group(const GroupReference& reference, const SecurityGroup& owner,
                  const policy::ResolvedPeer& resolved, const Ip& peer, const Network& network) {
  const std::string_view vpc = policy::vpc_of(reference, owner);
  if (std::holds_alternative<policy::NoPeers>(resolved)) {
    return {Answer::no, fmt::format("the peering {} was deleted, so the reference to {} is stale",
                                    reference.peering_id, reference.group_id)};
  }
  if (const auto* unread = std::get_if<policy::UnreadPeers>(&resolved)) {
    if (policy::may_hold(*unread, peer)) {
      return {Answer::possibly,
              fmt::format("the interfaces with {} were not read", reference.group_id)};
    }
    return {Answer::no, fmt::format("{} is outside {}, where the interfaces with {} are",
                                    to_string(peer), vpc, reference.group_id)};
  }
  if (const NetworkInterface* member = find_member(network, reference.group_id, peer)) {
    return {Answer::yes, fmt::format("{} is an address of {}, which has {}", to_string(peer),
                                     member->id, reference.group_id)};
  }
  return {Answer::no, fmt::format("{} is no private address of an interface with {}",
                                  to_string(peer), reference.group_id)};
}

/// Peer and traffic together: the peer's reason, unless the traffic has the say.
Match with_traffic(const TrafficMatch& traffic, const Packet& packet, Match peer) {
  std::string why_not = why_not_traffic(traffic, packet);
  if (!why_not.empty()) return {Answer::no, std::move(why_not)};
  if (peer.matched != Answer::no && traffic.protocol == packet.protocol &&
      policy::asks_for_icmp_type(traffic)) {
    return {Answer::possibly, "the log does not have the ICMP type"};
  }
  return peer;
}

Match match_rule(const policy::CompiledGroupRules::Rule& rule, const SecurityGroup& owner,
                 const Packet& packet, const Network& network) {
  const RulePeer& peer = rule.source->peer;
  Match match;
  if (const auto* prefix = std::get_if<Cidr>(&peer)) {
    match = match_prefix(*prefix, packet.peer);
  } else if (const auto* list = std::get_if<PrefixListReference>(&peer)) {
    match = match_list(*list, packet.peer, network);
  } else {
    match = match_group(std::get<GroupReference>(peer), owner, rule.peer, packet.peer, network);
  }
  return with_traffic(rule.source->traffic, packet, std::move(match));
}

std::string not_filtered(const Packet& packet) {
  return fmt::format("{} is a service of AWS, which neither groups nor ACLs filter",
                     to_string(packet.peer));
}

void trace_groups(const policy::CompiledNetwork& compiled, std::uint32_t interface,
                  const Packet& packet, std::vector<TraceStep>& steps) {
  const Network& network = *compiled.network;
  const NetworkInterface& at = network.interfaces[interface];
  if (!compiled.groups_filter(interface, packet)) {
    steps.push_back({"security groups", Answer::no,
                     policy::is_unfiltered(compiled.subnets.of(interface), packet.peer)
                         ? not_filtered(packet)
                         : fmt::format("interfaces of type {} have none", at.type)});
    return;
  }
  if (at.group_ids.empty()) {
    steps.push_back({"security groups", Answer::possibly,
                     fmt::format("the groups of {} were not read", at.id)});
  }
  const auto places = compiled.groups_of(interface);
  const std::string_view direction = rule_direction_name(packet.direction);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string& id = at.group_ids[i];
    if (places[i] == policy::kUnknownGroup) {
      steps.push_back({fmt::format("{} {}", id, direction), Answer::possibly,
                       fmt::format("{} was not read", id)});
      continue;
    }
    const SecurityGroup& group = network.groups[places[i]];
    bool has_matched = false;
    for (const auto& rule : compiled.rules_of(places[i], packet.direction).rules()) {
      if (rule.is_for_groupless && has_matched) continue;
      Match match = match_rule(rule, group, packet, network);
      has_matched = match.matched != Answer::no;
      if (rule.is_for_groupless) {
        if (!has_matched) continue;
        match.reason = fmt::format("{} is an address of an interface whose groups were not read",
                                   to_string(packet.peer));
      }
      steps.push_back(
          {fmt::format("{} {} {}: {} {} {}", id, direction, rule.source->index,
                       to_string(rule.source->traffic), policy::from_or_to(packet.direction),
                       to_string(rule.source->peer)),
           match.matched, std::move(match.reason)});
    }
  }
}

/// Where the packet goes, if that is why the ACL is not asked, or is asked in vain.
void trace_crossing(const policy::SubnetPlan& subnet, const NetworkInterface& at,
                    const Packet& packet, const AclDecision& decision,
                    std::vector<TraceStep>& steps) {
  const std::string name =
      subnet.acl == nullptr
          ? std::string("network ACL")
          : fmt::format("{} {}", subnet.acl->id, rule_direction_name(packet.direction));
  const std::string peer = to_string(packet.peer);
  if (!decision.checked) {
    steps.push_back({name, Answer::no,
                     policy::is_unfiltered(subnet, packet.peer)
                         ? not_filtered(packet)
                         : fmt::format("{} is in the same subnet, and no ACL checks what stays in "
                                       "it",
                                       peer)});
  } else if (subnet.acl == nullptr) {
    steps.push_back(
        {name, Answer::possibly, fmt::format("the ACL of {} was not read", at.subnet_id)});
  } else if (decision.doubt == Doubt::subnet_of_peer) {
    steps.push_back(
        {name, Answer::possibly,
         fmt::format("{} may be in the same subnet, and no ACL checks what stays in it", peer)});
  } else if (decision.doubt == Doubt::transit_gateway) {
    steps.push_back({name, Answer::possibly,
                     fmt::format("{} may come through the transit gateway's attachment in the same "
                                 "subnet, and no ACL checks that",
                                 peer)});
  }
}

void trace_entries(const policy::CompiledEntries& entries, const NetworkAcl& acl,
                   const Packet& packet, std::vector<TraceStep>& steps) {
  const AclEntry* decided = nullptr;
  const auto step = [&](const AclEntry& entry, Match match) {
    if (decided != nullptr) {
      match = {Answer::no, fmt::format("entry {} decided before", decided->number)};
    } else if (match.matched == Answer::yes) {
      decided = &entry;
    }
    steps.push_back(
        {fmt::format("{} {} {}: {} {} {} {}", acl.id, rule_direction_name(packet.direction),
                     entry.number, entry.allow ? "allow" : "deny",
                     to_string(policy::traffic_of(entry)), policy::from_or_to(packet.direction),
                     to_string(entry.peer)),
         match.matched, std::move(match.reason)});
  };
  for (const AclEntry* entry : entries.entries()) {
    step(*entry,
         with_traffic(policy::traffic_of(*entry), packet, match_prefix(entry->peer, packet.peer)));
  }
  AclEntry implicit;
  implicit.number = kImplicitDenyIpv6;
  if (packet.peer.is_ipv4()) {
    implicit.number = kImplicitDenyIpv4;
    implicit.peer = base::prefix_of(packet.peer, base::kIpv4Bits);
  }
  step(implicit, match_prefix(implicit.peer, packet.peer));
}

}  // namespace

Trace Evaluator::trace(std::uint32_t interface, const Packet& packet) const {
  Trace trace;
  trace.group_decision = groups(interface, packet);
  trace.acl_decision = acl(interface, packet);
  if (!state_->is_known(interface)) {
    trace.groups.push_back({"security groups", Answer::possibly, "the interface was not read"});
    trace.acl.push_back({"network ACL", Answer::possibly, "the interface was not read"});
    return trace;
  }
  trace_groups(*state_, interface, packet, trace.groups);
  const policy::SubnetPlan& subnet = state_->subnets.of(interface);
  trace_crossing(subnet, network().interfaces[interface], packet, trace.acl_decision, trace.acl);
  if (trace.acl_decision.checked && subnet.acl != nullptr) {
    trace_entries(state_->entries_of(*subnet.acl, packet.direction), *subnet.acl, packet,
                  trace.acl);
  }
  return trace;
}

}  // namespace weir
