// SPDX-License-Identifier: Apache-2.0
// synth: the company's security groups.
#include "synth/group_plan.hpp"

#include <fmt/format.h>

#include "synth/random.hpp"
#include "weir/ip.hpp"

namespace weir::synth {
namespace {

struct RoleName {
  Role role;
  std::string_view name;  ///< of its group; empty: it has none
  std::string_view description;
};

constexpr RoleName kRoleNames[] = {
    {Role::balancer, "balancer", "Load balancers"},
    {Role::network_balancer, "network-balancer", "Network load balancers"},
    {Role::nat_gateway, "", ""},
    {Role::regional_nat_gateway, "", ""},
    {Role::bastion, "bastion", "The way in for administrators"},
    {Role::resolver, "resolver", "DNS servers"},
    {Role::web, "web", "Web servers"},
    {Role::app, "app", "Applications"},
    {Role::task, "task", "ECS tasks"},
    {Role::database, "database", "Databases"},
    {Role::cache, "cache", "Caches"},
    {Role::endpoint, "endpoint", "Interface endpoints"},
};

std::string_view role_name(Role role) { return kRoleNames[static_cast<std::size_t>(role)].name; }

/// Services among the applications and the tasks of a VPC, each with a group of its own.
constexpr std::uint32_t kAppServices = 16;
constexpr std::uint32_t kTaskServices = 9;
constexpr std::string_view kShell = "shell";

std::string service_name(Role role, std::uint32_t number) {
  return fmt::format("{}-{:02}", role_name(role), number + 1);
}

/// The one or few targets of a rule.
class PeerPlan {
 public:
  PeerPlan(const Network& network, std::uint32_t vpc)
      : network_(network), vpc_(vpc), account_(network.accounts()[network.vpcs()[vpc].account]) {}

  std::vector<PlannedPeer> peers(Peers of) const {
    using Kind = PlannedPeer::Kind;
    switch (of) {
      case Peers::everyone:
        return {{Kind::ipv4, "0.0.0.0/0", vpc_}};
      case Peers::everyone_v6:
        return {{Kind::ipv6, "::/0", vpc_}};
      case Peers::company:
        return {{Kind::ipv4, "10.0.0.0/8", vpc_}};
      case Peers::company_v6:
        return blocks_v6();
      case Peers::vpc:
        return {{Kind::ipv4, prefix_text(network_.vpcs()[vpc_].ipv4, 16), vpc_}};
      case Peers::offices:
        return {{Kind::prefix_list, offices_id(network_, account_), vpc_}};
      case Peers::object_store:
      case Peers::key_value_store:
        return {{Kind::prefix_list, service_list_id(network_, account_, of), vpc_}};
      case Peers::balancers:
        return groups(role_name(Role::balancer));
      case Peers::bastions:
        return groups(role_name(Role::bastion));
      case Peers::web:
        return groups(role_name(Role::web));
      case Peers::apps:
        return groups(role_name(Role::app));
      case Peers::tasks:
        return groups(role_name(Role::task));
    }
    return {};
  }

 private:
  /// The VPC's own group and those of the peered ones.
  std::vector<PlannedPeer> groups(std::string_view name) const {
    std::vector<PlannedPeer> found;
    for (const std::uint32_t vpc : account_.vpcs) {
      found.push_back({PlannedPeer::Kind::group, group_id(network_, vpc, name), vpc});
    }
    return found;
  }
  std::vector<PlannedPeer> blocks_v6() const {
    std::vector<PlannedPeer> found;
    for (const std::uint32_t vpc : account_.vpcs) {
      found.push_back(
          {PlannedPeer::Kind::ipv6, prefix_text_v6(network_.vpcs()[vpc].ipv6, 56), vpc});
    }
    return found;
  }

