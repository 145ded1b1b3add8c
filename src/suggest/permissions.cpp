// SPDX-License-Identifier: Apache-2.0
// suggest: rules as AWS's JSON has them.
#include "suggest/permissions.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "suggest/prefixes.hpp"

namespace weir::suggest {
namespace {

struct PeerKind {
  std::string_view list;  ///< of IpPermission
  std::string_view name;  ///< of its items
};

constexpr PeerKind kPeerKinds[] = {
    {"UserIdGroupPairs", "GroupId"},
    {"PrefixListIds", "PrefixListId"},
    {"IpRanges", "CidrIp"},
    {"Ipv6Ranges", "CidrIpv6"},
};

std::size_t kind_of(const RulePeer& peer) {
  if (std::holds_alternative<GroupReference>(peer)) return 0;
  if (std::holds_alternative<PrefixListReference>(peer)) return 1;
  return base::is_ipv4(std::get<Cidr>(peer)) ? 2 : 3;
}

void add_member(std::string& json, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  json += fmt::format(", \"{}\": {}", name, json_text(value));
}

std::string peer_json(const SecurityGroupRule& rule) {
  const PeerKind& kind = kPeerKinds[kind_of(rule.peer)];
  const auto* const group = std::get_if<GroupReference>(&rule.peer);
  std::string json =
      fmt::format("{{\"{}\": {}", kind.name,
                  json_text(group != nullptr ? group->group_id : to_string(rule.peer)));
  if (group != nullptr) {
    add_member(json, "UserId", group->account_id);
    add_member(json, "VpcId", group->vpc_id);
    add_member(json, "VpcPeeringConnectionId", group->peering_id);
  }
  add_member(json, "Description", rule.description);
  return json + "}";
}

/// Rules that differ in their peers alone.
struct Permission {
  TrafficMatch traffic;
  std::array<std::vector<std::string>, std::size(kPeerKinds)> peers;
};

std::vector<Permission> group_by_traffic(std::span<const SecurityGroupRule> rules,
                                         RuleDirection direction) {
  std::vector<Permission> permissions;
  for (const SecurityGroupRule& rule : rules) {
    if (rule.direction != direction) continue;
    if (permissions.empty() || permissions.back().traffic != rule.traffic) {
      permissions.emplace_back().traffic = rule.traffic;
    }
    permissions.back().peers[kind_of(rule.peer)].push_back(peer_json(rule));
  }
  return permissions;
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') {
      json += '\\';
      json += byte;
    } else if (static_cast<unsigned char>(byte) < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
    } else {
      json += byte;
    }
  }
  return json + '"';
}

std::string protocol_text(std::int16_t protocol) {
  const std::string_view word = base::rule_protocol_word(protocol);
  return word.empty() ? fmt::format("{}", protocol) : std::string(word);
}

bool has_from_and_to(std::int16_t protocol) {
  return base::has_ports(protocol) || base::has_icmp_types(protocol);
}

FromTo from_and_to(const TrafficMatch& traffic) {
  if (base::has_icmp_types(traffic.protocol)) {
    return {.from = traffic.icmp_type, .to = traffic.icmp_code};
  }
  return {.from = traffic.ports.from, .to = traffic.ports.to};
}

std::string permissions_json(std::span<const SecurityGroupRule> rules, RuleDirection direction,
                             std::string_view margin) {
  std::string json = "[";
  for (const Permission& permission : group_by_traffic(rules, direction)) {
    json += fmt::format("{}\n{}  {{\"IpProtocol\": {}", json.size() == 1 ? "" : ",", margin,
                        json_text(protocol_text(permission.traffic.protocol)));
    if (has_from_and_to(permission.traffic.protocol)) {
      const FromTo ports = from_and_to(permission.traffic);
      json += fmt::format(", \"FromPort\": {}, \"ToPort\": {}", ports.from, ports.to);
    }
    for (std::size_t kind = 0; kind < std::size(kPeerKinds); ++kind) {
      const std::vector<std::string>& peers = permission.peers[kind];
      if (peers.empty()) continue;
      json += fmt::format(",\n{}   \"{}\": [", margin, kPeerKinds[kind].list);
      for (std::size_t i = 0; i < peers.size(); ++i) {
        json += fmt::format("{}\n{}     {}", i == 0 ? "" : ",", margin, peers[i]);
      }
      json += ']';
    }
    json += '}';
  }
  return json.size() == 1 ? "[]" : fmt::format("{}\n{}]", json, margin);
}

}  // namespace weir::suggest
