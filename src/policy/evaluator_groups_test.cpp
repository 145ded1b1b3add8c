// SPDX-License-Identifier: Apache-2.0
// What AWS documents about security groups, case by case.
#include <gtest/gtest.h>

#include "policy/network_testing.hpp"

namespace weir::policy {
namespace {

TEST(EvaluatorGroups, AllowWhatARuleMatches) {
  const struct {
    const char* why;
    std::vector<std::string> rules;
    const char* packet;
    Answer allowed;
  } cases[] = {
      {"a new group has no inbound rules",
       {"egress all 0.0.0.0/0"},
       "ingress tcp 22 192.0.2.1",
       Answer::no},
      {"and lets everything out",
       {"egress all 0.0.0.0/0"},
       "egress tcp 443 192.0.2.1",
       Answer::yes},
      {"without outbound rules nothing goes out",
       {"ingress all 0.0.0.0/0"},
       "egress tcp 443 192.0.2.1",
       Answer::no},
      {"address and port fit",
       {"ingress tcp 22 192.0.2.0/24"},
       "ingress tcp 22 192.0.2.9",
       Answer::yes},
      {"the first address",
       {"ingress tcp 22 192.0.2.0/24"},
       "ingress tcp 22 192.0.2.0",
       Answer::yes},
      {"the last address",
       {"ingress tcp 22 192.0.2.0/24"},
       "ingress tcp 22 192.0.2.255",
       Answer::yes},
      {"the one behind it",
       {"ingress tcp 22 192.0.2.0/24"},
       "ingress tcp 22 192.0.3.0",
       Answer::no},
      {"the one before it",
       {"ingress tcp 22 192.0.2.0/24"},
       "ingress tcp 22 192.0.1.255",
       Answer::no},
      {"another port", {"ingress tcp 22 0.0.0.0/0"}, "ingress tcp 23 192.0.2.9", Answer::no},
      {"the ends of a range",
       {"ingress tcp 20-25 0.0.0.0/0"},
       "ingress tcp 25 192.0.2.9",
       Answer::yes},
      {"port 65535", {"ingress tcp 65535 0.0.0.0/0"}, "ingress tcp 65535 192.0.2.9", Answer::yes},
      {"port 0", {"ingress tcp 0 0.0.0.0/0"}, "ingress tcp 0 192.0.2.9", Answer::yes},
      {"UDP is not TCP", {"ingress tcp 53 0.0.0.0/0"}, "ingress udp 53 192.0.2.9", Answer::no},
      {"the rule for UDP", {"ingress udp 53 0.0.0.0/0"}, "ingress udp 53 192.0.2.9", Answer::yes},
      {"another direction", {"egress tcp 22 0.0.0.0/0"}, "ingress tcp 22 192.0.2.9", Answer::no},
      {"-1 is every protocol", {"ingress all 0.0.0.0/0"}, "ingress 47 192.0.2.9", Answer::yes},
      {"and every port", {"ingress all 0.0.0.0/0"}, "ingress tcp 1 192.0.2.9", Answer::yes},
      {"a protocol by number", {"ingress 47 0.0.0.0/0"}, "ingress 47 192.0.2.9", Answer::yes},
      {"another protocol by number", {"ingress 50 0.0.0.0/0"}, "ingress 47 192.0.2.9", Answer::no},
      {"IPv6 is not in 0.0.0.0/0",
       {"ingress all 0.0.0.0/0"},
       "ingress tcp 22 2001:db8::1",
       Answer::no},
      {"IPv4 is not in ::/0", {"ingress all ::/0"}, "ingress tcp 22 192.0.2.9", Answer::no},
      {"IPv6 is in ::/0", {"ingress all ::/0"}, "ingress tcp 22 2001:db9::1", Answer::yes},
      {"ICMP of every type", {"ingress icmp any 0.0.0.0/0"}, "ingress icmp 192.0.2.9", Answer::yes},
      {"ICMP of one type: the log has none",
       {"ingress icmp 8 0.0.0.0/0"},
       "ingress icmp 192.0.2.9",
       Answer::possibly},
      {"ICMP is not ICMPv6", {"ingress icmp any ::/0"}, "ingress icmpv6 2001:db9::1", Answer::no},
      {"ICMP of one type, and the address does not fit",
       {"ingress icmp 8 10.0.0.0/8"},
       "ingress icmp 192.0.2.9",
       Answer::no},
      {"one rule is sure, another is not",
       {"ingress icmp 8 0.0.0.0/0", "ingress all 192.0.2.0/24"},
       "ingress icmp 192.0.2.9",
       Answer::yes},
  };
  for (const auto& c : cases) {
    const GroupDecision decision = OneInterface(c.rules).groups(c.packet);
    EXPECT_EQ(decision.allowed, c.allowed) << c.why;
    EXPECT_EQ(decision.rule != nullptr, c.allowed != Answer::no) << c.why;
    EXPECT_EQ(decision.doubt, c.allowed == Answer::possibly ? Doubt::icmp_type : Doubt::none)
        << c.why;
    EXPECT_TRUE(decision.checked) << c.why;
  }
}

TEST(EvaluatorGroups, NameTheFirstRuleThatMatches) {
  OneInterface one({"ingress udp 1 0.0.0.0/0", "ingress icmp 8 0.0.0.0/0", "egress all 0.0.0.0/0",
                    "ingress all 192.0.2.0/24", "ingress all 0.0.0.0/0"});
  add_group(one.network, "sg-first", {"ingress tcp 22 192.0.2.0/24"});
  one.own().group_ids = {"sg-own", "sg-first"};

  const GroupDecision of_own = one.groups("ingress tcp 22 192.0.2.9");
  ASSERT_NE(of_own.rule, nullptr);
  EXPECT_EQ(of_own.group->id, "sg-own") << "in the interface's order of groups";
  EXPECT_EQ(of_own.rule->index, 2U) << "counted among the rules of its direction";
  EXPECT_EQ(of_own.rule, &of_own.group->rules[3]);

  const GroupDecision sure = one.groups("ingress icmp 192.0.2.9");
  EXPECT_EQ(sure.rule->index, 2U) << "one that matches for sure is named before one that may";

  one.own().group_ids = {"sg-first", "sg-own"};
  EXPECT_EQ(one.groups("ingress tcp 22 192.0.2.9").group->id, "sg-first");
}

TEST(EvaluatorGroups, AreOneSetOfRules) {
  OneInterface one({"ingress tcp 22 0.0.0.0/0"});
  add_group(one.network, "sg-web", {"ingress tcp 443 0.0.0.0/0"});
  one.own().group_ids = {"sg-own", "sg-web"};
  EXPECT_EQ(one.groups("ingress tcp 22 192.0.2.9").allowed, Answer::yes);
  EXPECT_EQ(one.groups("ingress tcp 443 192.0.2.9").allowed, Answer::yes);
  EXPECT_EQ(one.groups("ingress tcp 80 192.0.2.9").allowed, Answer::no);
}

TEST(EvaluatorGroups, AreKnownInPart) {
  OneInterface one({"ingress tcp 22 0.0.0.0/0", "ingress icmp 8 0.0.0.0/0"});
  one.own().group_ids = {"sg-unread", "sg-own"};
  const GroupDecision allowed = one.groups("ingress tcp 22 192.0.2.9");
  EXPECT_EQ(allowed.allowed, Answer::yes) << "one of the groups says yes";
  EXPECT_EQ(allowed.doubt, Doubt::none);
  const GroupDecision unknown = one.groups("ingress tcp 80 192.0.2.9");
  EXPECT_EQ(unknown.allowed, Answer::possibly);
  EXPECT_EQ(unknown.doubt, Doubt::unknown_group);
  EXPECT_EQ(unknown.rule, nullptr);
  EXPECT_EQ(one.groups("ingress icmp 192.0.2.9").doubt, Doubt::icmp_type);

  const Evaluator evaluator(one.network);
  const GroupDecision no_interface =
      evaluator.groups(evaluator.find_interface("eni-unread"), packet_of("ingress 47 192.0.2.9"));
  EXPECT_EQ(no_interface.allowed, Answer::possibly);
  EXPECT_EQ(no_interface.doubt, Doubt::unknown_interface);

  one.own().group_ids.clear();
  EXPECT_EQ(one.groups("ingress tcp 22 192.0.2.9").doubt, Doubt::no_groups_named)
      << "every instance's interface has a group";
}

TEST(EvaluatorGroups, AreNotOnEveryKindOfInterface) {
  OneInterface one({});
  one.own().group_ids.clear();
  for (const char* type : {"natGateway", "transit_gateway", "gateway_load_balancer_endpoint"}) {
    one.own().type = type;
    const GroupDecision decision = one.groups("ingress tcp 22 192.0.2.9");
    EXPECT_EQ(decision.allowed, Answer::yes) << type;
    EXPECT_FALSE(decision.checked) << type;
  }
}

TEST(EvaluatorGroups, ReferToPrivateAddressesOfMembers) {
  OneInterface one({"ingress tcp 22 sg-peer"});
  NetworkInterface& member = add_interface(one.network, "eni-member", "subnet-b",
                                           {"10.0.2.7", "2001:db8:0:2::7"}, {"sg-x", "sg-peer"});
  member.public_addresses.push_back(*parse_ip("192.0.2.77"));
  member.prefixes = {*parse_cidr("10.0.2.32/28"), *parse_cidr("2001:db8:0:2:1::/80")};
  add_interface(one.network, "eni-other", "subnet-b", {"10.0.2.8"}, {"sg-x"});
  const struct {
    const char* why;
    const char* packet;
    Answer allowed;
  } cases[] = {
      {"an address of a member", "ingress tcp 22 10.0.2.7", Answer::yes},
      {"its IPv6 address", "ingress tcp 22 2001:db8:0:2::7", Answer::yes},
      {"its public address never", "ingress tcp 22 192.0.2.77", Answer::no},
      {"in its delegated prefix", "ingress tcp 22 10.0.2.47", Answer::yes},
      {"behind its delegated prefix", "ingress tcp 22 10.0.2.48", Answer::no},
      {"in its delegated IPv6 prefix", "ingress tcp 22 2001:db8:0:2:1::9", Answer::yes},
      {"an interface without the group", "ingress tcp 22 10.0.2.8", Answer::no},
      {"nobody's address", "ingress tcp 22 10.0.2.9", Answer::no},
      {"another port", "ingress tcp 23 10.0.2.7", Answer::no},
  };
  for (const auto& c : cases) EXPECT_EQ(one.groups(c.packet).allowed, c.allowed) << c.why;
}

TEST(EvaluatorGroups, ReferToMembersThatWereNotRead) {
  OneInterface one({"ingress tcp 22 sg-peer"});
  GroupReference reference;
  reference.group_id = "sg-peer";
  reference.vpc_id = "vpc-peer";
  reference.peering_id = "pcx-1";
  reference.peering_status = "active";
  one.network.groups.front().rules.front().peer = reference;
  const GroupDecision unknown = one.groups("ingress tcp 22 172.16.0.9");
  EXPECT_EQ(unknown.allowed, Answer::possibly);
  EXPECT_EQ(unknown.doubt, Doubt::group_members);
  EXPECT_EQ(unknown.rule, &one.network.groups.front().rules.front());

  add_vpc(one.network, "vpc-peer", {"172.16.0.0/16"});
  EXPECT_EQ(one.groups("ingress tcp 22 172.16.0.9").allowed, Answer::possibly);
  EXPECT_EQ(one.groups("ingress tcp 22 172.17.0.9").allowed, Answer::no)
      << "the members are in their VPC";

  add_interface(one.network, "eni-peer", "subnet-p", {"172.16.0.9"}, {"sg-peer"}).vpc_id =
      "vpc-peer";
  EXPECT_EQ(one.groups("ingress tcp 22 172.16.0.9").allowed, Answer::yes);
  EXPECT_EQ(one.groups("ingress tcp 22 172.16.0.8").allowed, Answer::no);

  std::get<GroupReference>(one.network.groups.front().rules.front().peer).peering_status =
      "deleted";
  EXPECT_EQ(one.groups("ingress tcp 22 172.16.0.9").allowed, Answer::no) << "stale";
}

TEST(EvaluatorGroups, ReferToPrefixLists) {
  OneInterface one({"egress tcp 443 pl-read", "egress tcp 80 pl-unread", "egress tcp 81 pl-gone",
                    "egress tcp 82 pl-empty"});
  add_prefix_list(one.network, "pl-read",
                  {"192.0.2.0/25", "192.0.2.128/26", "198.51.100.7/32", "2001:db9::/32"});
  add_prefix_list(one.network, "pl-unread", {}).has_entries = false;
  add_prefix_list(one.network, "pl-empty", {});
  const struct {
    const char* why;
    const char* packet;
    Answer allowed;
  } cases[] = {
      {"in the first entry", "egress tcp 443 192.0.2.1", Answer::yes},
      {"in the entry beside it", "egress tcp 443 192.0.2.191", Answer::yes},
      {"behind both", "egress tcp 443 192.0.2.192", Answer::no},
      {"a single address", "egress tcp 443 198.51.100.7", Answer::yes},
      {"IPv6", "egress tcp 443 2001:db9:1::1", Answer::yes},
      {"other IPv6", "egress tcp 443 2001:dba::", Answer::no},
      {"entries that were not read", "egress tcp 80 192.0.2.1", Answer::possibly},
      {"a list that was not read at all", "egress tcp 81 192.0.2.1", Answer::possibly},
      {"a list without entries", "egress tcp 82 192.0.2.1", Answer::no},
  };
  for (const auto& c : cases) {
    const GroupDecision decision = one.groups(c.packet);
    EXPECT_EQ(decision.allowed, c.allowed) << c.why;
    if (c.allowed != Answer::possibly) continue;
    EXPECT_EQ(decision.doubt, Doubt::prefix_list_entries) << c.why;
  }
}

}  // namespace
}  // namespace weir::policy
