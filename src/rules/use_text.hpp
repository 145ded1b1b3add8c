// SPDX-License-Identifier: Apache-2.0
// rules: durations, peers and rules as sentences need them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/rule_use.hpp"

namespace weir::rules {

/// Seconds -> `45 s`, `12 min`, `5 h`, `30 days`, rounded down.
std::string duration_text(std::int64_t seconds);

/// `10.0.1.7`, `5 addresses in 10.0.1.0/24, 10.0.2.0/24`.
std::string peers_text(std::uint64_t peers, bool exact, const std::vector<Cidr>& prefixes);
/// `tcp 22, 443`, `icmp`.
std::string traffic_text(std::uint8_t protocol, const std::vector<PortRange>& ports);
/// `sg-… ingress 0 (tcp 443 from 0.0.0.0/0)`, `acl-… egress 90 (deny udp 53 to 0.0.0.0/0)`.
std::string whole_rule_text(const RulePlace& place);

}  // namespace weir::rules
