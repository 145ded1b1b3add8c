// SPDX-License-Identifier: Apache-2.0
// policy: rules, entries, packets and small networks as tests write them.
#pragma once

#include <array>
#include <charconv>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "weir/policy.hpp"

namespace weir::policy {

inline std::int16_t number_of(std::string_view text) {
  std::int16_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Reads `all`, `47`, `tcp 22`, `udp 1024-65535`, `icmp any`, `icmp 8`, `icmp 3/4`.
inline TrafficMatch read_traffic(std::istringstream& words) {
  std::string protocol;
  words >> protocol;
  TrafficMatch traffic;
  if (protocol == "all") return traffic;
  traffic.protocol = protocol == "tcp"      ? std::int16_t{6}
                     : protocol == "udp"    ? std::int16_t{17}
                     : protocol == "icmp"   ? std::int16_t{1}
                     : protocol == "icmpv6" ? std::int16_t{58}
                                            : number_of(protocol);
  if (traffic.protocol == 1 || traffic.protocol == 58) {
    std::string type;
    words >> type;
    if (type == "any") return traffic;
    traffic.icmp_type = number_of(type);
    const auto slash = type.find('/');
    if (slash != std::string::npos) traffic.icmp_code = number_of(type.substr(slash + 1));
  } else if (traffic.protocol == 6 || traffic.protocol == 17) {
    char dash = 0;
    std::string range;
    words >> range;
    std::istringstream ports(range);
    ports >> traffic.ports.from;
    if (!(ports >> dash >> traffic.ports.to)) traffic.ports.to = traffic.ports.from;
  }
  return traffic;
}

/// Reads `ingress tcp 22 10.0.0.0/8`; the peer may be pl-… or sg-….
inline SecurityGroupRule rule_of(const std::string& text) {
  std::istringstream words(text);
  std::string direction;
  std::string peer;
  SecurityGroupRule rule;
  words >> direction;
  rule.direction = direction == "egress" ? RuleDirection::egress : RuleDirection::ingress;
  rule.traffic = read_traffic(words);
  words >> peer;
  if (peer.starts_with("pl-")) {
    rule.peer = PrefixListReference{peer};
  } else if (peer.starts_with("sg-")) {
    GroupReference reference;
    reference.group_id = peer;
    rule.peer = reference;
  } else {
    rule.peer = parse_cidr(peer).value();
  }
  return rule;
}

/// Reads `100 ingress allow tcp 22 10.0.0.0/8`.
inline AclEntry entry_of(const std::string& text) {
  std::istringstream words(text);
  std::string direction;
  std::string action;
  std::string peer;
  AclEntry entry;
  words >> entry.number >> direction >> action;
  entry.direction = direction == "egress" ? RuleDirection::egress : RuleDirection::ingress;
  entry.allow = action == "allow";
  entry.traffic = read_traffic(words);
  words >> peer;
  entry.peer = parse_cidr(peer).value();
  return entry;
}

/// Reads `ingress tcp 22 10.0.0.1`, `egress icmp 10.0.0.1`, `ingress 47 10.0.0.1`.
inline Packet packet_of(const std::string& text) {
  std::istringstream words(text);
  std::string direction;
  std::string protocol;
  std::string peer;
  Packet packet;
  words >> direction >> protocol;
  packet.direction = direction == "egress" ? RuleDirection::egress : RuleDirection::ingress;
  packet.protocol = protocol == "tcp"      ? 6
                    : protocol == "udp"    ? 17
                    : protocol == "icmp"   ? 1
                    : protocol == "icmpv6" ? 58
                                           : static_cast<std::uint8_t>(number_of(protocol));
  if (packet.protocol == 6 || packet.protocol == 17) {
    words >> packet.destination_port;
    packet.source_port = 50000;
  }
  words >> peer;
  packet.peer = parse_ip(peer).value();
  return packet;
}

/// Adds a group with rules; their places are counted by direction, as the loader does.
inline SecurityGroup& add_group(Network& network, const std::string& id,
                                const std::vector<std::string>& rules) {
  SecurityGroup& group = network.groups.emplace_back();
  group.id = id;
  group.vpc_id = "vpc-1";
  std::array<std::uint32_t, 2> counts{};
  for (const std::string& text : rules) {
    group.rules.push_back(rule_of(text));
    SecurityGroupRule& rule = group.rules.back();
    rule.index = counts[static_cast<std::size_t>(rule.direction)]++;
  }
  return group;
}

inline NetworkAcl& add_acl(Network& network, const std::string& id,
                           const std::vector<std::string>& subnets,
                           const std::vector<std::string>& entries) {
  NetworkAcl& acl = network.acls.emplace_back();
  acl.id = id;
  acl.vpc_id = "vpc-1";
  acl.subnet_ids = subnets;
  for (const std::string& text : entries) acl.entries.push_back(entry_of(text));
  return acl;
}

inline Subnet& add_subnet(Network& network, const std::string& id,
                          const std::vector<std::string>& prefixes) {
  Subnet& subnet = network.subnets.emplace_back();
  subnet.id = id;
  subnet.vpc_id = "vpc-1";
  for (const std::string& text : prefixes) subnet.prefixes.push_back(parse_cidr(text).value());
  subnet.public_access = PublicAccess::open;
  return subnet;
}

inline Vpc& add_vpc(Network& network, const std::string& id,
                    const std::vector<std::string>& prefixes) {
  Vpc& vpc = network.vpcs.emplace_back();
  vpc.id = id;
  for (const std::string& text : prefixes) vpc.prefixes.push_back(parse_cidr(text).value());
  return vpc;
}

inline NetworkInterface& add_interface(Network& network, const std::string& id,
                                       const std::string& subnet,
                                       const std::vector<std::string>& addresses,
                                       const std::vector<std::string>& groups) {
  NetworkInterface& interface = network.interfaces.emplace_back();
  interface.id = id;
  interface.type = "interface";
  interface.subnet_id = subnet;
  interface.vpc_id = "vpc-1";
  for (const std::string& text : addresses) interface.addresses.push_back(parse_ip(text).value());
  interface.group_ids = groups;
  return interface;
}

inline PrefixList& add_prefix_list(Network& network, const std::string& id,
                                   const std::vector<std::string>& entries) {
  PrefixList& list = network.prefix_lists.emplace_back();
  list.id = id;
  list.has_entries = true;
  for (const std::string& text : entries) list.entries.push_back(parse_cidr(text).value());
  return list;
}

/// vpc-1 with two subnets, and one interface 10.0.1.10 in the first.
class OneInterface {
 public:
  explicit OneInterface(const std::vector<std::string>& rules,
                        const std::vector<std::string>& entries = {}) {
    add_vpc(network, "vpc-1", {"10.0.0.0/16", "2001:db8::/56"});
    add_subnet(network, "subnet-a", {"10.0.1.0/24", "2001:db8:0:1::/64"});
    add_subnet(network, "subnet-b", {"10.0.2.0/24", "2001:db8:0:2::/64"});
    add_group(network, "sg-own", rules);
    add_acl(network, "acl-a", {"subnet-a"}, entries);
    add_interface(network, "eni-own", "subnet-a", {"10.0.1.10", "2001:db8:0:1::a"}, {"sg-own"});
  }
  NetworkInterface& own() { return network.interfaces.front(); }

  GroupDecision groups(const std::string& packet) {
    network.index();
    const Evaluator evaluator(network);
    return evaluator.groups(evaluator.find_interface("eni-own"), packet_of(packet));
  }
  AclDecision acl(const std::string& packet) {
    network.index();
    const Evaluator evaluator(network);
    return evaluator.acl(evaluator.find_interface("eni-own"), packet_of(packet));
  }
  bool untracked(const std::string& packet) {
    network.index();
    const Evaluator evaluator(network);
    return evaluator.untracked(evaluator.find_interface("eni-own"), packet_of(packet));
  }

  Network network;
};

}  // namespace weir::policy
