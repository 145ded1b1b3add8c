// SPDX-License-Identifier: Apache-2.0
// synth: network -> its security groups, and which interface carries which.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "synth/network.hpp"
#include "synth/openings.hpp"

namespace weir::synth {

/// The id of something that no record names: the same for the same name.
std::string named_id(const Network& network, std::string_view prefix, std::string_view name);

std::string prefix_text(std::uint32_t address, std::uint8_t length);
std::string prefix_text_v6(std::uint64_t upper_half, std::uint8_t length);

/// Ids of prefix lists; AWS's own have eight digits.
std::string offices_id(const Network& network, const Account& account);
std::string service_list_id(const Network& network, const Account& account, Peers list);

struct PlannedPeer {
  enum class Kind : std::uint8_t { ipv4, ipv6, prefix_list, group };
  Kind kind = Kind::ipv4;
  std::string text;       ///< `10.0.0.0/8`, `pl-…`, `sg-…`
  std::uint32_t vpc = 0;  ///< of the group
};

struct PlannedRule {
  bool outbound = false;
  RuleProtocol protocol = RuleProtocol::all;
  std::uint16_t port = 0;
  PlannedPeer peer;
  std::string description;
};

struct PlannedGroup {
  std::string id;
  std::string name;
  std::string description;
  std::uint32_t vpc = 0;
  std::vector<PlannedRule> rules;
};

/// The groups of a VPC: one for each role, one for the shell, those of single services, and AWS's
/// default one.
std::vector<PlannedGroup> plan_groups(const Network& network, std::uint32_t vpc);

/// Names of the groups that an interface carries. Gateways have none: AWS VPC User Guide, "NAT
/// gateway basics".
std::vector<std::string> group_names(const Network& network, const Interface& interface);
std::string group_id(const Network& network, std::uint32_t vpc, std::string_view name);

}  // namespace weir::synth
