// SPDX-License-Identifier: Apache-2.0
// rules: a place in one array for every rule of a network.
#include "rules/rule_slots.hpp"

#include <fmt/format.h>

namespace weir::rules {
namespace {

constexpr RuleDirection kDirections[] = {RuleDirection::ingress, RuleDirection::egress};

}  // namespace

RuleSlots::RuleSlots(const Network& network) : network_(network) {
  for (const SecurityGroup& group : network.groups) {
    group_begin_.push_back(places_.size());
    for (const SecurityGroupRule& rule : group.rules) {
      places_.push_back({.direction = rule.direction, .group = &group, .rule = &rule});
    }
  }
  no_group_rule_ = places_.size();
  for (const RuleDirection direction : kDirections) places_.push_back({.direction = direction});
  for (const NetworkAcl& acl : network.acls) add_acl(acl);
}

void RuleSlots::add_acl(const NetworkAcl& acl) {
  AclSlots& slots = acls_.emplace_back();
  slots.entries.resize(acl.entries.size());
  for (const RuleDirection direction : kDirections) {
    RulePlace place{.kind = RuleKind::network_acl, .direction = direction, .acl = &acl};
    for (std::size_t i = 0; i < acl.entries.size(); ++i) {
      if (acl.entries[i].direction != direction) continue;
      slots.entries[i] = places_.size();
      place.entry = &acl.entries[i];
      place.number = place.entry->number;
      places_.push_back(place);
    }
    slots.denies[static_cast<std::size_t>(direction)] = places_.size();
    place.entry = nullptr;
    for (const std::uint32_t number : {kImplicitDenyIpv4, kImplicitDenyIpv6}) {
      place.number = number;
      places_.push_back(place);
    }
  }
}

}  // namespace weir::rules

namespace weir {

std::string to_string(const RulePlace& place) {
  const std::string_view direction = rule_direction_name(place.direction);
  if (place.kind == RuleKind::network_acl) {
    return fmt::format("{} {} {}", place.acl->id, direction, place.number);
  }
  if (place.rule == nullptr) return fmt::format("no group rule for {}", direction);
  return fmt::format("{} {} {}", place.group->id, direction, place.rule->index);
}

}  // namespace weir
