// SPDX-License-Identifier: Apache-2.0
// policy: items from any number of files -> one Network, each item once.
#include "policy/network_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "policy/listing.hpp"

namespace weir::policy {
namespace {

constexpr std::size_t kShownDifferences = 5;

/// The same file may be read twice, and what cannot be read has no id.
void keep_each_once(std::vector<UnreadRule>& unread) {
  const auto order_of = [](const UnreadRule& rule) {
    return std::tuple(rule.direction, rule.traffic.protocol, rule.traffic.ports.from,
                      rule.traffic.ports.to, rule.traffic.icmp_type, rule.traffic.icmp_code,
                      rule.number);
  };
  std::sort(unread.begin(), unread.end(),
            [&](const UnreadRule& a, const UnreadRule& b) { return order_of(a) < order_of(b); });
  unread.erase(std::unique(unread.begin(), unread.end()), unread.end());
}

/// What two rules of a group must have in common to be the same. AWS refuses a second rule with the
/// same direction, protocol, ports and peer, whatever its description. The account of a group is
/// left out, since answers differ in whether they name it.
std::string content_of(const SecurityGroupRule& rule) {
  return fmt::format("{} {} {}", rule_direction_name(rule.direction), to_string(rule.traffic),
                     to_string(rule.peer));
}

/// Gives the rules of `group` the ids of equal rules; returns how many rules found no equal.
std::size_t give_ids(const std::vector<SecurityGroupRule>& from, SecurityGroup& group) {
  std::unordered_map<std::string, SecurityGroupRule*> by_content;
  for (SecurityGroupRule& rule : group.rules) by_content.emplace(content_of(rule), &rule);
  std::size_t strangers = 0;
  for (const SecurityGroupRule& rule : from) {
    const auto found = by_content.find(content_of(rule));
    if (found == by_content.end()) {
      ++strangers;
    } else if (found->second->rule_id.empty()) {
      found->second->rule_id = rule.rule_id;
    }
  }
  return strangers;
}

/// True for a group of which only rules were read: AWS gives every group a name.
bool is_made_of_rules(const SecurityGroup& group) { return group.name.empty(); }

bool same_entries(std::vector<Cidr> a, std::vector<Cidr> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

}  // namespace

NetworkBuilder::NetworkBuilder(Network& network, std::vector<std::string>& notes)
    : network_(network),
      notes_(notes),
      groups_(network.groups),
      acls_(network.acls),
      interfaces_(network.interfaces),
      subnets_(network.subnets),
      vpcs_(network.vpcs),
      prefix_lists_(network.prefix_lists) {}

template <class Item>
void NetworkBuilder::add_to(ItemsById<Item>& items, Item item, std::string_view file) {
  Item* known = items.find(item.id);
  if (known == nullptr) {
    items.add(std::move(item));
  } else if (!(*known == item)) {
    note_difference(item.id, file);
    *known = std::move(item);
  }
}

void NetworkBuilder::add(SecurityGroup group, std::string_view file) {
  SecurityGroup* known = groups_.find(group.id);
  if (known != nullptr) {
    give_ids(known->rules, group);
    if (is_made_of_rules(*known)) {
      *known = std::move(group);
      return;
    }
  }
  add_to(groups_, std::move(group), file);
}

void NetworkBuilder::add(OwnedRule rule, std::string_view file) {
  if (rule.is_unread) {
    unread_rules_.push_back(std::move(rule));
    return;
  }
  const auto [place, is_new] = rule_places_.emplace(rule.rule.rule_id, rules_.size());
  if (is_new) {
    rules_.push_back(std::move(rule));
    return;
  }
  OwnedRule& known = rules_[place->second];
  if (known.rule == rule.rule && known.group_id == rule.group_id) return;
  note_difference(rule.rule.rule_id, file);
  known = std::move(rule);
}

void NetworkBuilder::add(NetworkAcl acl, std::string_view file) {
  add_to(acls_, std::move(acl), file);
}

void NetworkBuilder::add(NetworkInterface interface, std::string_view file) {
  add_to(interfaces_, std::move(interface), file);
}

void NetworkBuilder::add(Subnet subnet, std::string_view file) {
  add_to(subnets_, std::move(subnet), file);
}

void NetworkBuilder::add(Vpc vpc, std::string_view file) { add_to(vpcs_, std::move(vpc), file); }

void NetworkBuilder::add(PrefixList list, std::string_view file) {
  PrefixList* known = prefix_lists_.find(list.id);
  if (known == nullptr) {
    prefix_lists_.add(std::move(list));
    return;
  }
  if (!list.name.empty()) known->name = std::move(list.name);
  known->is_incomplete = known->is_incomplete || list.is_incomplete;
  if (list.has_entries) add_entries(list.id, std::move(list.entries), false, file);
}

void NetworkBuilder::add_entries(const std::string& list_id, std::vector<Cidr> entries,
                                 bool continued, std::string_view file) {
  PrefixList* list = prefix_lists_.find(list_id);
  if (list == nullptr) {
    PrefixList made;
    made.id = list_id;
    list = &prefix_lists_.add(std::move(made));
  }
  if (continued) {
    list->entries.insert(list->entries.end(), entries.begin(), entries.end());
    return;
  }
  if (list->has_entries && !same_entries(list->entries, entries)) note_difference(list_id, file);
  list->has_entries = true;
  list->entries = std::move(entries);
}

void NetworkBuilder::place_rules(const std::string& group_id, std::vector<OwnedRule> rules) {
  SecurityGroup* group = groups_.find(group_id);
  if (group != nullptr && !is_made_of_rules(*group)) {
    std::vector<SecurityGroupRule> own;
    own.reserve(rules.size());
    for (OwnedRule& rule : rules) own.push_back(std::move(rule.rule));
    if (give_ids(own, *group) > 0) groups_of_other_times_.push_back(group_id);
    return;
  }
  if (group == nullptr) {
    SecurityGroup made;
    made.id = group_id;
    made.account_id = rules.front().account_id;
    group = &groups_.add(std::move(made));
  }
  std::unordered_map<std::string, std::size_t> by_id;
  std::unordered_map<std::string, std::size_t> without_id;  // by content
  for (std::size_t i = 0; i < group->rules.size(); ++i) {
    const SecurityGroupRule& rule = group->rules[i];
    if (rule.rule_id.empty()) {
      without_id.emplace(content_of(rule), i);
    } else {
      by_id.emplace(rule.rule_id, i);
    }
  }
  for (OwnedRule& owned : rules) {
    const auto same_id = by_id.find(owned.rule.rule_id);
    const auto same_content = without_id.find(content_of(owned.rule));
    if (same_id != by_id.end()) {
      group->rules[same_id->second] = std::move(owned.rule);
    } else if (same_content != without_id.end()) {
      group->rules[same_content->second] = std::move(owned.rule);
      without_id.erase(same_content);
    } else {
      group->rules.push_back(std::move(owned.rule));
    }
  }
  number_rules(*group);
}

void NetworkBuilder::miss_entries(const std::string& list_id) {
  if (PrefixList* list = prefix_lists_.find(list_id)) list->is_incomplete = true;
}

/// Rules that could not be read, to their groups. A group that was read by itself has all of its
/// rules without them.
void NetworkBuilder::place_unread_rules() {
  const auto add_to = [](const OwnedRule& rule, std::vector<UnreadRule>& unread) {
    for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
      if (rule.has_direction && direction != rule.rule.direction) continue;
      unread.push_back({.direction = direction, .traffic = rule.rule.traffic});
    }
  };
  for (const OwnedRule& rule : unread_rules_) {
    SecurityGroup* group = rule.group_id.empty() ? nullptr : groups_.find(rule.group_id);
    if (rule.group_id.empty()) {
      add_to(rule, network_.unread_rules);
    } else if (group == nullptr) {
      SecurityGroup made;
      made.id = rule.group_id;
      made.account_id = rule.account_id;
      add_to(rule, groups_.add(std::move(made)).unread);
    } else if (is_made_of_rules(*group)) {
      add_to(rule, group->unread);
    }
  }
  for (SecurityGroup& group : network_.groups) {
    if (misses_rules_ && is_made_of_rules(group)) {
      for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
        group.unread.push_back({.direction = direction, .traffic = {}});
      }
    }
    keep_each_once(group.unread);
  }
  keep_each_once(network_.unread_rules);
}

