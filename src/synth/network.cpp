// SPDX-License-Identifier: Apache-2.0
// synth: the invented company.
#include "synth/network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "synth/addresses.hpp"

namespace weir::synth {
namespace {

struct RegionRow {
  std::string_view name;
  std::string_view zone_prefix;
  std::uint32_t share;
  std::uint32_t window_seconds;
  std::uint32_t vpcs;
};

// One account still has flow logs with the default aggregation interval of ten minutes.
constexpr RegionRow kRegions[] = {{"us-east-1", "use1", 44, 60, 3},
                                  {"eu-central-1", "euc1", 30, 60, 2},
                                  {"us-west-2", "usw2", 18, 60, 2},
                                  {"ap-southeast-2", "apse2", 8, 600, 1}};
/// The account whose id begins with a zero.
constexpr std::size_t kZeroAccount = 2;

constexpr std::string_view kNone = "-";

constexpr std::uint32_t kZones = 3;
constexpr std::size_t kSubnets = std::size_t{3} * kZones;

struct RoleRow {
  Role role;
  Tier tier;
  std::uint32_t count;  ///< in each VPC of a company with kUsual interfaces
  std::string_view name;
  std::string_view interface_type;
};

constexpr RoleRow kRoleRows[] = {
    {Role::balancer, Tier::open, 18, "alb", "-"},
    {Role::network_balancer, Tier::open, 3, "nlb", "network_load_balancer"},
    {Role::nat_gateway, Tier::open, 3, "nat", "nat_gateway"},
    {Role::regional_nat_gateway, Tier::open, 1, "nat", "regional_nat_gateway"},
    {Role::bastion, Tier::open, 2, "bastion", "-"},
    {Role::resolver, Tier::inner, 3, "dns", "-"},
    {Role::web, Tier::open, 30, "web tier", "-"},
    {Role::app, Tier::inner, 60, "app", "-"},
    {Role::task, Tier::inner, 24, "tasks", "-"},
    {Role::database, Tier::data, 6, "orders-db", "-"},
    {Role::cache, Tier::data, 6, "cache", "-"},
    {Role::endpoint, Tier::inner, 4, "endpoint", "vpc_endpoint"},
};

/// 8 VPCs with 160 interfaces each.
constexpr std::uint32_t kUsual = 1280;

const RoleRow& role_row(Role role) { return kRoleRows[static_cast<std::size_t>(role)]; }

bool has_instance(Role role) {
  return role == Role::bastion || role == Role::resolver || role == Role::web || role == Role::app;
}

/// The first of the 17 digits is 0, as observed in tests/corpus.
std::string resource_id(Random& random, std::string_view prefix) {
  return fmt::format("{}-0{:016x}", prefix, random.next());
}

std::string hex_id(Random& random) {
  const std::uint64_t high = random.next();
  return fmt::format("{:016x}{:016x}", high, random.next());
}

/// Percent-encoded values, as the log holds them. Keys: Name, environment, team, cost centre.
std::array<std::string, 6> tags_of(Random& random, const RoleRow& row, bool scaled) {
  constexpr std::string_view teams[] = {"payments", "search", "caf%C3%A9", "data%20platform"};
  std::array<std::string, 6> tags;
  tags.fill(std::string(kNone));
  const std::string name = row.name == "web tier" ? "web%20tier" : std::string(row.name);
  const std::string_view team = teams[random.below(4)];
  if (has_instance(row.role)) {
    tags[0] = name;
    tags[1] = random.percent(80) ? "production" : "staging";
  }
  tags[2] = row.tier == Tier::open ? "public" : "private";
  if (random.percent(70)) tags[3] = fmt::format("team%3D{}", team);
  if (scaled) {
    tags[4] = fmt::format("{}-asg", name);
    tags[5] = random.percent(50) ? "blue" : "green";
  }
  return tags;
}

Task task_of(Random& random) {
  constexpr std::string_view services[] = {"frontend", "checkout", "catalogue", "mail", kNone};
  Task task{.cluster = "web",
            // Some are started by hand, not by a service.
            .service = std::string(services[random.skewed_below(5)]),
            .id = hex_id(random),
            .container = {},
            .second_container = std::string(kNone),
            .container_instance = std::string(kNone),
            .revision = random.between(1, 40)};
  task.container = fmt::format("{}-{:010}", task.id, random.below(1'000'000'000));
  if (random.percent(40)) {
    task.second_container = fmt::format("{}-{:010}", task.id, random.below(1'000'000'000));
  }
  // The others run on Fargate.
  if (random.percent(35)) task.container_instance = hex_id(random);
  return task;
}

}  // namespace

Network::Network(std::uint64_t seed, std::uint32_t interfaces)
    : seed_(scatter(seed ^ 0x6e6574776f726b)) {
  Random random(seed, 1);
  add_accounts(random);
  for (std::uint32_t account = 0; account < accounts_.size(); ++account) {
    for (std::uint32_t number = 0; number < kRegions[account].vpcs; ++number) {
      add_vpc(random, account, number, interfaces);
    }
  }
  Interface nowhere;
  nowhere.index = static_cast<std::uint32_t>(interfaces_.size());
  interfaces_.push_back(nowhere);
  add_servers(random);
}

void Network::add_accounts(Random& random) {
  for (const RegionRow& row : kRegions) {
    Account account;
    const bool zero = accounts_.size() == kZeroAccount;
    account.id = fmt::format("{:012}", zero ? 10'000'000'000 + random.next() % 89'000'000'000
                                            : 100'000'000'000 + random.next() % 900'000'000'000);
    account.flow_log_id = resource_id(random, "fl");
    account.region = row.name;
    account.zone_prefix = row.zone_prefix;
    account.window_seconds = row.window_seconds;
    account.share = row.share;
    accounts_.push_back(std::move(account));
  }
}

void Network::add_vpc(Random& random, std::uint32_t account, std::uint32_t number,
                      std::uint32_t interfaces) {
  Vpc vpc;
  vpc.id = resource_id(random, "vpc");
  vpc.account = account;
  vpc.encryption_controls = number != 1;
  accounts_[account].vpcs.push_back(static_cast<std::uint32_t>(vpcs_.size()));
  const std::uint32_t block = (10U << 24) | ((account * 64 + number * 16 + random.below(16)) << 16);
  // 2600:1f00::/24 is one of Amazon's own blocks.
  const std::uint64_t block_ipv6 = 0x26001f0000000000 | (random.next() & 0xff'ffff'ff00);
  vpc.ipv4 = block;
  vpc.ipv6 = block_ipv6;
  std::vector<Subnet>& subnets = vpc.subnets;
  for (std::uint32_t i = 0; i < kSubnets; ++i) {
    subnets.push_back({.id = resource_id(random, "subnet"),
                       .zone = fmt::format("{}-az{}", accounts_[account].zone_prefix,
                                           i % kZones + (i % kZones == 2 ? 2 : 1)),
                       .tier = static_cast<Tier>(i / kZones),
                       .ipv4 = block | (i << 12),
                       .ipv6 = block_ipv6 | i});
  }
  vpcs_.push_back(std::move(vpc));
  std::array<std::uint32_t, kSubnets> taken{};
  for (const RoleRow& row : kRoleRows) {
    const std::uint32_t count = std::max(1U, (row.count * interfaces + kUsual / 2) / kUsual);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t place = static_cast<std::uint32_t>(row.tier) * kZones + i % kZones;
      add_interface(random, row.role, taken[place]++, vpcs_.back().subnets[place]);
    }
  }
}

void Network::add_interface(Random& random, Role role, std::uint32_t number, const Subnet& subnet) {
  const RoleRow& row = role_row(role);
  Vpc& vpc = vpcs_.back();
  const bool regional = role == Role::regional_nat_gateway;
  Interface made;
  made.index = static_cast<std::uint32_t>(interfaces_.size());
  made.role = role;
  made.account = vpc.account;
  made.vpc = static_cast<std::uint32_t>(vpcs_.size()) - 1;
  // AWS VPC User Guide, "Flow log records": the owner of a requester-managed interface may be
  // unknown; a regional NAT gateway has neither interface nor subnet.
  const bool unknown = role == Role::endpoint && random.percent(25);
  made.account_id = unknown ? std::string("unknown") : accounts_[vpc.account].id;
  made.id = regional ? std::string(kNone) : resource_id(random, "eni");
  made.instance = has_instance(role) ? resource_id(random, "i") : std::string(kNone);
  made.resource = regional ? resource_id(random, "nat") : std::string(kNone);
  made.type = row.interface_type;
  made.subnet = subnet;
  if (regional) made.subnet.id = made.subnet.zone = std::string(kNone);
  made.tags = tags_of(random, row, role == Role::web || role == Role::app);
  if (role == Role::task) made.task = task_of(random);
  // The first four addresses of a subnet are AWS's. Neighbours are 37 apart, so as not to count up.
  write_ipv4(subnet.ipv4 + 4 + (number * 37 + random.below(37)) % 4090, made.ipv4);
  write_ipv6(subnet.ipv6, random.next(), made.ipv6);
  if (role == Role::nat_gateway || regional) {
    write_ipv4((52U << 24) | static_cast<std::uint32_t>(random.next() & 0x7f'ffff),
               made.public_ipv4);
    made.public_ipv4.service = &service_word(Service::ec2);
  }
  vpc.interfaces[static_cast<std::size_t>(role)].push_back(made.index);
  interfaces_.push_back(std::move(made));
}

void Network::add_servers(Random& random) {
  constexpr std::size_t servers = 600;
  constexpr std::size_t gateway_servers = 64;
  for (std::size_t i = 0; i < servers; ++i) {
    Endpoint& server = servers_.emplace_back();
    // A third of what the company needs outside is AWS's.
    if (random.percent(34)) {
      aws_address(random, server);
    } else {
      stranger(7, random.below(1 << 20), server);
    }
  }
  for (std::size_t i = 0; i < gateway_servers; ++i) {
    gateway_address(random, gateway_servers_.emplace_back());
  }
}

void Network::stranger(std::uint32_t group, std::uint32_t number, Endpoint& out) const noexcept {
  public_address(scatter(seed_ + (std::uint64_t{group} << 32) + number), out);
}

void Network::stranger_ipv6(std::uint32_t number, Endpoint& out) const noexcept {
  const std::uint64_t drawn = scatter(seed_ ^ (std::uint64_t{number} << 24));
  // 2a00::/12 and 2400::/12: providers in Europe and Asia.
  const std::uint64_t provider = (drawn & 1) != 0 ? 0x2a02'0000'0000'0000 : 0x2409'0000'0000'0000;
  write_ipv6(provider | (drawn >> 16), scatter(drawn), out);
}

}  // namespace weir::synth
