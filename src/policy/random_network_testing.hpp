// SPDX-License-Identifier: Apache-2.0
// policy: random networks of sixteen addresses, so that every packet can be tried.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "policy/network_testing.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// The addresses are 10.0.0.16/29 and 2001:db8::8/125, in two subnets of vpc-1.
class RandomNetwork {
 public:
  explicit RandomNetwork(std::uint64_t seed) : random_(seed) {
    make_vpcs();
    make_lists();
    for (const char* id : {"sg-1", "sg-2", "sg-3", "sg-4"}) make_group(id);
    make_acls();
    for (const char* id : {"eni-1", "eni-2", "eni-3"}) make_interface(id);
    network.index();
  }

  /// Packets of both directions, with every peer and whatever a rule can tell apart.
  static const std::vector<Packet>& all_packets() {
    static const std::vector<Packet> packets = make_packets();
    return packets;
  }

  std::uint64_t pick(std::uint64_t count) { return random_() % count; }
  bool one_in(std::uint64_t count) { return pick(count) == 0; }

  SecurityGroupRule rule() {
    SecurityGroupRule rule;
    rule.direction = direction();
    rule.traffic = traffic();
    rule.peer = peer();
    return rule;
  }
  AclEntry entry(std::uint32_t number) {
    AclEntry entry;
    entry.number = number;
    entry.direction = direction();
    entry.allow = pick(2) == 0;
    entry.traffic = traffic();
    entry.peer = prefix();
    return entry;
  }
  Cidr prefix() {
    const bool ipv4 = pick(3) != 0;
    const int length = one_in(5) ? 0
                       : ipv4    ? 28 + static_cast<int>(pick(5))
                                 : 124 + static_cast<int>(pick(5));
    const std::string text = to_string(address(ipv4)) + "/" + std::to_string(length);
    return parse_cidr(text).value();
  }

  Network network;

