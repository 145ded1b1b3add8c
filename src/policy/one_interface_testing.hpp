// SPDX-License-Identifier: Apache-2.0
// policy: the smallest network that has verdicts.
#pragma once

#include <string>
#include <vector>

#include "policy/network_testing.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// vpc-1 with two subnets, and one interface 10.0.1.10 in the first.
class OneInterface {
 public:
  explicit OneInterface(const std::vector<std::string>& rules,
                        const std::vector<std::string>& entries = {}) {
    add_vpc(network, "vpc-1", {"10.0.0.0/16", "2001:db8::/56"});
    add_subnet(network, "subnet-a", {"10.0.1.0/24", "2001:db8:0:1::/64"});
    add_subnet(network, "subnet-b", {"10.0.2.0/24", "2001:db8:0:2::/64"});
    add_group(network, "sg-own", rules);
    add_acl(network, "acl-a", {"subnet-a"}, entries);
    add_interface(network, "eni-own", "subnet-a", {"10.0.1.10", "2001:db8:0:1::a"}, {"sg-own"});
  }
  NetworkInterface& own() { return network.interfaces.front(); }

  GroupDecision groups(const std::string& packet) {
    network.index();
    const Evaluator evaluator(network);
    return evaluator.groups(evaluator.find_interface("eni-own"), packet_of(packet));
  }
  AclDecision acl(const std::string& packet) {
    network.index();
    const Evaluator evaluator(network);
    return evaluator.acl(evaluator.find_interface("eni-own"), packet_of(packet));
  }
  bool untracked(const std::string& packet) {
    network.index();
    const Evaluator evaluator(network);
    return evaluator.untracked(evaluator.find_interface("eni-own"), packet_of(packet));
  }

  Network network;
};

}  // namespace weir::policy
