// SPDX-License-Identifier: Apache-2.0
// oracle: what groups and ACLs decide, as AWS's pages say it. The slow, obvious twin of Evaluator.
//
// What a flow log and a configuration leave open makes several worlds: in each, an ICMP packet has
// a type and a code, a list that was not read has the peer or has not, and so on. In a world AWS's
// rules are applied as they stand, with yes and no. An answer is certain if all worlds give it.
//
// Only subnets and VPCs that were read are understood.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "weir/policy.hpp"

namespace weir {

class PolicyOracle {
 public:
  explicit PolicyOracle(const Network& network) : network_(network) {}

  struct Matching {
    const SecurityGroup* group = nullptr;
    const SecurityGroupRule* rule = nullptr;
    Answer answer = Answer::no;
  };
  struct Groups {
    GroupDecision decision;
    std::vector<Matching> matching;
  };

  Groups groups(const NetworkInterface& interface, const Packet& packet) const {
    Groups groups;
    GroupDecision& decision = groups.decision;
    decision.checked = groups_apply(interface, packet);
    if (!decision.checked) {
      decision.allowed = Answer::yes;
      return groups;
    }
    const std::vector<World> worlds = worlds_of(interface, packet);
    std::vector<bool> allows;
    for (const World& world : worlds) allows.push_back(world.unread_groups_allow);
    for_each_rule(interface, packet, [&](const SecurityGroup& group, const auto& rule) {
      std::size_t matching = 0;
      for (std::size_t i = 0; i < worlds.size(); ++i) {
        if (!matches(group, rule, packet, worlds[i])) continue;
        ++matching;
        allows[i] = true;
      }
      if (matching == 0) return;
      groups.matching.push_back({&group, &rule, answer_of(matching, worlds.size())});
    });
    const auto allowing = std::count(allows.begin(), allows.end(), true);
    decision.allowed = answer_of(static_cast<std::size_t>(allowing), worlds.size());
    name_rule(groups, interface, packet);
    return groups;
  }

