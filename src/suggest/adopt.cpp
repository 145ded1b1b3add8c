// SPDX-License-Identifier: Apache-2.0
// suggest: the network as it would be with the proposed rules.
#include "suggest/adopt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace weir {
namespace {

using Ids = std::set<std::string, std::less<>>;

class Adopter {
 public:
  Adopter(const Network* now, const Suggestions& suggestions) : suggestions_(suggestions) {
    if (now != nullptr) result_.network = *now;
    add_interfaces();
    for (std::size_t i = 0; i < network().groups.size(); ++i) {
      places_[network().groups[i].id] = i;
    }
  }

  suggest::Adoption adopt() {
    for (std::size_t i = 0; i < suggestions_.proposals.size(); ++i) replace_rules(i);
    retire_groups();
    result_.network.index();
    result_.groups.assign(changed_groups_.begin(), changed_groups_.end());
    result_.interfaces.assign(changed_interfaces_.begin(), changed_interfaces_.end());
    return std::move(result_);
  }

 private:
  Network& network() { return result_.network; }

  void add_interfaces() {
    Ids known;
    for (const NetworkInterface& interface : network().interfaces) known.insert(interface.id);
    for (const Suggestion& proposal : suggestions_.proposals) {
      for (const std::string& id : proposal.interface_ids) {
        covered_.insert(id);
        // Records of a log without interface-id are of nobody knows which interfaces.
        if (!id.empty() && !known.contains(id)) network().interfaces.emplace_back().id = id;
      }
    }
  }

  void replace_rules(std::size_t i) {
    const Suggestion& proposal = suggestions_.proposals[i];
    const std::string id = suggest::proposed_group_id(suggestions_, i);
    const auto [place, is_new] = places_.try_emplace(id, network().groups.size());
    if (is_new) network().groups.emplace_back();
    SecurityGroup& group = network().groups[place->second];
    if (is_new) {
      group.id = id;
      group.name = fmt::format("suggested-{}", i + 1);
      group.description = "what the flow logs saw accepted";
      group.vpc_id = proposal.vpc_id;
      group.account_id = proposal.account_id;
    }
    group.rules.clear();
    group.unread.clear();
    std::uint32_t indexes[2] = {0, 0};
    for (const SuggestedRule& rule : proposal.rules) {
      group.rules.push_back({.rule_id = {},
                             .index = indexes[static_cast<std::size_t>(rule.direction)]++,
                             .direction = rule.direction,
                             .traffic = rule.traffic,
                             .peer = rule.peer,
                             .description = rule_description(rule)});
    }
    changed_groups_.insert(id);
    targets_.insert(id);
    for (const std::string& other : proposal.group_ids) retiring_.insert(other);
    if (!proposal.group_id.empty()) return;
    const Ids members(proposal.interface_ids.begin(), proposal.interface_ids.end());
    for (NetworkInterface& interface : network().interfaces) {
      if (!members.contains(interface.id)) continue;
      interface.group_ids.push_back(id);
      changed_interfaces_.insert(interface.id);
    }
  }

  /// What the proposals make superfluous. A group that someone refers to keeps its members.
  void retire_groups() {
    for (const std::string& target : targets_) retiring_.erase(target);
    for (auto id = retiring_.begin(); id != retiring_.end();) {
      const bool is_only_ours = std::all_of(
          network().interfaces.begin(), network().interfaces.end(), [&](const auto& interface) {
            return covered_.contains(interface.id) || !carries(interface, *id);
          });
      const auto place = places_.find(*id);
      if (!is_only_ours || place == places_.end()) {
        ++id;
        continue;
      }
      network().groups[place->second].rules.clear();
      network().groups[place->second].unread.clear();
      changed_groups_.insert(*id);
      id = retiring_.erase(id);
    }
    Ids referred;
    for (const SecurityGroup& group : network().groups) {
      for (const SecurityGroupRule& rule : group.rules) {
        if (const auto* other = std::get_if<GroupReference>(&rule.peer)) {
          referred.insert(other->group_id);
        }
      }
    }
    for (NetworkInterface& interface : network().interfaces) {
      if (!covered_.contains(interface.id)) continue;
      const auto removed = std::erase_if(interface.group_ids, [&](const std::string& group) {
        return retiring_.contains(group) && !referred.contains(group);
      });
      if (removed > 0) changed_interfaces_.insert(interface.id);
    }
  }

  static bool carries(const NetworkInterface& interface, const std::string& group) {
    return std::find(interface.group_ids.begin(), interface.group_ids.end(), group) !=
           interface.group_ids.end();
  }

  const Suggestions& suggestions_;
  suggest::Adoption result_;
  std::map<std::string, std::size_t> places_;  // of groups
  Ids covered_;                                // interfaces with a proposal
  Ids targets_;                                // groups whose rules are proposed
  Ids retiring_;                               // groups that the interfaces carry besides
  Ids changed_groups_;
  Ids changed_interfaces_;
};

}  // namespace

std::string suggest::proposed_group_id(const Suggestions& suggestions, std::size_t proposal) {
  const std::string& id = suggestions.proposals[proposal].group_id;
  return id.empty() ? fmt::format("sg-suggested-{}", proposal + 1) : id;
}

suggest::Adoption suggest::adopt_with_changes(const Network* now, const Suggestions& suggestions) {
  return Adopter(now, suggestions).adopt();
}

Network adopt(const Network* now, const Suggestions& suggestions) {
  return suggest::adopt_with_changes(now, suggestions).network;
}

}  // namespace weir
