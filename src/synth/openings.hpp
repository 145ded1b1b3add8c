// SPDX-License-Identifier: Apache-2.0
// synth: what the company's security groups let in and out, by role. The configuration is written
// from this table, and traffic that obeys the rules asks it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "synth/network.hpp"
#include "synth/record.hpp"

namespace weir::synth {

/// Whom a rule is about.
enum class Peers : std::uint8_t {
  everyone,     ///< 0.0.0.0/0
  everyone_v6,  ///< ::/0
  company,      ///< 10.0.0.0/8
  company_v6,   ///< the IPv6 blocks of the VPC and of those that it is peered with
  vpc,          ///< the VPC's own block
  offices,      ///< a prefix list
  object_store,
  key_value_store,  ///< AWS's prefix lists of S3 and DynamoDB
  balancers,
  bastions,
  web,
  apps,
  tasks,  ///< groups by role, also of peered VPCs
};

enum class RuleProtocol : std::uint8_t { all, icmp, tcp, udp, icmpv6 };

/// One rule of the group of a role.
struct Opening {
  Role role;
  bool outbound;
  RuleProtocol protocol;
  std::uint16_t port;
  Peers peers;
  std::string_view description = {};
};

std::span<const Opening> openings() noexcept;

/// True if anyone on the internet gets through to a role: by its group or, for a NAT gateway, which
/// has none, by its subnet's ACL.
bool is_open_to_everyone(Role role, Protocol protocol, std::uint16_t port) noexcept;
/// True if apps and tasks get through to a role.
bool is_open_to_hosts(Role role, Protocol protocol, std::uint16_t port) noexcept;

/// Addresses to which the ACL of the public subnets lets nothing out; /24. No stranger has one.
inline constexpr std::uint32_t kSilencedNetwork = (203U << 24) | (113U << 8);
inline constexpr std::string_view kSilencedPrefix = "203.0.113.0/24";

}  // namespace weir::synth
