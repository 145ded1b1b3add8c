// SPDX-License-Identifier: Apache-2.0
// policy: references of rules to prefix lists and groups, resolved by what was read.
#include "policy/references.hpp"

#include <algorithm>

#include "base/address_blocks.hpp"
#include "base/prefix.hpp"

namespace weir::policy {

bool has_deleted_peering(const GroupReference& reference) noexcept {
  return reference.peering_status == "deleted";
}

std::string_view vpc_of(const GroupReference& reference, const SecurityGroup& owner) noexcept {
  return reference.vpc_id.empty() ? owner.vpc_id : reference.vpc_id;
}

namespace {

/// Where members of a group are whose VPC is not known. Source: VPC User Guide, "Security group
/// rules": a reference stands for private IPv4 addresses, and IPv6 addresses.
const std::vector<Cidr>& anywhere_in_vpcs() {
  static const std::vector<Cidr> kBlocks = {base::kPrivate8, base::kPrivate12, base::kPrivate16,
                                            base::kSharedIpv4, base::kEveryIpv6};
  return kBlocks;
}

}  // namespace

References::References(const Network& network, const AddressesOfVpcs& groupless)
    : network_(network), groupless_(groupless) {
  for (const NetworkInterface& interface : network.interfaces) {
    accounts_of_vpcs_[interface.vpc_id].insert(interface.account_id);
    for (const std::string& group : interface.group_ids) members_[group].push_back(&interface);
  }
}

ResolvedPeer References::resolve(const RulePeer& peer, const SecurityGroup& owner) {
  if (const auto* prefix = std::get_if<Cidr>(&peer)) return *prefix;
  if (const auto* list = std::get_if<PrefixListReference>(&peer)) return resolve_list(*list);
  return resolve_group(std::get<GroupReference>(peer), owner);
}

ResolvedPeer References::resolve_list(const PrefixListReference& reference) {
  const PrefixList* list = network_.find_prefix_list(reference.id);
  if (list == nullptr || !list->has_entries || list->is_incomplete) return UnreadPeers{};
  const auto next = static_cast<AddressClasses::SetId>(sets_.size());
  const auto [place, is_new] = set_ids_.emplace(list->id, next);
  if (is_new) sets_.push_back(list->entries);
  return place->second;
}

// Source: VPC User Guide, "Security group rules": a reference stands for the private addresses of
// the interfaces that carry the group, and adds none of its rules.
ResolvedPeer References::resolve_group(const GroupReference& reference,
                                       const SecurityGroup& owner) {
  if (has_deleted_peering(reference)) return NoPeers{};
  const std::string_view vpc_id = vpc_of(reference, owner);
  const std::string& account =
      reference.account_id.empty() ? owner.account_id : reference.account_id;
  if (!knows_members(vpc_id, account, reference.group_id)) {
    // Without a VPC's id, a group of another account may be in any.
    const bool is_elsewhere = reference.vpc_id.empty() && account != owner.account_id;
    if (is_elsewhere) return UnreadPeers{.inside = &anywhere_in_vpcs()};
    const Vpc* vpc = network_.find_vpc(vpc_id);
    const bool has_prefixes = vpc != nullptr && !vpc->prefixes.empty();
    return UnreadPeers{.inside = has_prefixes ? &vpc->prefixes : nullptr};
  }
  const auto next = static_cast<AddressClasses::SetId>(sets_.size());
  const auto [place, is_new] = set_ids_.emplace(reference.group_id, next);
  if (is_new) sets_.push_back(addresses_of_members(reference.group_id));
  return place->second;
}

const std::vector<Cidr>* References::perhaps_members(const RulePeer& peer,
                                                     const SecurityGroup& owner) const {
  const auto* reference = std::get_if<GroupReference>(&peer);
  if (reference == nullptr || has_deleted_peering(*reference)) return nullptr;
  const auto found = groupless_.find(vpc_of(*reference, owner));
  return found == groupless_.end() ? nullptr : &found->second;
}

/// An account that a file does not name may be any.
bool References::knows_members(std::string_view vpc_id, std::string_view account_id,
                               std::string_view group_id) const {
  if (network_.interfaces_incomplete) return false;
  const auto accounts = accounts_of_vpcs_.find(vpc_id);
  if (accounts == accounts_of_vpcs_.end()) return false;
  if (!account_id.empty() && !accounts->second.contains(account_id) &&
      !accounts->second.contains(std::string_view())) {
    return false;
  }
  const auto members = members_.find(group_id);
  return members == members_.end() ||
         std::none_of(members->second.begin(), members->second.end(),
                      [](const NetworkInterface* member) { return member->is_incomplete; });
}

std::vector<Cidr> References::addresses_of_members(std::string_view group_id) const {
  std::vector<Cidr> addresses;
  const auto members = members_.find(group_id);
  if (members == members_.end()) return addresses;
  for (const NetworkInterface* member : members->second) {
    for (const Ip& address : member->addresses) addresses.push_back(base::prefix_of(address));
    addresses.insert(addresses.end(), member->prefixes.begin(), member->prefixes.end());
  }
  return addresses;
}

}  // namespace weir::policy
