// SPDX-License-Identifier: Apache-2.0
// What AWS documents about security groups and network ACLs, case by case.
#include <gtest/gtest.h>

#include "policy/network_testing.hpp"
#include "weir/policy.hpp"

namespace weir {
namespace {

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
  EXPECT_EQ(one.groups("ingress tcp 22 192.0.2.9").doubt, Doubt::unknown_group)
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

TEST(EvaluatorAcl, DecidesByTheFirstEntryThatMatches) {
  const std::vector<std::string> usual = {"100 ingress allow all 0.0.0.0/0",
                                          "101 ingress allow all ::/0"};
  const struct {
    const char* why;
    std::vector<std::string> entries;
    const char* packet;
    Answer allowed;
    std::uint32_t number;
  } cases[] = {
      {"a custom ACL begins with the implicit denies",
       {},
       "ingress tcp 22 192.0.2.1",
       Answer::no,
       32767},
      {"and IPv6 has its own", {}, "ingress tcp 22 2001:db9::1", Answer::no, 32768},
      {"the default ACL allows everything", usual, "ingress tcp 22 192.0.2.1", Answer::yes, 100},
      {"and IPv6", usual, "ingress tcp 22 2001:db9::1", Answer::yes, 101},
      {"but not outbound by inbound entries", usual, "egress tcp 22 192.0.2.1", Answer::no, 32767},
      {"a lower number wins, wherever it stands",
       {"200 ingress allow all 0.0.0.0/0", "100 ingress deny tcp 22 0.0.0.0/0"},
       "ingress tcp 22 192.0.2.1",
       Answer::no,
       100},
      {"a deny below an allow does nothing",
       {"100 ingress allow all 0.0.0.0/0", "200 ingress deny tcp 22 0.0.0.0/0"},
       "ingress tcp 22 192.0.2.1",
       Answer::yes,
       100},
      {"the port of the destination counts, for replies too",
       {"100 ingress allow tcp 1024-65535 0.0.0.0/0"},
       "ingress tcp 50000 192.0.2.1",
       Answer::yes,
       100},
      {"and no port below the range",
       {"100 ingress allow tcp 1024-65535 0.0.0.0/0"},
       "ingress tcp 1023 192.0.2.1",
       Answer::no,
       32767},
      {"a protocol by number",
       {"100 ingress allow 50 0.0.0.0/0"},
       "ingress 50 192.0.2.1",
       Answer::yes,
       100},
      {"58 with an IPv4 block is every type",
       {"100 ingress allow icmpv6 128 0.0.0.0/0"},
       "ingress icmpv6 192.0.2.1",
       Answer::yes,
       100},
      {"58 with an IPv6 block is not",
       {"100 ingress allow icmpv6 128 ::/0"},
       "ingress icmpv6 2001:db9::1",
       Answer::possibly,
       100},
      {"every type",
       {"100 ingress allow icmp any 0.0.0.0/0"},
       "ingress icmp 192.0.2.1",
       Answer::yes,
       100},
  };
  for (const auto& c : cases) {
    OneInterface one({}, c.entries);
    const AclDecision decision = one.acl(c.packet);
    EXPECT_EQ(decision.allowed, c.allowed) << c.why;
    EXPECT_EQ(decision.number, c.number) << c.why;
    EXPECT_EQ(decision.entry == nullptr, c.number > 32766) << c.why;
    EXPECT_TRUE(decision.checked) << c.why;
    ASSERT_NE(decision.acl, nullptr) << c.why;
    EXPECT_EQ(decision.acl->id, "acl-a") << c.why;
  }
}

TEST(EvaluatorAcl, GoesOnWhereTheIcmpTypeDecides) {
  const struct {
    const char* why;
    std::vector<std::string> entries;
    Answer allowed;
    Doubt doubt;
    std::uint32_t number;
  } cases[] = {
      {"allowed if it is the type, else the implicit deny",
       {"100 ingress allow icmp 8 0.0.0.0/0"},
       Answer::possibly,
       Doubt::icmp_type,
       100},
      {"denied either way, by one or the other",
       {"100 ingress deny icmp 8 0.0.0.0/0"},
       Answer::no,
       Doubt::icmp_type,
       100},
      {"allowed either way",
       {"100 ingress allow icmp 8 0.0.0.0/0", "110 ingress allow all 0.0.0.0/0"},
       Answer::yes,
       Doubt::icmp_type,
       100},
      {"the sure one comes first",
       {"90 ingress allow all 0.0.0.0/0", "100 ingress deny icmp 8 0.0.0.0/0"},
       Answer::yes,
       Doubt::none,
       90},
      {"two types, two answers",
       {"100 ingress allow icmp 8 0.0.0.0/0", "110 ingress deny icmp 0 0.0.0.0/0",
        "120 ingress allow all 0.0.0.0/0"},
       Answer::possibly,
       Doubt::icmp_type,
       100},
      {"the same type again never decides",
       {"100 ingress deny icmp 8 0.0.0.0/0", "110 ingress allow icmp 8 0.0.0.0/0",
        "120 ingress allow icmp 8/0 0.0.0.0/0", "130 ingress deny all 0.0.0.0/0"},
       Answer::no,
       Doubt::icmp_type,
       100},
      {"the same type with another code does",
       {"100 ingress deny icmp 3/4 0.0.0.0/0", "110 ingress allow icmp 3 0.0.0.0/0"},
       Answer::possibly,
       Doubt::icmp_type,
       100},
      {"entries for other addresses say nothing",
       {"100 ingress allow icmp 8 198.51.100.0/24", "110 ingress deny all 0.0.0.0/0"},
       Answer::no,
       Doubt::none,
       110},
  };
  for (const auto& c : cases) {
    const AclDecision decision = OneInterface({}, c.entries).acl("ingress icmp 192.0.2.1");
    EXPECT_EQ(decision.allowed, c.allowed) << c.why;
    EXPECT_EQ(decision.doubt, c.doubt) << c.why;
    EXPECT_EQ(decision.number, c.number) << c.why;
  }
}

TEST(EvaluatorAcl, IsTheSubnets) {
  OneInterface one({}, {"100 ingress allow all 0.0.0.0/0"});
  add_acl(one.network, "acl-default", {"subnet-b"}, {}).is_default = true;
  EXPECT_EQ(one.acl("ingress tcp 22 192.0.2.1").acl->id, "acl-a");
  for (NetworkAcl& acl : one.network.acls) acl.subnet_ids.clear();
  EXPECT_EQ(one.acl("ingress tcp 22 192.0.2.1").acl->id, "acl-default")
      << "the default ACL of the VPC, where none is associated";
  one.network.acls.clear();
  const AclDecision unknown = one.acl("ingress tcp 22 192.0.2.1");
  EXPECT_EQ(unknown.allowed, Answer::possibly);
  EXPECT_EQ(unknown.doubt, Doubt::unknown_acl);
  EXPECT_EQ(unknown.acl, nullptr);
  EXPECT_FALSE(one.acl("ingress tcp 22 10.0.1.99").checked) << "whatever the ACL is";
}

TEST(EvaluatorAcl, IsNotAskedInsideTheSubnet) {
  const struct {
    const char* why;
    const char* packet;
    bool checked;
  } cases[] = {
      {"in", "ingress tcp 22 10.0.1.20", false},
      {"out", "egress tcp 22 10.0.1.255", false},
      {"IPv6", "egress tcp 22 2001:db8:0:1::99", false},
      {"the next subnet", "ingress tcp 22 10.0.2.20", true},
      {"the next IPv6 subnet", "ingress tcp 22 2001:db8:0:2::99", true},
      {"outside", "ingress tcp 22 192.0.2.1", true},
  };
  for (const auto& c : cases) {
    const AclDecision decision = OneInterface({}).acl(c.packet);
    EXPECT_EQ(decision.checked, c.checked) << c.why;
    EXPECT_EQ(decision.allowed, c.checked ? Answer::no : Answer::yes) << c.why;
  }
}

TEST(EvaluatorAcl, IsPerhapsNotAskedIfTheSubnetWasNotRead) {
  const struct {
    const char* why;
    const char* peer;
    Answer allowed;  // where the entries deny
    Doubt doubt;
  } cases[] = {
      {"subnets are no smaller than /28", "10.0.1.15", Answer::yes, Doubt::none},
      {"the next /28 may be in it", "10.0.1.16", Answer::possibly, Doubt::subnet_of_peer},
      {"another subnet that was read is apart", "10.0.2.9", Answer::no, Doubt::none},
      {"subnets are no larger than /16", "10.1.1.10", Answer::no, Doubt::none},
      {"what is outside of the VPC", "192.0.2.1", Answer::no, Doubt::none},
      {"no smaller than /64", "2001:db8:0:1::99", Answer::yes, Doubt::none},
      {"and perhaps larger", "2001:db8:0:3::1", Answer::possibly, Doubt::subnet_of_peer},
      {"not beyond the VPC", "2001:db8:0:100::1", Answer::no, Doubt::none},
  };
  for (const auto& c : cases) {
    OneInterface one({});
    one.network.subnets.erase(one.network.subnets.begin());
    const AclDecision decision = one.acl(std::string("ingress tcp 22 ") + c.peer);
    EXPECT_EQ(decision.allowed, c.allowed) << c.why;
    EXPECT_EQ(decision.doubt, c.doubt) << c.why;
    EXPECT_EQ(decision.checked, c.allowed != Answer::yes) << c.why;
  }
  OneInterface one({}, {"100 ingress allow all 0.0.0.0/0"});
  one.network.subnets.clear();
  const AclDecision allowed = one.acl("ingress tcp 22 10.0.1.16");
  EXPECT_EQ(allowed.allowed, Answer::yes) << "asked or not";
  EXPECT_EQ(allowed.doubt, Doubt::subnet_of_peer) << "but whether entry 100 decided is not known";
  one.network.vpcs.clear();
  one.network.interfaces.front().addresses.clear();
  EXPECT_EQ(one.acl("ingress tcp 22 192.0.2.1").doubt, Doubt::subnet_of_peer)
      << "nothing is known about the subnet";
}

// Source: Transit Gateways Guide, "How network ACLs work with transit gateways".
TEST(EvaluatorAcl, KnowsTransitGateways) {
  const std::string attachment = "eni-attachment";
  const auto with_attachment = [&](const char* subnet) {
    OneInterface one({});
    add_acl(one.network, "acl-b", {"subnet-b"}, {});
    add_interface(one.network, attachment, subnet, {"10.0.9.9"}, {}).type = "transit_gateway";
    one.network.index();
    return one;
  };
  const struct {
    const char* why;
    const char* subnet;     // of the attachment; the instance is in subnet-a
    const char* interface;  // whose record it is
    const char* packet;
    bool checked;
    Answer allowed;  // where all entries deny
  } cases[] = {
      {"same subnet: the instance sends, checked outbound", "subnet-a", "eni-own",
       "egress tcp 22 172.16.0.1", true, Answer::no},
      {"and inbound at the attachment, by its source", "subnet-a", "eni-attachment",
       "ingress tcp 22 10.0.1.10", true, Answer::no},
      {"what the attachment sends to the instance is not checked", "subnet-a", "eni-attachment",
       "egress tcp 22 10.0.1.10", false, Answer::yes},
      {"nor when it arrives, if that is where it came from", "subnet-a", "eni-own",
       "ingress tcp 22 172.16.0.1", true, Answer::possibly},
      {"from the VPC itself nothing comes through the attachment", "subnet-a", "eni-own",
       "ingress tcp 22 10.0.2.1", true, Answer::no},
      {"other subnets: outbound of the instance", "subnet-b", "eni-own", "egress tcp 22 172.16.0.1",
       true, Answer::no},
      {"inbound of the attachment, by source", "subnet-b", "eni-attachment",
       "ingress tcp 22 10.0.1.10", true, Answer::no},
      {"outbound of the attachment, by destination", "subnet-b", "eni-attachment",
       "egress tcp 22 10.0.1.10", true, Answer::no},
      {"inbound of the instance", "subnet-b", "eni-own", "ingress tcp 22 172.16.0.1", true,
       Answer::no},
  };
  for (const auto& c : cases) {
    const OneInterface one = with_attachment(c.subnet);
    const Evaluator evaluator(one.network);
    const AclDecision decision =
        evaluator.acl(evaluator.find_interface(c.interface), packet_of(c.packet));
    EXPECT_EQ(decision.checked, c.checked) << c.why;
    EXPECT_EQ(decision.allowed, c.allowed) << c.why;
    EXPECT_EQ(decision.doubt, c.allowed == Answer::possibly ? Doubt::transit_gateway : Doubt::none)
        << c.why;
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
}  // namespace weir
