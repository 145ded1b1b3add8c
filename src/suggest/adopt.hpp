// SPDX-License-Identifier: Apache-2.0
// suggest: proposals -> the network as it would be, and rules as AWS's JSON has them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/policy.hpp"
#include "weir/suggest.hpp"

namespace weir::suggest {

/// `"text"`, with what JSON wants escaped.
std::string json_text(std::string_view text);

/// What IpProtocol and Terraform call a protocol: `tcp`, `icmpv6`, `50`, `-1`.
std::string protocol_text(std::int16_t protocol);

/// True for protocols that have FromPort and ToPort.
bool has_from_and_to(std::int16_t protocol);

/// FromPort and ToPort: of ports, or type and code.
struct FromTo {
  int from;
  int to;
};
FromTo from_and_to(const TrafficMatch& traffic);

/// The rules of one direction as an array of IpPermission, one a protocol and port range, broken
/// into lines behind `margin`; `[]` if there are none.
/// Source: EC2 API Reference, IpPermission.
std::string permissions_json(std::span<const SecurityGroupRule> rules, RuleDirection direction,
                             std::string_view margin);

/// What adopting proposals changes, besides the network that comes of it.
struct Adoption {
  Network network;                      ///< indexed
  std::vector<std::string> groups;      ///< new and changed, sorted
  std::vector<std::string> interfaces;  ///< that carry other groups than before, sorted
};

Adoption adopt_with_changes(const Network* now, const Suggestions& suggestions);

/// The group that a proposal is for, `sg-suggested-N` if it is a new one.
std::string proposed_group_id(const Suggestions& suggestions, std::size_t proposal);

}  // namespace weir::suggest
