// SPDX-License-Identifier: Apache-2.0
// policy: a network as an Evaluator keeps it, for its decisions and its traces.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "policy/compiled_rules.hpp"
#include "policy/subnet_plan.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// Of an interface's groups, one that was not read.
inline constexpr std::uint32_t kUnknownGroup = ~std::uint32_t{0};

struct CompiledGroup {
  std::array<CompiledGroupRules, 2> directions;  // by RuleDirection
};
struct CompiledAcl {
  std::array<CompiledEntries, 2> directions;
};

struct CompiledNetwork {
  explicit CompiledNetwork(const Network& network);

  struct Groups {
    std::size_t begin = 0;  // in group_places
    std::size_t count = 0;
  };

  /// Places of the interface's groups in Network::groups, in its order; kUnknownGroup where one
  /// was not read.
  std::span<const std::uint32_t> groups_of(std::uint32_t interface) const noexcept {
    const Groups& list = group_lists[interface];
    return std::span(group_places).subspan(list.begin, list.count);
  }
  bool is_known(std::uint32_t interface) const noexcept {
    return interface < network->interfaces.size();
  }
  const CompiledGroupRules& rules_of(std::uint32_t group, RuleDirection direction) const noexcept {
    return groups[group].directions[place_of(direction)];
  }
  const CompiledEntries& entries_of(const NetworkAcl& acl, RuleDirection direction) const noexcept {
    const auto place = static_cast<std::size_t>(&acl - network->acls.data());
    return acls[place].directions[place_of(direction)];
  }
  /// Whether a rule of the interface's groups that was not read may admit the packet.
  bool may_be_unread(std::uint32_t interface, const Packet& packet) const noexcept;
  /// Whether a rule of theirs admits the packet from some peer of its family.
  bool admits_some_peer(std::uint32_t interface, const Packet& packet) const noexcept;
  /// Whether the packet's own peer is hidden behind a load balancer that hands on its clients'
  /// addresses: the log lacks pkt-srcaddr and pkt-dstaddr, and srcaddr is the balancer's.
  /// Source: VPC User Guide, "Flow log records", pkt-srcaddr; Elastic Load Balancing, Network Load
  /// Balancers, "Client IP preservation".
  bool hides_peer(const Packet& packet) const noexcept {
    return !packet.peer_is_of_packet && !balancers.empty() &&
           std::binary_search(balancers.begin(), balancers.end(), packet.peer);
  }
  /// Whether groups decide about the packet at all; the interface is known.
  bool groups_filter(std::uint32_t interface, const Packet& packet) const noexcept;

  const Network* network;
  AddressesOfVpcs groupless;          // of interfaces that have groups, which were not read
  std::vector<CompiledGroup> groups;  // as in Network::groups
  std::vector<CompiledAcl> acls;      // as in Network::acls
  AddressClasses classes;
  SubnetPlans subnets;
  std::vector<Groups> group_lists;  // by interface
  std::vector<std::uint32_t> group_places;
  std::vector<Ip> balancers;  // addresses of Network Load Balancers, sorted
};

}  // namespace weir::policy

namespace weir {

struct Evaluator::State : policy::CompiledNetwork {
  using CompiledNetwork::CompiledNetwork;
};

}  // namespace weir
