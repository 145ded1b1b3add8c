// SPDX-License-Identifier: Apache-2.0
// rules: a proposal of a few files -> a whole configuration.
#include <algorithm>
#include <unordered_set>

#include "base/number_words.hpp"
#include "rules/use_text.hpp"
#include "weir/whatif.hpp"

namespace weir {
namespace {

/// Adds the items whose id the proposal does not have.
template <class T>
std::uint64_t take_over(std::vector<T>& proposed, const std::vector<T>& now) {
  std::unordered_set<std::string> known;
  for (const T& item : proposed) known.insert(item.id);
  std::uint64_t taken = 0;
  for (const T& item : now) {
    if (!known.insert(item.id).second) continue;
    proposed.push_back(item);
    ++taken;
  }
  return taken;
}

/// Of what was taken over, a subnet or a VPC's default must not have two ACLs.
void settle_acls(Network& proposed, std::size_t own) {
  std::unordered_set<std::string> subnets;
  std::unordered_set<std::string> vpcs;
  for (std::size_t i = 0; i < own; ++i) {
    subnets.insert(proposed.acls[i].subnet_ids.begin(), proposed.acls[i].subnet_ids.end());
    if (proposed.acls[i].is_default) vpcs.insert(proposed.acls[i].vpc_id);
  }
  for (std::size_t i = own; i < proposed.acls.size(); ++i) {
    NetworkAcl& acl = proposed.acls[i];
    std::erase_if(acl.subnet_ids, [&](const std::string& id) { return subnets.contains(id); });
    if (vpcs.contains(acl.vpc_id)) acl.is_default = false;
  }
}

/// Lists that the proposal knows by name only get their entries.
std::uint64_t take_over_entries(std::vector<PrefixList>& proposed,
                                const std::vector<PrefixList>& now) {
  std::uint64_t taken = take_over(proposed, now);
  for (PrefixList& list : proposed) {
    if (list.has_entries) continue;
    const auto found = std::find_if(now.begin(), now.end(), [&](const PrefixList& other) {
      return other.id == list.id && other.has_entries;
    });
    if (found == now.end()) continue;
    list = *found;
    ++taken;
  }
  return taken;
}

}  // namespace

std::vector<std::string> complete_proposal(Network& proposed, const Network& now) {
  std::vector<std::string> taken_over;
  const auto say = [&](std::uint64_t number, std::string_view one, std::string_view many) {
    if (number > 0) taken_over.push_back(base::counted(number, one, many));
  };
  const std::size_t own_acls = proposed.acls.size();
  say(take_over(proposed.groups, now.groups), "security group", "security groups");
  say(take_over(proposed.acls, now.acls), "network ACL", "network ACLs");
  settle_acls(proposed, own_acls);
  say(take_over_entries(proposed.prefix_lists, now.prefix_lists), "prefix list", "prefix lists");
  say(take_over(proposed.interfaces, now.interfaces), "network interface", "network interfaces");
  say(take_over(proposed.subnets, now.subnets), "subnet", "subnets");
  say(take_over(proposed.vpcs, now.vpcs), "VPC", "VPCs");
  return taken_over;
}

}  // namespace weir
