// SPDX-License-Identifier: Apache-2.0
// policy: what rules refer to -> sets of addresses.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "policy/address_classes.hpp"
#include "policy/rule_block.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// Source: EC2 API, DescribeStaleSecurityGroups.
bool has_deleted_peering(const GroupReference& reference) noexcept;

/// The VPC of a referenced group. AWS names it only if it is not that of the rule's own group.
std::string_view vpc_of(const GroupReference& reference, const SecurityGroup& owner) noexcept;

/// VPC -> addresses.
using AddressesOfVpcs = std::unordered_map<std::string_view, std::vector<Cidr>>;

/// Resolves references one by one, and then knows the sets that came of them.
///
/// A group's members are known if any interface of its account in its VPC was read: what AWS prints
/// are all interfaces of an account and Region. In a shared VPC there are those of other accounts.
class References {
 public:
  /// `groupless`: addresses of interfaces whose groups were not read. It must outlive what is
  /// resolved.
  References(const Network& network, const AddressesOfVpcs& groupless);

  /// `owner`: the group of the rule.
  ResolvedPeer resolve(const RulePeer& peer, const SecurityGroup& owner);
  /// Where there may be members besides those that resolve() knows; null if nowhere.
  const std::vector<Cidr>* perhaps_members(const RulePeer& peer, const SecurityGroup& owner) const;
  /// Of all that has been resolved.
  AddressClasses classes() const { return AddressClasses(sets_); }

 private:
  ResolvedPeer resolve_list(const PrefixListReference& reference);
  ResolvedPeer resolve_group(const GroupReference& reference, const SecurityGroup& owner);
  bool knows_members(std::string_view vpc_id, std::string_view account_id,
                     std::string_view group_id) const;
  std::vector<Cidr> addresses_of_members(std::string_view group_id) const;

  const Network& network_;
  const AddressesOfVpcs& groupless_;
  std::unordered_map<std::string_view, std::vector<const NetworkInterface*>> members_;
  std::unordered_map<std::string_view, std::unordered_set<std::string_view>> accounts_of_vpcs_;
  std::unordered_map<std::string_view, AddressClasses::SetId> set_ids_;  // of lists and groups
  std::vector<std::vector<Cidr>> sets_;
};

}  // namespace weir::policy
