// SPDX-License-Identifier: Apache-2.0
// What AWS documents about network ACLs, case by case.
#include <gtest/gtest.h>

#include "policy/network_testing.hpp"

namespace weir::policy {
namespace {

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

}  // namespace
}  // namespace weir::policy
