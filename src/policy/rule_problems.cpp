// SPDX-License-Identifier: Apache-2.0
// policy: rules that can never decide, that are there twice, or that refer to nothing.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/prefix.hpp"
#include "policy/coverage_of_rules.hpp"
#include "policy/references.hpp"
#include "policy/traffic.hpp"

namespace weir {
namespace {

/// More than AWS lets a group or an ACL have. Longer lists are no configuration of AWS, and are
/// looked at this far.
constexpr std::size_t kMostRules = 1000;
constexpr std::size_t kMostEntries = 200;

// ---- groups ----

/// Whether every peer of `inner` is one of `outer`, by what is written in the configuration.
bool contains(const RulePeer& outer, const RulePeer& inner, const Network& network) {
  const auto* outer_prefix = std::get_if<Cidr>(&outer);
  const auto* inner_prefix = std::get_if<Cidr>(&inner);
  if (outer_prefix != nullptr && inner_prefix != nullptr) {
    return base::holds_all(*outer_prefix, *inner_prefix);
  }
  if (outer.index() == inner.index()) {
    if (const auto* list = std::get_if<PrefixListReference>(&outer)) {
      return *list == std::get<PrefixListReference>(inner);
    }
    const auto& outer_group = std::get<GroupReference>(outer);
    const auto& inner_group = std::get<GroupReference>(inner);
    return outer_group.group_id == inner_group.group_id &&
           (!policy::has_deleted_peering(outer_group) || policy::has_deleted_peering(inner_group));
  }
  const auto* inner_list = std::get_if<PrefixListReference>(&inner);
  if (outer_prefix != nullptr && inner_list != nullptr) {
    // Entries may change, but never to the other family (EC2 API, CreateManagedPrefixList).
    const PrefixList* list = network.find_prefix_list(inner_list->id);
    return base::is_every_address(*outer_prefix) && list != nullptr && list->has_entries &&
           !list->entries.empty() &&
           std::all_of(list->entries.begin(), list->entries.end(),
                       [&](const Cidr& entry) { return base::holds_all(*outer_prefix, entry); });
  }
  const auto* outer_list = std::get_if<PrefixListReference>(&outer);
  if (outer_list == nullptr || inner_prefix == nullptr) return false;
  const PrefixList* list = network.find_prefix_list(outer_list->id);
  return list != nullptr && list->has_entries &&
         std::any_of(list->entries.begin(), list->entries.end(),
                     [&](const Cidr& entry) { return base::holds_all(entry, *inner_prefix); });
}

/// Another rule of the group that contains this one. Of equal ones, the first stands.
void compare_rules(const Network& network, const SecurityGroup& group, std::size_t place,
                   std::vector<RuleProblem>& problems) {
  const SecurityGroupRule& rule = group.rules[place];
  const TrafficMatch traffic = policy::meaning_of(rule.traffic);
  for (std::size_t i = 0; i < std::min(group.rules.size(), kMostRules); ++i) {
    const SecurityGroupRule& other = group.rules[i];
    if (i == place || other.direction != rule.direction) continue;
    const TrafficMatch other_traffic = policy::meaning_of(other.traffic);
    if (!policy::contains(other_traffic, traffic) || !contains(other.peer, rule.peer, network))
      continue;
    const bool is_same = traffic == other_traffic && contains(rule.peer, other.peer, network);
    if (is_same && i > place) continue;
    RuleProblem problem;
    problem.finding = is_same ? RuleFinding::duplicate : RuleFinding::shadowed;
    problem.group = &group;
    problem.rule = &rule;
    problem.by_rule = &other;
    problem.reason = fmt::format("rule {} ({} {} {}) {}", other.index, to_string(other.traffic),
                                 policy::from_or_to(other.direction), to_string(other.peer),
                                 is_same ? "matches the same" : "matches all that this one does");
    problems.push_back(std::move(problem));
    return;
  }
}

/// VPCs of which groups of an account were read. What is not among them is gone, unless somebody
/// printed a part: the finding says so. Of groups that are made of their rules only, those without
/// rules are not there either.
class ReadGroups {
 public:
  explicit ReadGroups(const Network& network) {
    for (const SecurityGroup& group : network.groups) {
      if (!group.name.empty()) owners_.insert(key(group.vpc_id, group.account_id));
    }
  }
  bool contain(std::string_view vpc_id, const std::string& account_id) const {
    return !vpc_id.empty() && owners_.contains(key(vpc_id, account_id));
  }

