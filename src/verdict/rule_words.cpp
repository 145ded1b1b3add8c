// SPDX-License-Identifier: Apache-2.0
// verdict: the rules of a verdict, by name and in words.
#include "verdict/rule_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "policy/traffic.hpp"

namespace weir::verdict {
namespace {

RuleDirection direction_of(Side side) noexcept {
  return side == Side::outbound ? RuleDirection::egress : RuleDirection::ingress;
}

std::string rule_words(const SecurityGroup& group, const SecurityGroupRule& rule) {
  return fmt::format(
      "security group {} {} rule {} ({} {} {})", group.id, rule_direction_name(rule.direction),
      rule.rule_id.empty() ? fmt::format("{}", rule.index) : rule.rule_id, to_string(rule.traffic),
      policy::from_or_to(rule.direction), to_string(rule.peer));
}

}  // namespace

NamedRules rules_of(const Verdict& verdict, const Network* network) {
  NamedRules rules;
  if (network == nullptr) return rules;
  if (verdict.group < network->groups.size()) {
    rules.group = &network->groups[verdict.group];
    if (verdict.group_rule < rules.group->rules.size()) {
      rules.group_rule = &rules.group->rules[verdict.group_rule];
    }
  }
  if (verdict.other_group < network->groups.size()) {
    rules.other_group = &network->groups[verdict.other_group];
    if (verdict.other_rule < rules.other_group->rules.size()) {
      rules.other_rule = &rules.other_group->rules[verdict.other_rule];
    }
  }
  if (verdict.acl < network->acls.size()) {
    rules.acl = &network->acls[verdict.acl];
    const RuleDirection direction = direction_of(verdict.side);
    const auto found = std::find_if(
        rules.acl->entries.begin(), rules.acl->entries.end(), [&](const AclEntry& entry) {
          return entry.number == verdict.acl_number && entry.direction == direction;
        });
    if (found != rules.acl->entries.end()) rules.acl_entry = &*found;
  }
  if (verdict.interface < network->interfaces.size()) {
    rules.interface = &network->interfaces[verdict.interface];
  }
  return rules;
}

std::string group_rule_words(const NamedRules& rules) {
  if (rules.group == nullptr || rules.group_rule == nullptr) return "a security group";
  return rule_words(*rules.group, *rules.group_rule);
}

std::string other_rule_words(const NamedRules& rules) {
  return rule_words(*rules.other_group, *rules.other_rule);
}

std::string acl_rule_words(const Verdict& verdict, const NamedRules& rules) {
  if (rules.acl == nullptr) return "the network ACL of the subnet";
  if (verdict.acl_number == Verdict::kNone) return fmt::format("network ACL {}", rules.acl->id);
  if (rules.acl_entry == nullptr) {
    return fmt::format("network ACL {} rule {} (the deny of all that no other rule matches)",
                       rules.acl->id, verdict.acl_number);
  }
  const AclEntry& entry = *rules.acl_entry;
  return fmt::format("network ACL {} rule {} ({} {} {} {})", rules.acl->id, entry.number,
                     entry.allow ? "allow" : "deny", to_string(entry.traffic),
                     policy::from_or_to(entry.direction), to_string(entry.peer));
}

std::string groups_words(const NamedRules& rules) {
  if (rules.interface == nullptr || rules.interface->group_ids.empty()) {
    return "the security groups of the interface";
  }
  const std::vector<std::string>& ids = rules.interface->group_ids;
  if (ids.size() == 1) return "security group " + ids.front();
  return fmt::format("security groups {} and {}", fmt::join(ids.begin(), ids.end() - 1, ", "),
                     ids.back());
}

std::string_view way_in_or_out(Side side) noexcept {
  switch (side) {
    case Side::inbound:
      return "in";
    case Side::outbound:
      return "out";
    case Side::unknown:
      break;
  }
  return "through";
}

std::string_view way_suffix(Side side) noexcept {
  switch (side) {
    case Side::inbound:
      return " inbound";
    case Side::outbound:
      return " outbound";
    case Side::unknown:
      break;
  }
  return "";
}

}  // namespace weir::verdict

namespace weir {

std::optional<RuleReference> deciding_rule(const Verdict& verdict, const Network* network) {
  const verdict::NamedRules rules = verdict::rules_of(verdict, network);
  if (verdict.cause == Cause::network_acl) {
    // An ACL that lets it pass now is not what stopped it then.
    if (rules.acl == nullptr || verdict.because.has(Fact::acl_allows)) return std::nullopt;
    if (verdict.acl_number == Verdict::kNone) return std::nullopt;
    return RuleReference{.is_acl = true,
                         .id = rules.acl->id,
                         .rule_id = {},
                         .index = 0,
                         .number = verdict.acl_number,
                         .direction = verdict::direction_of(verdict.side)};
  }
  // Groups deny by not allowing: no rule of theirs ever stopped anything.
  if (verdict.cause != Cause::allowed || rules.group_rule == nullptr) return std::nullopt;
  return RuleReference{.is_acl = false,
                       .id = rules.group->id,
                       .rule_id = rules.group_rule->rule_id,
                       .index = rules.group_rule->index,
                       .number = 0,
                       .direction = rules.group_rule->direction};
}

std::string to_string(const RuleReference& rule) {
  const std::string_view direction = rule_direction_name(rule.direction);
  if (rule.is_acl) return fmt::format("{} {} {}", rule.id, direction, rule.number);
  if (!rule.rule_id.empty()) return fmt::format("{} {} {}", rule.id, direction, rule.rule_id);
  return fmt::format("{} {} {}", rule.id, direction, rule.index);
}

}  // namespace weir