  /// `number` is 0 if there is no decision of an ACL.
  AclDecision acl(const NetworkInterface& interface, const Packet& packet) const {
    const NetworkAcl* acl = acl_of(interface.subnet_id);
    AclDecision decision{.acl = acl};
    const bool is_attachment = interface.type == "transit_gateway";
    const bool is_ingress = packet.direction == RuleDirection::ingress;
    const Subnet* subnet = find(network_.subnets, interface.subnet_id);
    const bool same_subnet = in_any(subnet->prefixes, packet.peer);
    if (is_service(interface, packet.peer) || (same_subnet && !(is_attachment && is_ingress))) {
      decision.allowed = Answer::yes;
      decision.checked = false;
      return decision;
    }
    if (acl == nullptr) {
      decision.allowed = Answer::possibly;
      decision.doubt = Doubt::unknown_acl;
      return decision;
    }
    std::set<std::uint32_t> deciding;
    std::size_t allowing = 0;
    const std::vector<World> worlds = icmp_worlds(packet);
    for (const World& world : worlds) {
      const AclEntry* entry = first_entry(*acl, packet, world);
      deciding.insert(entry == nullptr ? 40'000 : entry->number);
      if (entry != nullptr && entry->allow) ++allowing;
    }
    decision.allowed = answer_of(allowing, worlds.size());
    if (deciding.size() > 1) decision.doubt = Doubt::icmp_type;
    for (const AclEntry& entry : acl->entries) {
      if (entry.number == *deciding.begin() && entry.direction == packet.direction) {
        decision.entry = &entry;
      }
    }
    decision.number = decision.entry != nullptr ? decision.entry->number
                      : is_ipv4(packet.peer)    ? 32767
                                                : 32768;
    // What comes out of a transit gateway's attachment in the same subnet is not checked, and may
    // be anything from outside of the VPC.
    const Vpc* vpc = find(network_.vpcs, interface.vpc_id);
    const bool from_elsewhere = vpc == nullptr || !in_any(vpc->prefixes, packet.peer);
    if (is_ingress && !is_attachment && from_elsewhere && has_attachment(interface.subnet_id) &&
        decision.allowed != Answer::possibly) {
      // Which entry it was may be in doubt before.
      if (decision.doubt == Doubt::none) decision.doubt = Doubt::transit_gateway;
      if (decision.allowed == Answer::no) decision.allowed = Answer::possibly;
    }
    return decision;
  }

  bool untracked(const NetworkInterface& interface, const Packet& packet) const {
    if (packet.protocol != 6 && packet.protocol != 17) return false;
    if (interface.type == "natGateway") return false;
    bool opened = false;
    bool answered = false;
    const auto every_address = [&](const SecurityGroupRule& rule) {
      const auto* prefix = std::get_if<Cidr>(&rule.peer);
      return prefix != nullptr &&
             (to_string(*prefix) == "0.0.0.0/0" || to_string(*prefix) == "::/0") &&
             same_family(*prefix, packet.peer);
    };
    for (const SecurityGroup* group : groups_of(interface)) {
      for (const SecurityGroupRule& rule : group->rules) {
        if (!every_address(rule)) continue;
        const TrafficMatch& traffic = rule.traffic;
        if (traffic.protocol != -1 && traffic.protocol != packet.protocol) continue;
        if (rule.direction == packet.direction) {
          opened |= traffic.protocol == -1 || (traffic.ports.from <= packet.destination_port &&
                                               packet.destination_port <= traffic.ports.to);
        } else {
          answered |=
              traffic.protocol == -1 || (traffic.ports.from == 0 && traffic.ports.to == 65535);
        }
      }
    }
    return opened && answered;
  }

 private:
  struct World {
    int icmp_type = 0;
    int icmp_code = 0;
    std::set<std::string> with_peer;  // lists and groups, of those not read, that have the peer
    bool unread_groups_allow = false;
  };

  /// The first rule that matches in every world, or else the first that does in some.
  static void name_rule(Groups& groups, const NetworkInterface& interface, const Packet& packet) {
    GroupDecision& decision = groups.decision;
    for (const Answer wanted : {Answer::yes, Answer::possibly}) {
      for (const auto& [group, rule, answer] : groups.matching) {
        if (answer != wanted || decision.rule != nullptr) continue;
        decision.group = group;
        decision.rule = rule;
      }
    }
    if (decision.allowed != Answer::possibly) return;
    decision.doubt = interface.group_ids.empty() ? Doubt::no_groups_named : Doubt::unknown_group;
    if (decision.rule == nullptr) return;
    if (is_icmp(packet) && decision.rule->traffic.protocol == packet.protocol &&
        decision.rule->traffic.icmp_type != -1) {
      decision.doubt = Doubt::icmp_type;
    } else if (std::holds_alternative<PrefixListReference>(decision.rule->peer)) {
      decision.doubt = Doubt::prefix_list_entries;
    } else {
      decision.doubt = Doubt::group_members;
    }
  }

  template <class Item>
  static const Item* find(const std::vector<Item>& items, const std::string& id) {
    for (const Item& item : items) {
      if (item.id == id) return &item;
    }
    return nullptr;
  }

  static Answer answer_of(std::size_t count, std::size_t of) {
    return count == of ? Answer::yes : count == 0 ? Answer::no : Answer::possibly;
  }

  // Addresses, bit by bit.
  static bool is_ipv4(const Ip& address) {
    return address.high == 0 && address.low >> 32 == 0xffff;
  }
  static bool bit_of(const Ip& address, int place) {
    return ((place < 64 ? address.high >> (63 - place) : address.low >> (127 - place)) & 1) != 0;
  }
  static bool same_family(const Cidr& prefix, const Ip& address) {
    return (is_ipv4(prefix.network) && prefix.length >= 96) == is_ipv4(address);
  }
  static bool in(const Cidr& prefix, const Ip& address) {
    if (!same_family(prefix, address)) return false;
    for (int place = 0; place < prefix.length; ++place) {
      if (bit_of(prefix.network, place) != bit_of(address, place)) return false;
    }
    return true;
  }
  static bool in_any(const std::vector<Cidr>& prefixes, const Ip& address) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const Cidr& prefix) { return in(prefix, address); });
  }
  static bool is_icmp(const Packet& packet) {
    return packet.protocol == 1 || packet.protocol == 58;
  }

  // VPC User Guide, "Security group basics": not filtered are the resolver, instance metadata, the
  // time service, metadata of tasks, and the addresses of the router.
  bool is_service(const NetworkInterface& interface, const Ip& peer) const {
    for (const char* service : {"169.254.169.253", "169.254.169.254", "169.254.169.123",
                                "169.254.170.2", "fd00:ec2::253", "fd00:ec2::254"}) {
      if (peer == parse_ip(service).value()) return true;
    }
    for (const Cidr& prefix : find(network_.subnets, interface.subnet_id)->prefixes) {
      if (is_ipv4(peer) && same_family(prefix, peer) && peer.low == prefix.network.low + 1) {
        return true;
      }
    }
    const Vpc* vpc = find(network_.vpcs, interface.vpc_id);
    return vpc != nullptr && is_ipv4(peer) && peer.low == vpc->prefixes.front().network.low + 2;
  }
  bool groups_apply(const NetworkInterface& interface, const Packet& packet) const {
    return (may_have_groups(interface) || !interface.group_ids.empty()) &&
           !is_service(interface, packet.peer);
  }
  static bool may_have_groups(const NetworkInterface& interface) {
    return interface.type != "transit_gateway" && interface.type != "natGateway";
  }

  std::vector<const SecurityGroup*> groups_of(const NetworkInterface& interface) const {
    std::vector<const SecurityGroup*> found;
    for (const std::string& id : interface.group_ids) {
      const SecurityGroup* group = find(network_.groups, id);
      if (group != nullptr) found.push_back(group);
    }
    return found;
  }
  template <class Visitor>
  void for_each_rule(const NetworkInterface& interface, const Packet& packet,
                     Visitor&& visit) const {
    for (const SecurityGroup* group : groups_of(interface)) {
      for (const SecurityGroupRule& rule : group->rules) {
        if (rule.direction == packet.direction) visit(*group, rule);
      }
    }
  }

  /// The ICMP types and codes that any rule asks for, and one of each that none does.
  static std::vector<World> icmp_worlds(const Packet& packet) {
    if (!is_icmp(packet)) return {World{}};
    std::vector<World> worlds;
    for (const int type : {0, 3, 8, 200}) {
      for (const int code : {0, 4, 200}) {
        worlds.emplace_back();
        worlds.back().icmp_type = type;
        worlds.back().icmp_code = code;
      }
    }
    return worlds;
  }

  std::vector<World> worlds_of(const NetworkInterface& interface, const Packet& packet) const {
    std::set<std::string> unread;
    for_each_rule(interface, packet, [&](const SecurityGroup& group, const auto& rule) {
      if (const auto* list = std::get_if<PrefixListReference>(&rule.peer)) {
        const PrefixList* known = find(network_.prefix_lists, list->id);
        if (known == nullptr || !known->has_entries) unread.insert(list->id);
      } else if (const auto* reference = std::get_if<GroupReference>(&rule.peer)) {
        const std::string& vpc_id = vpc_of(group, *reference);
        const Vpc* vpc = find(network_.vpcs, vpc_id);
        const bool may_be_member = members_known(vpc_id)
                                       ? is_groupless(vpc_id, packet.peer)
                                       : vpc == nullptr || in_any(vpc->prefixes, packet.peer);
        if (may_be_member) unread.insert(reference->group_id);
      }
    });
    std::vector<World> worlds = icmp_worlds(packet);
    for (const std::string& id : unread) {
      std::vector<World> with = worlds;
      for (World& world : with) world.with_peer.insert(id);
      worlds.insert(worlds.end(), with.begin(), with.end());
    }
    if (interface.group_ids.empty() || groups_of(interface).size() < interface.group_ids.size()) {
      std::vector<World> allowing = worlds;
      for (World& world : allowing) world.unread_groups_allow = true;
      worlds.insert(worlds.end(), allowing.begin(), allowing.end());
    }
    return worlds;
  }

  static const std::string& vpc_of(const SecurityGroup& group, const GroupReference& reference) {
    return reference.vpc_id.empty() ? group.vpc_id : reference.vpc_id;
  }
  bool members_known(const std::string& vpc_id) const {
    return std::any_of(network_.interfaces.begin(), network_.interfaces.end(),
                       [&](const NetworkInterface& other) { return other.vpc_id == vpc_id; });
  }

  bool traffic_matches(const TrafficMatch& traffic, const Packet& packet, const World& world,
                       bool every_icmp_type) const {
    if (traffic.protocol == -1) return true;
    if (traffic.protocol != packet.protocol) return false;
    if (packet.protocol == 6 || packet.protocol == 17) {
      return traffic.ports.from <= packet.destination_port &&
             packet.destination_port <= traffic.ports.to;
    }
    if (!is_icmp(packet) || every_icmp_type || traffic.icmp_type == -1) return true;
    return traffic.icmp_type == world.icmp_type &&
           (traffic.icmp_code == -1 || traffic.icmp_code == world.icmp_code);
  }

  bool matches(const SecurityGroup& group, const SecurityGroupRule& rule, const Packet& packet,
               const World& world) const {
    if (!traffic_matches(rule.traffic, packet, world, false)) return false;
    if (const auto* prefix = std::get_if<Cidr>(&rule.peer)) return in(*prefix, packet.peer);
    if (const auto* list = std::get_if<PrefixListReference>(&rule.peer)) {
      const PrefixList* known = find(network_.prefix_lists, list->id);
      if (known == nullptr || !known->has_entries) return world.with_peer.contains(list->id);
      return in_any(known->entries, packet.peer);
    }
    const auto& reference = std::get<GroupReference>(rule.peer);
    if (reference.peering_status == "deleted") return false;
    if (!members_known(vpc_of(group, reference))) {
      return world.with_peer.contains(reference.group_id);
    }
    for (const NetworkInterface& member : network_.interfaces) {
      for (const std::string& id : member.group_ids) {
        if (id != reference.group_id) continue;
        if (has_address(member, packet.peer)) return true;
      }
    }
    return is_groupless(vpc_of(group, reference), packet.peer) &&
           world.with_peer.contains(reference.group_id);
  }

  static bool has_address(const NetworkInterface& interface, const Ip& address) {
    return in_any(interface.prefixes, address) ||
           std::count(interface.addresses.begin(), interface.addresses.end(), address) > 0;
  }
  /// Whether an address belongs to an interface whose groups were not read: it may have any.
  bool is_groupless(const std::string& vpc_id, const Ip& address) const {
    return std::any_of(network_.interfaces.begin(), network_.interfaces.end(),
                       [&](const NetworkInterface& other) {
                         return other.vpc_id == vpc_id && other.group_ids.empty() &&
                                may_have_groups(other) && has_address(other, address);
                       });
  }

  const NetworkAcl* acl_of(const std::string& subnet_id) const {
    for (const NetworkAcl& acl : network_.acls) {
      for (const std::string& id : acl.subnet_ids) {
        if (id == subnet_id) return &acl;
      }
    }
    const Subnet* subnet = find(network_.subnets, subnet_id);
    for (const NetworkAcl& acl : network_.acls) {
      if (acl.is_default && acl.vpc_id == subnet->vpc_id) return &acl;
    }
    return nullptr;
  }

  /// VPC User Guide, "Network ACL rules": the lowest number that matches decides, whatever a
  /// higher number says.
  const AclEntry* first_entry(const NetworkAcl& acl, const Packet& packet,
                              const World& world) const {
    const AclEntry* first = nullptr;
    for (const AclEntry& entry : acl.entries) {
      if (entry.direction != packet.direction || !in(entry.peer, packet.peer)) continue;
      const bool every_type = entry.traffic.protocol == 58 && is_ipv4(packet.peer);
      if (!traffic_matches(entry.traffic, packet, world, every_type)) continue;
      if (first == nullptr || entry.number < first->number) first = &entry;
    }
    return first;
  }

  bool has_attachment(const std::string& subnet_id) const {
    return std::any_of(network_.interfaces.begin(), network_.interfaces.end(),
                       [&](const NetworkInterface& other) {
                         return other.subnet_id == subnet_id && other.type == "transit_gateway";
                       });
  }

  const Network& network_;
};

}  // namespace weir