 private:
  static Ip address(bool ipv4, std::uint64_t host) {
    return ipv4 ? Ip::from_ipv4(0x0a00'0010 + static_cast<std::uint32_t>(host))
                : Ip{.high = 0x2001'0db8'0000'0000, .low = 8 + host};
  }
  Ip address(bool ipv4) { return address(ipv4, pick(8)); }

  static std::vector<Packet> make_packets() {
    std::vector<Ip> peers;
    for (std::uint64_t host = 0; host < 8; ++host) {
      peers.push_back(address(true, host));
      peers.push_back(address(false, host));
    }
    for (const char* other : {"10.0.0.2", "169.254.169.254", "192.0.2.1", "2001:db8:1::1"}) {
      peers.push_back(parse_ip(other).value());
    }
    constexpr std::uint8_t kProtocols[] = {6, 17, 1, 58, 47};
    constexpr std::uint16_t kPorts[] = {22, 443, 50000};
    std::vector<Packet> packets;
    for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
      for (const Ip& peer : peers) {
        for (const std::uint8_t protocol : kProtocols) {
          for (const std::uint16_t port : kPorts) {
            const bool has_port = protocol == 6 || protocol == 17;
            if (!has_port && port != 22) continue;
            packets.push_back({.direction = direction,
                               .peer = peer,
                               .protocol = protocol,
                               .source_port = 443,
                               .destination_port = has_port ? port : std::uint16_t{0}});
          }
        }
      }
    }
    return packets;
  }

  RuleDirection direction() {
    return pick(2) == 0 ? RuleDirection::ingress : RuleDirection::egress;
  }

  TrafficMatch traffic() {
    constexpr std::int16_t kProtocols[] = {-1, 6, 6, 17, 1, 1, 58, 47, 50};
    constexpr PortRange kPorts[] = {{0, 65535}, {22, 22},      {443, 443}, {0, 22},
                                    {23, 443},  {1024, 65535}, {22, 443},  {65535, 65535}};
    TrafficMatch traffic;
    traffic.protocol = kProtocols[pick(std::size(kProtocols))];
    if (traffic.protocol == 6 || traffic.protocol == 17) {
      traffic.ports = kPorts[pick(std::size(kPorts))];
    }
    if ((traffic.protocol == 1 || traffic.protocol == 58) && !one_in(3)) {
      constexpr std::int16_t kTypes[] = {0, 3, 8};
      traffic.icmp_type = kTypes[pick(3)];
      if (one_in(3)) traffic.icmp_code = one_in(2) ? 0 : 4;
    }
    return traffic;
  }

  RulePeer peer() {
    const std::uint64_t kind = pick(6);
    if (kind < 3) return prefix();
    if (kind == 3) return PrefixListReference{"pl-" + std::to_string(1 + pick(4))};
    GroupReference reference;
    reference.group_id = "sg-" + std::to_string(1 + pick(4));
    if (one_in(3)) {
      reference.group_id = "sg-peer";
      reference.vpc_id = "vpc-peer";
      reference.peering_id = "pcx-1";
      reference.peering_status = one_in(4) ? "deleted" : "active";
    }
    return reference;
  }

  void make_vpcs() {
    if (!one_in(8)) add_vpc(network, "vpc-1", {"10.0.0.0/24", "2001:db8::/56"});
    if (one_in(2)) add_vpc(network, "vpc-peer", {"10.0.0.20/30", "2001:db8::c/127"});
    add_subnet(network, "subnet-1", {"10.0.0.16/30", "2001:db8::8/126"});
    add_subnet(network, "subnet-2", {"10.0.0.20/31", "2001:db8::c/126"});
  }

  /// pl-4 is never there.
  void make_lists() {
    for (const char* id : {"pl-1", "pl-2", "pl-3"}) {
      PrefixList& list = add_prefix_list(network, id, {});
      list.has_entries = !one_in(4);
      for (std::uint64_t left = list.has_entries ? pick(4) : 0; left > 0; --left) {
        list.entries.push_back(prefix());
      }
    }
  }

  void make_group(const std::string& id) {
    SecurityGroup& group = add_group(network, id, {});
    const std::uint64_t count = one_in(30) ? 60 + pick(100) : pick(7);
    for (std::uint64_t i = 0; i < count; ++i) {
      group.rules.push_back(rule());
      // Long lists have rules that match nothing, so that later ones come into play.
      if (count > 60 && !one_in(8)) group.rules.back().traffic.protocol = 50;
    }
  }

  void make_acls() {
    add_acl(network, "acl-1", {"subnet-1"}, {});
    NetworkAcl& usual = add_acl(network, "acl-2", {}, {});
    usual.is_default = !one_in(6);
    if (one_in(2)) usual.subnet_ids = {"subnet-2"};
    for (NetworkAcl& acl : network.acls) {
      const std::uint64_t count = one_in(20) ? 130 : pick(9);
      for (std::uint32_t i = 0; i < count; ++i) {
        acl.entries.push_back(entry(10 * i + 10));
        if (count > 100 && !one_in(12)) acl.entries.back().traffic.protocol = 50;
      }
      std::shuffle(acl.entries.begin(), acl.entries.end(), random_);
    }
  }

  void make_interface(const std::string& id) {
    NetworkInterface& interface = network.interfaces.emplace_back();
    interface.id = id;
    interface.vpc_id = "vpc-1";
    interface.subnet_id = one_in(2) ? "subnet-1" : "subnet-2";
    interface.type = one_in(5) ? "transit_gateway" : one_in(8) ? "natGateway" : "interface";
    interface.addresses = {address(true)};
    if (one_in(2)) interface.addresses.push_back(address(false));
    if (one_in(4)) interface.prefixes.push_back(parse_cidr("10.0.0.22/31").value());
    interface.public_addresses = {parse_ip("192.0.2.1").value()};
    if (interface.type != "interface" && !one_in(3)) return;
    for (const char* group : {"sg-1", "sg-2", "sg-3", "sg-4", "sg-unread"}) {
      if (one_in(group[3] == 'u' ? 8 : 2)) interface.group_ids.emplace_back(group);
    }
    std::shuffle(interface.group_ids.begin(), interface.group_ids.end(), random_);
  }

  std::mt19937_64 random_;
};

}  // namespace weir::policy
