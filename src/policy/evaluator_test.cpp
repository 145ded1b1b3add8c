// SPDX-License-Identifier: Apache-2.0
// What AWS documents about both layers and about what is not tracked, case by case.
#include <gtest/gtest.h>

#include "policy/network_testing.hpp"

namespace weir::policy {
namespace {

TEST(Evaluator, DoesNotFilterServicesOfAws) {
  OneInterface one({"egress tcp 443 198.51.100.0/24"});
  const struct {
    const char* why;
    const char* peer;
    bool filtered;
  } cases[] = {
      {"the resolver, second above the VPC's base", "10.0.0.2", false},
      {"its link-local address", "169.254.169.253", false},
      {"its IPv6 address", "fd00:ec2::253", false},
      {"instance metadata", "169.254.169.254", false},
      {"time", "169.254.169.123", false},
      {"metadata of tasks", "169.254.170.2", false},
      {"the router of the subnet", "10.0.1.1", false},
      {"another subnet's router is none of its business", "10.0.2.1", true},
      {"another link-local address", "169.254.1.1", true},
      {"another address", "10.0.0.3", true},
  };
  for (const auto& c : cases) {
    for (const std::string packet : {"ingress udp 53 ", "egress udp 53 "}) {
      const GroupDecision groups = one.groups(packet + c.peer);
      EXPECT_EQ(groups.checked, c.filtered) << c.why;
      EXPECT_EQ(groups.allowed, c.filtered ? Answer::no : Answer::yes) << c.why;
      const AclDecision acl = one.acl(packet + c.peer);
      EXPECT_EQ(acl.checked, c.filtered) << c.why;
      EXPECT_EQ(acl.allowed, c.filtered ? Answer::no : Answer::yes) << c.why;
    }
  }
}

// Source: EC2 User Guide, "Security group connection tracking", the example of its rules.
TEST(Evaluator, KnowsWhatIsNotTracked) {
  const std::vector<std::string> rules = {
      "ingress tcp 22 203.0.113.1/32", "ingress tcp 80 0.0.0.0/0", "ingress tcp 80 ::/0",
      "ingress icmp any 0.0.0.0/0",    "egress all 0.0.0.0/0",     "egress all ::/0"};
  const std::vector<std::string> without_ipv6(rules.begin(), rules.end() - 1);
  const std::vector<std::string> few_ports = {"ingress tcp 80 0.0.0.0/0",
                                              "egress tcp 1024-65535 0.0.0.0/0"};
  const std::vector<std::string> all_ports = {"ingress tcp 80 0.0.0.0/0",
                                              "egress tcp 0-65535 0.0.0.0/0"};
  const struct {
    const char* why;
    std::vector<std::string> rules;
    const char* packet;
    bool untracked;
  } cases[] = {
      {"the rule is for one address", rules, "ingress tcp 22 203.0.113.1", false},
      {"everyone, and every reply", rules, "ingress tcp 80 192.0.2.1", true},
      {"IPv6 too", rules, "ingress tcp 80 2001:db9::1", true},
      {"ICMP always is", rules, "ingress icmp 192.0.2.1", false},
      {"no rule for replies by IPv6", without_ipv6, "ingress tcp 80 2001:db9::1", false},
      {"IPv4 is another matter", without_ipv6, "ingress tcp 80 192.0.2.1", true},
      {"replies need all ports", few_ports, "ingress tcp 80 192.0.2.1", false},
      {"of the protocol", all_ports, "ingress tcp 80 192.0.2.1", true},
      {"outbound, no inbound rule for every reply", rules, "egress tcp 443 192.0.2.1", false},
      {"not allowed at all", rules, "ingress tcp 81 192.0.2.1", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(OneInterface(c.rules).untracked(c.packet), c.untracked) << c.why;
  }
  OneInterface balancer(rules);
  balancer.own().type = "network_load_balancer";
  EXPECT_FALSE(balancer.untracked("ingress tcp 80 192.0.2.1")) << "always tracked";

  OneInterface two({"ingress tcp 80 0.0.0.0/0"});
  add_group(two.network, "sg-out", {"egress all 0.0.0.0/0"});
  two.own().group_ids.emplace_back("sg-out");
  EXPECT_TRUE(two.untracked("ingress tcp 80 192.0.2.1")) << "the groups are one set of rules";
}

TEST(Evaluator, TellsEveryRuleThatMatches) {
  OneInterface one({"ingress tcp 22 192.0.2.0/24", "ingress icmp 8 0.0.0.0/0",
                    "ingress all 0.0.0.0/0", "ingress icmp any pl-unread"});
  add_group(one.network, "sg-more", {"egress all 0.0.0.0/0", "ingress icmp any 192.0.2.1/32"});
  one.own().group_ids = {"sg-more", "sg-unread", "sg-own"};
  one.network.index();
  const Evaluator evaluator(one.network);
  std::string seen;
  evaluator.each_matching_rule(
      evaluator.find_interface("eni-own"), packet_of("ingress icmp 192.0.2.1"),
      [&](const SecurityGroup& group, const SecurityGroupRule& rule, Answer answer) {
        seen += group.id + " " + std::to_string(rule.index) +
                (answer == Answer::yes ? " yes, " : " possibly, ");
      });
  EXPECT_EQ(seen, "sg-more 0 yes, sg-own 1 possibly, sg-own 2 yes, sg-own 3 possibly, ");
}

}  // namespace
}  // namespace weir::policy
