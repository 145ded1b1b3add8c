// SPDX-License-Identifier: Apache-2.0
// synth: security groups and their rules, as AWS prints them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "synth/configuration.hpp"
#include "synth/group_plan.hpp"

namespace weir::synth {
namespace {

using Json = JsonValue;

std::string_view protocol_text(RuleProtocol protocol) {
  constexpr std::string_view texts[] = {"-1", "icmp", "tcp", "udp", "icmpv6"};
  return texts[static_cast<std::size_t>(protocol)];
}

/// FromPort and ToPort: of ICMP, type and code, and all of them here.
int port_number(const PlannedRule& rule) {
  return rule.protocol == RuleProtocol::tcp || rule.protocol == RuleProtocol::udp ? rule.port : -1;
}

Json group_reference(const Network& network, const PlannedGroup& group, const PlannedPeer& peer) {
  Json reference = {{"GroupId", peer.text},
                    {"UserId", network.accounts()[network.vpcs()[group.vpc].account].id}};
  if (peer.vpc != group.vpc) {
    const auto [first, second] = std::minmax(group.vpc, peer.vpc);
    reference["VpcId"] = network.vpcs()[peer.vpc].id;
    reference["VpcPeeringConnectionId"] =
        named_id(network, "pcx", fmt::format("{} {}", first, second));
    reference["PeeringStatus"] = "active";
  }
  return reference;
}

/// Key of the list in a permission, key of the peer in an element.
std::pair<std::string_view, std::string_view> keys_of(PlannedPeer::Kind kind) {
  switch (kind) {
    case PlannedPeer::Kind::ipv4:
      return {"IpRanges", "CidrIp"};
    case PlannedPeer::Kind::ipv6:
      return {"Ipv6Ranges", "CidrIpv6"};
    case PlannedPeer::Kind::prefix_list:
      return {"PrefixListIds", "PrefixListId"};
    case PlannedPeer::Kind::group:
      break;
  }
  return {"UserIdGroupPairs", ""};
}

/// All peers of the same ports are one permission.
Json permissions(const Network& network, const PlannedGroup& group, bool outbound) {
  Json found = Json::list();
  std::map<std::pair<RuleProtocol, std::uint16_t>, std::size_t> places;
  for (const PlannedRule& rule : group.rules) {
    if (rule.outbound != outbound) continue;
    const auto [place, is_new] = places.try_emplace({rule.protocol, rule.port}, found.size());
    if (is_new) {
      Json permission = {{"IpProtocol", protocol_text(rule.protocol)}};
      if (rule.protocol != RuleProtocol::all) {
        permission["ToPort"] = port_number(rule);
        permission["FromPort"] = port_number(rule);
      }
      for (const char* key : {"UserIdGroupPairs", "IpRanges", "Ipv6Ranges", "PrefixListIds"}) {
        permission[key] = Json::list();
      }
      found.push_back(std::move(permission));
    }
    const auto [list, key] = keys_of(rule.peer.kind);
    Json peer = rule.peer.kind == PlannedPeer::Kind::group
                    ? group_reference(network, group, rule.peer)
                    : Json{{std::string(key), rule.peer.text}};
    if (!rule.description.empty()) peer["Description"] = rule.description;
    found.item(place->second)[list].push_back(std::move(peer));
  }
  return found;
}

Json describe_rule(const Network& network, const PlannedGroup& group, const PlannedRule& rule) {
  const std::string name = fmt::format("{} {} {} {} {}", group.id, rule.outbound,
                                       protocol_text(rule.protocol), rule.port, rule.peer.text);
  Json made = {{"SecurityGroupRuleId", named_id(network, "sgr", name)},
               {"GroupId", group.id},
               {"GroupOwnerId", network.accounts()[network.vpcs()[group.vpc].account].id},
               {"IsEgress", rule.outbound},
               {"IpProtocol", protocol_text(rule.protocol)},
               {"FromPort", port_number(rule)},
               {"ToPort", port_number(rule)}};
  switch (rule.peer.kind) {
    case PlannedPeer::Kind::ipv4:
      made["CidrIpv4"] = rule.peer.text;
      break;
    case PlannedPeer::Kind::ipv6:
      made["CidrIpv6"] = rule.peer.text;
      break;
    case PlannedPeer::Kind::prefix_list:
      made["PrefixListId"] = rule.peer.text;
      break;
    case PlannedPeer::Kind::group:
      made["ReferencedGroupInfo"] = group_reference(network, group, rule.peer);
      break;
  }
  if (!rule.description.empty()) made["Description"] = rule.description;
  made["Tags"] = Json::list();
  return made;
}

}  // namespace

Json describe_groups(const Network& network, const Account& account) {
  Json groups = Json::list();
  for (const std::uint32_t vpc : account.vpcs) {
    for (const PlannedGroup& group : plan_groups(network, vpc)) {
      groups.push_back({{"GroupId", group.id},
                        {"IpPermissionsEgress", permissions(network, group, true)},
                        {"Tags", Json::list()},
                        {"VpcId", network.vpcs()[vpc].id},
                        {"OwnerId", account.id},
                        {"GroupName", group.name},
                        {"Description", group.description},
                        {"IpPermissions", permissions(network, group, false)}});
    }
  }
  return groups;
}

Json describe_group_rules(const Network& network, const Account& account) {
  Json rules = Json::list();
  for (const std::uint32_t vpc : account.vpcs) {
    for (const PlannedGroup& group : plan_groups(network, vpc)) {
      for (const PlannedRule& rule : group.rules) {
        rules.push_back(describe_rule(network, group, rule));
      }
    }
  }
  return rules;
}

}  // namespace weir::synth
