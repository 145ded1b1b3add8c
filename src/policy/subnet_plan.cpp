// SPDX-License-Identifier: Apache-2.0
// policy: interfaces, subnets and VPCs -> who is in the same subnet.
#include "policy/subnet_plan.hpp"

#include <algorithm>
#include <array>

#include "base/address_blocks.hpp"
#include "base/prefix.hpp"

namespace weir::policy {
namespace {

constexpr Ip link_local(std::uint64_t host) {
  return {.low = base::kLinkLocalIpv4.network.low | host};
}
constexpr Ip local_ipv6(std::uint64_t host) { return {.high = 0xfd00'0ec2'0000'0000, .low = host}; }

/// What security groups and network ACLs do not filter, besides the router's addresses and the
/// resolver in the VPC.
/// Source: VPC User Guide, "Security group basics" and "Network ACL basics"; the addresses: EC2
/// User Guide, "Access instance metadata", "Amazon Time Sync Service"; ECS Developer Guide, "Task
/// metadata endpoint"; EC2 Windows Guide, "Windows activation".
constexpr std::array kServices{
    link_local(0xa9fd), local_ipv6(0x253),  // resolver
    link_local(0xa9fe), local_ipv6(0x254),  // instance metadata
    link_local(0xa97b), local_ipv6(0x123),  // time
    link_local(0xaa02),                     // metadata of ECS tasks
    link_local(0xa9fa), local_ipv6(0x250),  // activation of Windows
    link_local(0xa9fb), local_ipv6(0x251),
};

/// Source: VPC User Guide, "Subnet CIDR blocks": /16 to /28, and for IPv6 /44 to /64.
struct SubnetSizes {
  std::uint8_t largest = 0;
  std::uint8_t smallest = 0;
};
constexpr SubnetSizes sizes_of(bool ipv4) {
  return ipv4 ? SubnetSizes{.largest = base::kIpv4Bits + 16, .smallest = base::kIpv4Bits + 28}
              : SubnetSizes{.largest = 44, .smallest = 64};
}

Ip host_of(const Cidr& prefix, std::uint64_t number) {
  return {.high = prefix.network.high, .low = prefix.network.low + number};
}

std::vector<Cidr> of_family(const std::vector<Cidr>& prefixes, bool ipv4) {
  std::vector<Cidr> chosen;
  std::copy_if(prefixes.begin(), prefixes.end(), std::back_inserter(chosen),
               [&](const Cidr& prefix) { return base::is_ipv4(prefix) == ipv4; });
  return chosen;
}

/// Source: VPC User Guide, "Subnet CIDR blocks": of each subnet the second address is the router's,
/// and of the VPC's primary block the third is the resolver's.
void add_services(SubnetPlan& plan, const Subnet* subnet) {
  if (subnet != nullptr) {
    for (const Cidr& prefix : of_family(subnet->prefixes, true)) {
      plan.services.push_back(host_of(prefix, 1));
    }
  }
  if (plan.vpc == nullptr) return;
  const std::vector<Cidr> blocks = of_family(plan.vpc->prefixes, true);
  if (!blocks.empty()) plan.services.push_back(host_of(blocks.front(), 2));
}

/// Where a subnet may be that was not read, by the addresses in it.
void add_near(bool ipv4, SubnetPlan& plan) {
  const std::vector<Cidr> own = of_family(plan.inside, ipv4);
  const Cidr around = own.empty() ? (ipv4 ? base::kEveryIpv4 : base::kEveryIpv6)
                                  : base::prefix_of(own.front().network, sizes_of(ipv4).largest);
  // A VPC of which no block of this family was read may have one.
  if (plan.vpc == nullptr || of_family(plan.vpc->prefixes, ipv4).empty()) {
    plan.near.push_back(around);
    return;
  }
  for (const Cidr& block : plan.vpc->prefixes) {
    if (base::holds_all(around, block)) {
      plan.near.push_back(block);
    } else if (base::holds_all(block, around)) {
      plan.near.push_back(around);
    }
  }
}

std::string_view vpc_of(const Network& network, const NetworkInterface& interface) {
  if (!interface.vpc_id.empty()) return interface.vpc_id;
  const Subnet* subnet = network.find_subnet(interface.subnet_id);
  return subnet == nullptr ? std::string_view() : subnet->vpc_id;
}

}  // namespace

Answer is_inside(const SubnetPlan& subnet, const Ip& peer) noexcept {
  if (base::any_holds(subnet.inside, peer)) return Answer::yes;
  if (!base::any_holds(subnet.near, peer)) return Answer::no;
  const bool is_apart = subnet.apart != nullptr && base::any_holds(*subnet.apart, peer);
  return is_apart ? Answer::no : Answer::possibly;
}

bool is_unfiltered(const SubnetPlan& subnet, const Ip& peer) noexcept {
  const bool is_local = base::kLinkLocalIpv4.contains(peer) || peer.high == local_ipv6(0).high;
  if (is_local && std::find(kServices.begin(), kServices.end(), peer) != kServices.end()) {
    return true;
  }
  return std::find(subnet.services.begin(), subnet.services.end(), peer) != subnet.services.end();
}

SubnetPlans::SubnetPlans(const Network& network)
    : network_(&network), places_(network.interfaces.size()) {
  for (const Subnet& subnet : network.subnets) {
    if (subnet.vpc_id.empty()) continue;
    std::vector<Cidr>& all = subnets_[subnet.vpc_id];
    all.insert(all.end(), subnet.prefixes.begin(), subnet.prefixes.end());
  }
  std::unordered_map<std::string_view, std::uint32_t> places;
  std::vector<std::vector<const NetworkInterface*>> members;
  for (std::size_t i = 0; i < network.interfaces.size(); ++i) {
    const NetworkInterface& interface = network.interfaces[i];
    // Interfaces whose subnet has no name are not in the same one.
    const std::string& key = interface.subnet_id.empty() ? interface.id : interface.subnet_id;
    const auto next = static_cast<std::uint32_t>(members.size());
    const auto [place, is_new] = places.emplace(key, next);
    if (is_new) members.emplace_back();
    members[place->second].push_back(&interface);
    places_[i] = place->second;
  }
  plans_.reserve(members.size());
  for (const auto& of_subnet : members) plans_.push_back(plan_of(of_subnet));
}

SubnetPlan SubnetPlans::plan_of(const std::vector<const NetworkInterface*>& members) const {
  SubnetPlan plan;
  const NetworkInterface& first = *members.front();
  plan.vpc = network_->find_vpc(vpc_of(*network_, first));
  plan.acl = network_->find_acl_of_subnet(first.subnet_id);
  plan.has_transit_gateway = std::any_of(
      members.begin(), members.end(),
      [](const NetworkInterface* member) { return member->type == kTransitGatewayInterface; });
  const Subnet* subnet = network_->find_subnet(first.subnet_id);
  add_services(plan, subnet);
  if (subnet != nullptr) plan.public_access = subnet->public_access;
  if (subnet != nullptr && !subnet->prefixes.empty()) {
    plan.inside = subnet->prefixes;
  } else {
    plan_unread(members, plan);
  }
  return plan;
}

void SubnetPlans::plan_unread(const std::vector<const NetworkInterface*>& members,
                              SubnetPlan& plan) const {
  for (const NetworkInterface* member : members) {
    for (const Ip& address : member->addresses) {
      plan.inside.push_back(base::prefix_of(address, sizes_of(address.is_ipv4()).smallest));
    }
    plan.inside.insert(plan.inside.end(), member->prefixes.begin(), member->prefixes.end());
  }
  std::sort(plan.inside.begin(), plan.inside.end());
  plan.inside.erase(std::unique(plan.inside.begin(), plan.inside.end()), plan.inside.end());
  add_near(true, plan);
  add_near(false, plan);
  const auto others = subnets_.find(vpc_of(*network_, *members.front()));
  if (others != subnets_.end()) plan.apart = &others->second;
}

}  // namespace weir::policy