  const Network& network_;
  std::uint32_t vpc_;
  const Account& account_;
};

PlannedGroup named_group(const Network& network, std::uint32_t vpc, std::string_view name,
                         std::string_view description) {
  return {.id = group_id(network, vpc, name),
          .name = std::string(name),
          .description = std::string(description),
          .vpc = vpc,
          .rules = {}};
}

void add_rules(PlannedGroup& group, const Opening& opening, const PeerPlan& plan) {
  for (PlannedPeer& peer : plan.peers(opening.peers)) {
    group.rules.push_back({.outbound = opening.outbound,
                           .protocol = opening.protocol,
                           .port = opening.port,
                           .peer = std::move(peer),
                           .description = std::string(opening.description)});
  }
}

/// What single networks of the company were once let in for. Nobody uses it.
void add_legacy_rules(PlannedGroup& group, Random& random) {
  constexpr std::uint32_t most = 40;
  const std::uint32_t count = random.between(4, most);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t network = (10U << 24) | (random.below(256) << 16) | (i << 8);
    group.rules.push_back({.outbound = false,
                           .protocol = RuleProtocol::tcp,
                           .port = static_cast<std::uint16_t>(random.between(7000, 7999)),
                           .peer = {PlannedPeer::Kind::ipv4, prefix_text(network, 24), group.vpc},
                           .description = {}});
  }
}

}  // namespace

std::string named_id(const Network& network, std::string_view prefix, std::string_view name) {
  std::uint64_t hash = network.seed();
  for (const char c : prefix) hash = scatter(hash ^ static_cast<unsigned char>(c));
  for (const char c : name) hash = scatter(hash ^ static_cast<unsigned char>(c));
  return fmt::format("{}-0{:016x}", prefix, hash);
}

std::string prefix_text(std::uint32_t address, std::uint8_t length) {
  return to_string(Cidr{Ip::from_ipv4(address), static_cast<std::uint8_t>(96 + length)});
}

std::string prefix_text_v6(std::uint64_t upper_half, std::uint8_t length) {
  return to_string(Cidr{{.high = upper_half, .low = 0}, length});
}

std::string offices_id(const Network& network, const Account& account) {
  return named_id(network, "pl", account.id + " offices");
}

std::string service_list_id(const Network& network, const Account& account, Peers list) {
  const std::string_view service = list == Peers::object_store ? "s3" : "dynamodb";
  // The same in all accounts of a Region, and eight digits.
  return named_id(network, "pl", fmt::format("{} {}", account.region, service)).substr(0, 11);
}

std::string group_id(const Network& network, std::uint32_t vpc, std::string_view name) {
  return named_id(network, "sg", fmt::format("{} {}", network.vpcs()[vpc].id, name));
}

std::vector<PlannedGroup> plan_groups(const Network& network, std::uint32_t vpc) {
  const PeerPlan plan(network, vpc);
  std::vector<PlannedGroup> groups;
  for (const RoleName& row : kRoleNames) {
    if (row.name.empty()) continue;
    PlannedGroup& group = groups.emplace_back(named_group(network, vpc, row.name, row.description));
    for (const Opening& opening : openings()) {
      if (opening.role == row.role) add_rules(group, opening, plan);
    }
  }
  PlannedGroup& shell =
      groups.emplace_back(named_group(network, vpc, kShell, "Shell for administrators"));
  add_rules(shell, {Role::app, false, RuleProtocol::tcp, 22, Peers::bastions}, plan);
  Random random(network.seed(), 0x67726f757073 + vpc);
  for (const auto& [role, count] :
       {std::pair{Role::app, kAppServices}, std::pair{Role::task, kTaskServices}}) {
    for (std::uint32_t i = 0; i < count; ++i) {
      add_legacy_rules(
          groups.emplace_back(named_group(network, vpc, service_name(role, i), "One service")),
          random);
    }
  }
  // AWS VPC User Guide, "Default security groups for your VPCs".
  PlannedGroup& unused =
      groups.emplace_back(named_group(network, vpc, "default", "default VPC security group"));
  unused.rules.push_back({.outbound = false,
                          .protocol = RuleProtocol::all,
                          .port = 0,
                          .peer = {PlannedPeer::Kind::group, unused.id, vpc},
                          .description = {}});
  add_rules(unused, {Role::app, true, RuleProtocol::all, 0, Peers::everyone}, plan);
  return groups;
}

std::vector<std::string> group_names(const Network& network, const Interface& interface) {
  const std::string_view role = role_name(interface.role);
  if (role.empty()) return {};
  std::vector<std::string> names{std::string(role)};
  const bool is_app = interface.role == Role::app;
  if (is_app || interface.role == Role::web) names.emplace_back(kShell);
  if (is_app || interface.role == Role::task) {
    const std::uint32_t first = network.vpcs()[interface.vpc].of(interface.role).front();
    const std::uint32_t services = is_app ? kAppServices : kTaskServices;
    names.push_back(service_name(interface.role, (interface.index - first) % services));
  }
  return names;
}

}  // namespace weir::synth
