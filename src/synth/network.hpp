// SPDX-License-Identifier: Apache-2.0
// synth: seed -> an invented company's accounts, VPCs, subnets and interfaces, and whom it talks
// to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "synth/line_text.hpp"
#include "synth/random.hpp"

namespace weir::synth {

/// An address as it stands in a line, and whose it is.
struct Endpoint {
  Word address;
  const Word* service;  ///< pkt-src-aws-service or pkt-dst-aws-service
  bool is_ipv6 = false;
};

/// What an interface is there for; what it talks about follows from it.
enum class Role : std::uint8_t {
  balancer,          ///< Application Load Balancer, internet-facing
  network_balancer,  ///< Network Load Balancer; hides no client
  nat_gateway,
  regional_nat_gateway,
  bastion,
  resolver,  ///< the company's own DNS servers
  web,       ///< public instances
  app,
  task,  ///< ECS tasks in awsvpc mode
  database,
  cache,
  endpoint,  ///< interface VPC endpoint
};
inline constexpr std::size_t kRoles = static_cast<std::size_t>(Role::endpoint) + 1;

struct Account {
  std::string id;
  std::string flow_log_id;
  std::string region;
  std::string zone_prefix;  ///< `use1` of `use1-az2`
  std::uint32_t window_seconds = 60;
  std::uint32_t share = 0;  ///< of the traffic, in percent
  std::vector<std::uint32_t> vpcs;
};

/// Subnets with a route to an internet gateway, to a NAT gateway, to neither.
enum class Tier : std::uint8_t { open, inner, data };

struct Subnet {
  std::string id;
  std::string zone;
  Tier tier = Tier::open;
  std::uint32_t ipv4 = 0;  ///< its first address; a /20
  std::uint64_t ipv6 = 0;  ///< its upper half; a /64
};

/// What an ECS task's interface knows of it.
struct Task {
  std::string cluster, service, id, container, second_container, container_instance;
  std::uint32_t revision = 0;
};

struct Interface {
  std::uint32_t index = 0;  ///< in Network::interfaces()
  Role role = Role::app;
  std::uint32_t account = 0;
  std::uint32_t vpc = 0;
  std::string account_id;  ///< `unknown` where AWS does not know it
  std::string id;
  std::string instance;  ///< `-` where the instance is not the company's
  std::string resource;  ///< a regional NAT gateway's id, else `-`
  std::string type;      ///< interface-type
  Subnet subnet;
  std::array<std::string, 6> tags;  ///< instance-tag to asg-tag-2
  Task task;                        ///< empty if it is none
  Endpoint ipv4;
  Endpoint ipv6;
  Endpoint public_ipv4;  ///< of NAT gateways
};

struct Vpc {
  std::string id;
  std::uint32_t account = 0;
  std::uint32_t ipv4 = 0;  ///< its first address; a /16
  std::uint64_t ipv6 = 0;  ///< its upper half; a /56
  std::vector<Subnet> subnets;
  bool encryption_controls = false;
  std::array<std::vector<std::uint32_t>, kRoles> interfaces;  ///< by role

  std::span<const std::uint32_t> of(Role role) const noexcept {
    return interfaces[static_cast<std::size_t>(role)];
  }
};

/// Immutable once it is made.
class Network {
 public:
  /// `interfaces`: about how many; at least one of each role in each VPC, at most what the subnets'
  /// addresses are spread over.
  Network(std::uint64_t seed, std::uint32_t interfaces);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  std::span<const Account> accounts() const noexcept { return accounts_; }
  std::span<const Vpc> vpcs() const noexcept { return vpcs_; }
  std::uint64_t seed() const noexcept { return seed_; }
  /// All interfaces; the last one is nowhere(), which stands for a next hop that has none.
  std::span<const Interface> interfaces() const noexcept { return interfaces_; }
  const Interface& nowhere() const noexcept { return interfaces_.back(); }

  /// Public servers that the company uses, the busiest first.
  std::span<const Endpoint> servers() const noexcept { return servers_; }
  /// Addresses of S3 and DynamoDB, reached through gateway endpoints.
  std::span<const Endpoint> gateway_servers() const noexcept { return gateway_servers_; }

  /// The public IPv4 address of stranger `number` of a group of strangers.
  void stranger(std::uint32_t group, std::uint32_t number, Endpoint& out) const noexcept;
  /// The same for IPv6.
  void stranger_ipv6(std::uint32_t number, Endpoint& out) const noexcept;

 private:
  void add_accounts(Random& random);
  void add_vpc(Random& random, std::uint32_t account, std::uint32_t number,
               std::uint32_t interfaces);
  void add_interface(Random& random, Role role, std::uint32_t number, const Subnet& subnet);
  void add_servers(Random& random);

  std::uint64_t seed_;
  std::vector<Account> accounts_;
  std::vector<Vpc> vpcs_;
  std::vector<Interface> interfaces_;
  std::vector<Endpoint> servers_;
  std::vector<Endpoint> gateway_servers_;
};

}  // namespace weir::synth
