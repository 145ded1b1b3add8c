// SPDX-License-Identifier: Apache-2.0
// policy: what is known about a subnet: which peers are in it, and what is filtered nowhere.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address_blocks.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// AWS's InterfaceType of a transit gateway's attachment.
inline constexpr std::string_view kTransitGatewayInterface = "transit_gateway";

/// The part of a network that an interface's packets leave or enter.
struct SubnetPlan {
  const NetworkAcl* acl = nullptr;           ///< null if it is not known
  const Vpc* vpc = nullptr;                  ///< null if it was not read
  std::vector<Cidr> inside;                  ///< certainly in the subnet
  std::vector<Cidr> near;                    ///< possibly, if not `apart`
  const std::vector<Cidr>* apart = nullptr;  ///< the subnets of the VPC that were read, or null
  std::vector<Ip> services;                  ///< AWS's own addresses: the router, the resolver
  PublicAccess public_access = PublicAccess::unknown;
  bool has_transit_gateway = false;  ///< an attachment's interface is in it
};

/// Addresses that no internet gateway hands on.
inline constexpr std::array kNeverOnInternet{
    base::kPrivate8,      base::kPrivate12,   base::kPrivate16,    base::kSharedIpv4,
    base::kLinkLocalIpv4, base::kUniqueLocal, base::kLinkLocalIpv6};

/// Whether a peer is in the subnet.
Answer is_inside(const SubnetPlan& subnet, const Ip& peer) noexcept;

/// Whether neither groups nor ACLs filter what goes to and comes from this peer.
bool is_unfiltered(const SubnetPlan& subnet, const Ip& peer) noexcept;

/// Plans for all interfaces of a network; those of a subnet share one.
class SubnetPlans {
 public:
  explicit SubnetPlans(const Network& network);
  const SubnetPlan& of(std::uint32_t interface) const noexcept {
    return plans_[places_[interface]];
  }

 private:
  using SubnetsOfVpc = std::unordered_map<std::string_view, std::vector<Cidr>>;

  SubnetPlan plan_of(const std::vector<const NetworkInterface*>& members) const;
  void plan_unread(const std::vector<const NetworkInterface*>& members, SubnetPlan& plan) const;

  const Network* network_;
  SubnetsOfVpc subnets_;
  std::vector<SubnetPlan> plans_;
  std::vector<std::uint32_t> places_;  // by interface
};

}  // namespace weir::policy
