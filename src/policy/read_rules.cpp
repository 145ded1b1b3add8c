// SPDX-License-Identifier: Apache-2.0
// policy: one item of an AWS answer -> a security group, one of its rules, or a network ACL.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "policy/read_items.hpp"

namespace weir::policy {
namespace {

constexpr std::string_view kGroupWithoutId = "a group without an id";

RuleDirection direction_of(bool is_egress) {
  return is_egress ? RuleDirection::egress : RuleDirection::ingress;
}

GroupReference read_reference(const JsonObject& pair) {
  GroupReference reference;
  reference.group_id = text_member(pair, "GroupId");
  reference.account_id = text_member(pair, "UserId");
  reference.vpc_id = text_member(pair, "VpcId");
  reference.peering_id = text_member(pair, "VpcPeeringConnectionId");
  reference.peering_status = text_member(pair, "PeeringStatus");
  return reference;
}

/// The rules of a group in one direction.
class PermissionReader {
 public:
  PermissionReader(SecurityGroup& group, RuleDirection direction, std::string_view key,
                   ItemProblems& problems)
      : group_(group), direction_(direction), key_(key), problems_(problems) {}

  void read(const JsonObject& item) {
    each_object(
        item, key_,
        [this](const JsonObject& permission, std::size_t place) {
          where_ = fmt::format("{} {}[{}]", group_.id, key_, place);
          if (const auto bad = read_group_traffic(permission, traffic_)) {
            leave_out(where_, bad->problem, bad->value);
            return;
          }
          read_prefixes(permission, "IpRanges", "CidrIp");
          read_prefixes(permission, "Ipv6Ranges", "CidrIpv6");
          read_named(permission, "PrefixListIds", "PrefixListId");
          read_named(permission, "UserIdGroupPairs", "GroupId");
        },
        [this](const JsonElement& element, std::size_t place) {
          traffic_ = TrafficMatch{};
          leave_out(fmt::format("{} {}[{}]", group_.id, key_, place), "it is not an object",
                    json_text(element));
        });
  }

 private:
  /// What is left out could have decided what it matches at most.
  void leave_out(std::string_view where, std::string_view problem, std::string_view value) {
    problems_.add(where, problem, value);
    group_.unread.push_back({.direction = direction_, .traffic = traffic_});
  }

  /// Calls `visit(JsonObject, place)` for each peer of a list.
  template <class Visit>
  void each_peer(const JsonObject& permission, std::string_view list, Visit visit) {
    each_object(permission, list, visit, [&](const JsonElement& element, std::size_t place) {
      leave_out(fmt::format("{}.{}[{}]", where_, list, place), "it is not an object",
                json_text(element));
    });
  }

  void read_prefixes(const JsonObject& permission, std::string_view list, std::string_view key) {
    each_peer(permission, list, [&](const JsonObject& range, std::size_t place) {
      const std::optional<JsonElement> element = find_member(range, key);
      Cidr cidr;
      const std::optional<BadValue> bad =
          element ? read_cidr(*element, cidr) : BadValue{fmt::format("{} is missing", key), {}};
      if (bad) {
        leave_out(fmt::format("{}.{}[{}]", where_, list, place), bad->problem, bad->value);
        return;
      }
      add(cidr, range);
    });
  }

  void read_named(const JsonObject& permission, std::string_view list, std::string_view key) {
    each_peer(permission, list, [&](const JsonObject& named, std::size_t place) {
      const std::string id = text_member(named, key);
      if (id.empty()) {
        leave_out(fmt::format("{}.{}[{}]", where_, list, place), fmt::format("{} is missing", key),
                  {});
      } else if (key == "GroupId") {
        add(read_reference(named), named);
      } else {
        add(PrefixListReference{id}, named);
      }
    });
  }

  void add(RulePeer peer, const JsonObject& described) {
    SecurityGroupRule& rule = group_.rules.emplace_back();
    rule.direction = direction_;
    rule.traffic = traffic_;
    rule.peer = std::move(peer);
    rule.description = text_member(described, "Description");
  }