 private:
  static std::string key(std::string_view vpc_id, const std::string& account_id) {
    return fmt::format("{} {}", vpc_id, account_id);
  }
  std::unordered_set<std::string> owners_;
};

void check_reference(const Network& network, const ReadGroups& read, const SecurityGroup& group,
                     const SecurityGroupRule& rule, std::vector<RuleProblem>& problems) {
  const auto* reference = std::get_if<GroupReference>(&rule.peer);
  if (reference == nullptr) return;
  RuleProblem problem;
  problem.finding = RuleFinding::stale_reference;
  problem.group = &group;
  problem.rule = &rule;
  if (policy::has_deleted_peering(*reference)) {
    problem.reason =
        fmt::format("the peering {} to {} was deleted", reference->peering_id, reference->group_id);
    problems.push_back(std::move(problem));
    return;
  }
  const std::string& account =
      reference->account_id.empty() ? group.account_id : reference->account_id;
  const std::string_view vpc_id = policy::vpc_of(*reference, group);
  if (network.find_group(reference->group_id) != nullptr || !read.contain(vpc_id, account)) return;
  problem.proven = false;
  problem.reason = fmt::format("{} is not among the groups of {}", reference->group_id, vpc_id);
  problems.push_back(std::move(problem));
}

// ---- ACLs ----

/// Those of `entries` without which they would not cover `entry`.
std::vector<const AclEntry*> needed(std::vector<const AclEntry*> entries, const AclEntry& entry) {
  for (std::size_t i = entries.size(); i-- > 0;) {
    std::vector<const AclEntry*> fewer = entries;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (policy::cover(fewer, entry)) entries = std::move(fewer);
  }
  return entries;
}

std::string numbers_of(const std::vector<const AclEntry*>& entries) {
  std::string text;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    text += i == 0 ? "" : i + 1 == entries.size() ? " and " : ", ";
    text += std::to_string(entries[i]->number);
  }
  return text;
}

void check_entry(const NetworkAcl& acl, const AclEntry& entry,
                 const std::vector<const AclEntry*>& earlier, std::vector<RuleProblem>& problems) {
  RuleProblem problem;
  problem.acl = &acl;
  problem.entry = &entry;
  const auto alone = std::find_if(earlier.begin(), earlier.end(), [&](const AclEntry* other) {
    return policy::cover(std::span(&other, 1), entry);
  });
  if (alone != earlier.end()) {
    const AclEntry& other = **alone;
    problem.by_entries = {&other};
    const bool is_same =
        other.peer == entry.peer && policy::meaning_of(policy::traffic_of(other)) ==
                                        policy::meaning_of(policy::traffic_of(entry));
    problem.finding = is_same ? RuleFinding::duplicate : RuleFinding::shadowed;
    problem.reason =
        fmt::format("entry {} ({} {} {} {}) decides before", other.number,
                    other.allow ? "allow" : "deny", to_string(policy::traffic_of(other)),
                    policy::from_or_to(other.direction), to_string(other.peer));
  } else if (policy::cover(earlier, entry)) {
    problem.by_entries = needed(earlier, entry);
    problem.reason = fmt::format("entries {} decide before", numbers_of(problem.by_entries));
  } else {
    return;
  }
  problems.push_back(std::move(problem));
}

void check_acl(const NetworkAcl& acl, RuleDirection direction, std::vector<RuleProblem>& problems) {
  std::vector<const AclEntry*> entries;
  for (const AclEntry& entry : acl.entries) {
    if (entry.direction == direction) entries.push_back(&entry);
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const AclEntry* a, const AclEntry* b) { return a->number < b->number; });
  std::vector<const AclEntry*> earlier;
  for (const AclEntry* entry : entries) {
    if (earlier.size() == kMostEntries) return;
    check_entry(acl, *entry, earlier, problems);
    earlier.push_back(entry);
  }
}

}  // namespace

std::vector<RuleProblem> find_rule_problems(const Network& network) {
  std::vector<RuleProblem> problems;
  const ReadGroups read(network);
  for (const SecurityGroup& group : network.groups) {
    for (std::size_t i = 0; i < group.rules.size(); ++i) {
      if (i < kMostRules) compare_rules(network, group, i, problems);
      check_reference(network, read, group, group.rules[i], problems);
    }
  }
  for (const NetworkAcl& acl : network.acls) {
    check_acl(acl, RuleDirection::ingress, problems);
    check_acl(acl, RuleDirection::egress, problems);
  }
  return problems;
}

}  // namespace weir
