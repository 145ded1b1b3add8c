// SPDX-License-Identifier: Apache-2.0
// policy: everything that was read about networks, and how it is found again.
#include <algorithm>

#include "weir/policy.hpp"

namespace weir {
namespace {

template <class Item>
void sort_by_id(std::vector<Item>& items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.id < b.id; });
}

/// The first of the items with this id; they are sorted.
template <class Item>
const Item* find_id(const std::vector<Item>& items, std::string_view id) noexcept {
  const auto found =
      std::lower_bound(items.begin(), items.end(), id,
                       [](const Item& item, std::string_view wanted) { return item.id < wanted; });
  return found == items.end() || found->id != id ? nullptr : &*found;
}

}  // namespace

void Network::index() {
  sort_by_id(groups);
  sort_by_id(acls);
  sort_by_id(prefix_lists);
  sort_by_id(subnets);
  sort_by_id(vpcs);
  sort_by_id(interfaces);
  acls_of_subnets_.clear();
  default_acls_.clear();
  for (std::uint32_t i = 0; i < acls.size(); ++i) {
    for (const std::string& subnet : acls[i].subnet_ids) acls_of_subnets_.push_back({subnet, i});
    if (acls[i].is_default) default_acls_.push_back({acls[i].vpc_id, i});
  }
  sort_by_id(acls_of_subnets_);
  sort_by_id(default_acls_);
}

const SecurityGroup* Network::find_group(std::string_view id) const noexcept {
  return find_id(groups, id);
}

const NetworkAcl* Network::find_acl(std::string_view id) const noexcept {
  return find_id(acls, id);
}

// AWS associates every subnet with an ACL and prints the association. The default ACL stands in
// where an ACL was read without its associations. Source: VPC User Guide, "Network ACL basics".
const NetworkAcl* Network::find_acl_of_subnet(std::string_view subnet_id) const noexcept {
  if (const AclOf* found = find_id(acls_of_subnets_, subnet_id)) return &acls[found->acl];
  const Subnet* subnet = find_subnet(subnet_id);
  if (subnet == nullptr) return nullptr;
  const AclOf* found = find_id(default_acls_, subnet->vpc_id);
  return found == nullptr ? nullptr : &acls[found->acl];
}

const PrefixList* Network::find_prefix_list(std::string_view id) const noexcept {
  return find_id(prefix_lists, id);
}

const Subnet* Network::find_subnet(std::string_view id) const noexcept {
  return find_id(subnets, id);
}

const Vpc* Network::find_vpc(std::string_view id) const noexcept { return find_id(vpcs, id); }

const NetworkInterface* Network::find_interface(std::string_view id) const noexcept {
  return find_id(interfaces, id);
}

}  // namespace weir