  SecurityGroup& group_;
  RuleDirection direction_;
  std::string_view key_;
  ItemProblems& problems_;
  std::string where_;
  TrafficMatch traffic_;
};

/// The peer of a rule that was read by itself: exactly one of four members.
std::optional<BadValue> read_peer(const JsonObject& item, RulePeer& peer) {
  for (const std::string_view key : {"CidrIpv4", "CidrIpv6"}) {
    const std::optional<JsonElement> element = find_member(item, key);
    if (!element) continue;
    Cidr cidr;
    if (auto bad = read_cidr(*element, cidr)) return bad;
    peer = cidr;
    return std::nullopt;
  }
  if (std::string id = text_member(item, "PrefixListId"); !id.empty()) {
    peer = PrefixListReference{std::move(id)};
    return std::nullopt;
  }
  if (const std::optional<JsonObject> group = find_object(item, "ReferencedGroupInfo")) {
    GroupReference reference = read_reference(*group);
    if (!reference.group_id.empty()) {
      peer = std::move(reference);
      return std::nullopt;
    }
  }
  return BadValue{
      "none of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupInfo.GroupId is there", {}};
}

/// Reads an entry, unless it is one of the implicit denies.
std::optional<BadValue> read_entry(const JsonObject& item, AclEntry& entry, bool& implicit) {
  const NumberMember number = number_member(item, "RuleNumber");
  implicit = number.value == kImplicitDenyIpv4 || number.value == kImplicitDenyIpv6;
  if (implicit) return std::nullopt;
  if (!number.value || *number.value < 1 || *number.value >= kImplicitDenyIpv4) {
    const std::optional<JsonElement> element = find_member(item, "RuleNumber");
    return BadValue{"RuleNumber is not a number from 1 to 32766",
                    element ? json_text(*element) : std::string()};
  }
  entry.number = static_cast<std::uint32_t>(*number.value);

  bool egress = false;
  if (item["Egress"].get_bool().get(egress) != simdjson::SUCCESS) {
    return BadValue{"Egress is neither true nor false", {}};
  }
  entry.direction = direction_of(egress);
  const std::string action = text_member(item, "RuleAction");
  if (action != "allow" && action != "deny") {
    return BadValue{"RuleAction is neither allow nor deny", action};
  }
  entry.allow = action == "allow";

  std::optional<JsonElement> cidr = find_member(item, "CidrBlock");
  if (!cidr) cidr = find_member(item, "Ipv6CidrBlock");
  if (!cidr) return BadValue{"neither CidrBlock nor Ipv6CidrBlock is there", {}};
  if (auto bad = read_cidr(*cidr, entry.peer)) return bad;
  return read_acl_traffic(item, !find_member(item, "CidrBlock"), entry.traffic);
}

/// What an entry that could not be read may match: where its direction is not known, both.
void add_unread(const JsonObject& item, const AclEntry& read, std::vector<UnreadRule>& unread) {
  bool egress = false;
  const bool has_direction = item["Egress"].get_bool().get(egress) == simdjson::SUCCESS;
  for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
    if (has_direction && direction != direction_of(egress)) continue;
    unread.push_back({.direction = direction, .traffic = read.traffic, .number = read.number});
  }
}

}  // namespace

std::optional<SecurityGroup> read_group(const JsonObject& item, ItemProblems& problems) {
  SecurityGroup group;
  group.id = text_member(item, "GroupId");
  if (group.id.empty()) {
    problems.add(kGroupWithoutId, "GroupId is missing", {});
    return std::nullopt;
  }
  if (!find_array(item, "IpPermissions") && !find_array(item, "IpPermissionsEgress")) {
    problems.add(group.id, "neither IpPermissions nor IpPermissionsEgress is there", {});
    return std::nullopt;
  }
  group.name = text_member(item, "GroupName");
  group.description = text_member(item, "Description");
  group.vpc_id = text_member(item, "VpcId");
  group.account_id = text_member(item, "OwnerId");
  // AWS prints both lists, empty ones too: one that is not there was not read.
  if (!find_array(item, "IpPermissions")) {
    group.unread.push_back({.direction = RuleDirection::ingress, .traffic = {}});
  }
  if (!find_array(item, "IpPermissionsEgress")) {
    group.unread.push_back({.direction = RuleDirection::egress, .traffic = {}});
  }
  PermissionReader(group, RuleDirection::ingress, "IpPermissions", problems).read(item);
  PermissionReader(group, RuleDirection::egress, "IpPermissionsEgress", problems).read(item);
  number_rules(group);
  return group;
}

