// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "weir/policy.hpp"

namespace weir::policy {
namespace {

TEST(Network, FindsWhatItHolds) {
  Network network;
  for (const char* id : {"b", "c", "a"}) {
    network.groups.emplace_back().id = id;
    network.acls.emplace_back().id = id;
    network.prefix_lists.emplace_back().id = id;
    network.subnets.emplace_back().id = id;
    network.vpcs.emplace_back().id = id;
    network.interfaces.emplace_back().id = id;
  }
  network.index();
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_NE(network.find_group(id), nullptr) << id;
    EXPECT_EQ(network.find_group(id)->id, id);
    ASSERT_NE(network.find_acl(id), nullptr) << id;
    EXPECT_EQ(network.find_acl(id)->id, id);
    ASSERT_NE(network.find_prefix_list(id), nullptr) << id;
    EXPECT_EQ(network.find_prefix_list(id)->id, id);
    ASSERT_NE(network.find_subnet(id), nullptr) << id;
    EXPECT_EQ(network.find_subnet(id)->id, id);
    ASSERT_NE(network.find_vpc(id), nullptr) << id;
    EXPECT_EQ(network.find_vpc(id)->id, id);
    ASSERT_NE(network.find_interface(id), nullptr) << id;
    EXPECT_EQ(network.find_interface(id)->id, id);
  }
  for (const char* id : {"", "A", "aa", "d"}) {
    EXPECT_EQ(network.find_group(id), nullptr) << id;
    EXPECT_EQ(network.find_interface(id), nullptr) << id;
  }
}

TEST(Network, FindsTheAclOfASubnet) {
  Network network;
  NetworkAcl& own = network.acls.emplace_back();
  own.id = "acl-own";
  own.vpc_id = "vpc-1";
  own.subnet_ids = {"subnet-a", "subnet-unread"};
  NetworkAcl& usual = network.acls.emplace_back();
  usual.id = "acl-default";
  usual.vpc_id = "vpc-1";
  usual.is_default = true;
  usual.subnet_ids = {"subnet-b"};
  for (const char* id : {"subnet-a", "subnet-b", "subnet-c", "subnet-d"}) {
    Subnet& subnet = network.subnets.emplace_back();
    subnet.id = id;
    subnet.vpc_id = subnet.id == "subnet-d" ? "vpc-2" : "vpc-1";
  }
  network.index();
  const struct {
    const char* why;
    const char* subnet;
    const char* acl;
  } cases[] = {
      {"an association", "subnet-a", "acl-own"},
      {"an association with the default", "subnet-b", "acl-default"},
      {"no association: the VPC's default", "subnet-c", "acl-default"},
      {"an association of a subnet that was not read", "subnet-unread", "acl-own"},
      {"no ACL of that VPC was read", "subnet-d", nullptr},
      {"a subnet that nobody knows", "subnet-e", nullptr},
  };
  for (const auto& c : cases) {
    const NetworkAcl* acl = network.find_acl_of_subnet(c.subnet);
    EXPECT_EQ(acl == nullptr ? "none" : acl->id, c.acl == nullptr ? "none" : c.acl) << c.why;
  }
  // A copy must not point into what it was copied from.
  const Network copy = network;
  network.acls.clear();
  network.index();
  ASSERT_NE(copy.find_acl_of_subnet("subnet-a"), nullptr);
  EXPECT_EQ(copy.find_acl_of_subnet("subnet-a")->id, "acl-own");
  EXPECT_EQ(network.find_acl_of_subnet("subnet-a"), nullptr);
}

TEST(RuleText, SaysWhatARuleMatches) {
  const struct {
    TrafficMatch traffic;
    const char* text;
  } cases[] = {
      {{}, "all traffic"},
      {{.protocol = 6, .ports = {22, 22}}, "tcp 22"},
      {{.protocol = 17, .ports = {1024, 65535}}, "udp 1024-65535"},
      {{.protocol = 6}, "tcp all ports"},
      {{.protocol = 1}, "icmp all types"},
      {{.protocol = 1, .icmp_type = 8}, "icmp type 8"},
      {{.protocol = 58, .icmp_type = 1, .icmp_code = 4}, "icmpv6 type 1 code 4"},
      {{.protocol = 50}, "protocol 50"},
      {{.protocol = 0}, "protocol 0"},
  };
  for (const auto& c : cases) EXPECT_EQ(to_string(c.traffic), c.text);
}

TEST(RuleText, NamesThePeer) {
  EXPECT_EQ(to_string(RulePeer(*parse_cidr("10.0.0.0/8"))), "10.0.0.0/8");
  EXPECT_EQ(to_string(RulePeer(PrefixListReference{"pl-63a5400a"})), "pl-63a5400a");
  EXPECT_EQ(to_string(RulePeer(GroupReference{.group_id = "sg-0a"})), "sg-0a");
  EXPECT_EQ(rule_direction_name(RuleDirection::ingress), "ingress");
  EXPECT_EQ(rule_direction_name(RuleDirection::egress), "egress");
}

}  // namespace
}  // namespace weir::policy