void NetworkBuilder::finish() {
  std::map<std::string, std::vector<OwnedRule>> by_group;
  for (OwnedRule& rule : rules_) by_group[rule.group_id].push_back(std::move(rule));
  rules_.clear();
  for (auto& [group_id, rules] : by_group) place_rules(group_id, std::move(rules));
  place_unread_rules();

  std::vector<std::string> lists;
  for (const SecurityGroup& group : network_.groups) {
    for (const SecurityGroupRule& rule : group.rules) {
      const auto* list = std::get_if<PrefixListReference>(&rule.peer);
      if (list != nullptr) lists.push_back(list->id);
    }
  }
  for (const std::string& id : lists) {
    PrefixList referred;
    referred.id = id;
    if (prefix_lists_.find(id) == nullptr) prefix_lists_.add(std::move(referred));
  }

  if (!groups_of_other_times_.empty()) {
    notes_.push_back(fmt::format(
        "describe-security-group-rules has rules that describe-security-groups lacks, in {}: the "
        "files are of different times, and describe-security-groups counts",
        list_some(groups_of_other_times_)));
  }
  std::size_t shown = 0;
  for (const auto& [id, file] : differences_) {
    if (shown++ == kShownDifferences) {
      notes_.push_back(fmt::format("{} more items were read twice and differ; the later ones count",
                                   differences_.size() - kShownDifferences));
      break;
    }
    notes_.push_back(
        fmt::format("{} was read twice, and they differ: what {} says counts", id, file));
  }
}

void NetworkBuilder::note_difference(const std::string& id, std::string_view file) {
  differences_[id] = file;
}

}  // namespace weir::policy