OwnedRule read_group_rule(const JsonObject& item, ItemProblems& problems) {
  OwnedRule owned;
  owned.rule.rule_id = text_member(item, "SecurityGroupRuleId");
  owned.group_id = text_member(item, "GroupId");
  owned.account_id = text_member(item, "GroupOwnerId");
  if (owned.rule.rule_id.empty() || owned.group_id.empty()) {
    problems.add(owned.rule.rule_id.empty() ? "a rule without an id" : owned.rule.rule_id,
                 "SecurityGroupRuleId or GroupId is missing", {});
    owned.is_unread = true;
    return owned;
  }
  std::optional<BadValue> bad = read_group_traffic(item, owned.rule.traffic);
  if (!bad) bad = read_peer(item, owned.rule.peer);
  bool egress = false;
  owned.has_direction = item["IsEgress"].get_bool().get(egress) == simdjson::SUCCESS;
  if (!bad && !owned.has_direction) bad = BadValue{"IsEgress is neither true nor false", {}};
  owned.rule.direction = direction_of(egress);
  if (bad) {
    problems.add(fmt::format("{} of {}", owned.rule.rule_id, owned.group_id), bad->problem,
                 bad->value);
    owned.is_unread = true;
    return owned;
  }
  owned.rule.description = text_member(item, "Description");
  return owned;
}

std::optional<NetworkAcl> read_acl(const JsonObject& item, ItemProblems& problems) {
  NetworkAcl acl;
  acl.id = text_member(item, "NetworkAclId");
  if (acl.id.empty()) {
    problems.add("a network ACL without an id", "NetworkAclId is missing", {});
    return std::nullopt;
  }
  if (!find_array(item, "Entries")) {
    problems.add(acl.id, "Entries is missing", {});
    return std::nullopt;
  }
  acl.vpc_id = text_member(item, "VpcId");
  acl.account_id = text_member(item, "OwnerId");
  acl.is_default = flag_member(item, "IsDefault");
  each_object(item, "Associations", [&acl](const JsonObject& association, std::size_t) {
    std::string subnet = text_member(association, "SubnetId");
    if (!subnet.empty()) acl.subnet_ids.push_back(std::move(subnet));
  });
  each_object(
      item, "Entries",
      [&](const JsonObject& element, std::size_t place) {
        AclEntry entry;
        bool implicit = false;
        if (const auto bad = read_entry(element, entry, implicit)) {
          problems.add(fmt::format("{} Entries[{}]", acl.id, place), bad->problem, bad->value);
          add_unread(element, entry, acl.unread);
        } else if (!implicit) {
          acl.entries.push_back(entry);
        }
      },
      [&](const JsonElement& element, std::size_t place) {
        problems.add(fmt::format("{} Entries[{}]", acl.id, place), "it is not an object",
                     json_text(element));
        acl.unread.push_back({.direction = RuleDirection::ingress, .traffic = {}});
        acl.unread.push_back({.direction = RuleDirection::egress, .traffic = {}});
      });
  std::stable_sort(acl.entries.begin(), acl.entries.end(),
                   [](const AclEntry& a, const AclEntry& b) {
                     return std::tie(a.direction, a.number) < std::tie(b.direction, b.number);
                   });
  return acl;
}

void number_rules(SecurityGroup& group) {
  std::stable_sort(group.rules.begin(), group.rules.end(),
                   [](const SecurityGroupRule& a, const SecurityGroupRule& b) {
                     return a.direction < b.direction;
                   });
  std::uint32_t next[2] = {0, 0};
  for (SecurityGroupRule& rule : group.rules) {
    rule.index = next[rule.direction == RuleDirection::egress ? 1 : 0]++;
  }
}

}  // namespace weir::policy
