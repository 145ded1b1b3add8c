// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "policy/network_testing.hpp"

namespace weir::policy {
namespace {

/// A network in which every kind of reason can be met.
Network make_network() {
  Network network;
  add_vpc(network, "vpc-1", {"10.0.0.0/16"});
  add_vpc(network, "vpc-peer", {"172.16.0.0/16"});
  add_subnet(network, "subnet-a", {"10.0.1.0/24"});
  add_prefix_list(network, "pl-read", {"192.0.2.0/24", "198.51.100.0/24"});
  add_group(network, "sg-own",
            {"ingress tcp 22 10.0.0.0/8", "ingress tcp 8000-8100 0.0.0.0/0",
             "ingress udp 443 0.0.0.0/0", "ingress all ::/0", "ingress tcp 443 pl-read",
             "ingress tcp 443 pl-unread", "ingress tcp 443 sg-own", "ingress tcp 443 sg-peer",
             "ingress tcp 443 sg-stale", "ingress icmp 8 0.0.0.0/0", "ingress 47 0.0.0.0/0"});
  auto& peer = std::get<GroupReference>(network.groups[0].rules[7].peer);
  peer.vpc_id = "vpc-peer";
  auto& stale = std::get<GroupReference>(network.groups[0].rules[8].peer);
  stale.peering_id = "pcx-1";
  stale.peering_status = "deleted";
  add_acl(network, "acl-a", {"subnet-a"},
          {"100 ingress deny tcp 22 0.0.0.0/0", "110 ingress allow icmp 8 0.0.0.0/0",
           "120 ingress allow all 192.0.2.0/24", "130 ingress deny all 0.0.0.0/0"});
  add_interface(network, "eni-own", "subnet-a", {"10.0.1.10"}, {"sg-own", "sg-unread"});
  add_interface(network, "eni-gateway", "subnet-a", {"10.0.1.11"}, {}).type = "natGateway";
  add_interface(network, "eni-elsewhere", "subnet-x", {"10.0.3.11"}, {});
  network.index();
  return network;
}

std::string text_of(const std::vector<TraceStep>& steps) {
  std::string text;
  for (const TraceStep& step : steps) {
    text += step.matched == Answer::yes ? "+ " : step.matched == Answer::possibly ? "? " : "- ";
    text += step.rule + ": " + step.reason + "\n";
  }
  return text;
}

Trace trace_of(const Network& network, const char* interface, const std::string& packet) {
  const Evaluator evaluator(network);
  return evaluator.trace(evaluator.find_interface(interface), packet_of(packet));
}

TEST(Trace, SaysWhyEachRuleMatchesOrNot) {
  const Network network = make_network();
  const Trace trace = trace_of(network, "eni-own", "ingress tcp 443 192.0.2.9");
  EXPECT_EQ(text_of(trace.groups),
            "- sg-own ingress 0: tcp 22 from 10.0.0.0/8: the port 443 is outside 22\n"
            "- sg-own ingress 1: tcp 8000-8100 from 0.0.0.0/0: the port 443 is outside 8000-8100\n"
            "- sg-own ingress 2: udp 443 from 0.0.0.0/0: the packet is tcp, not udp\n"
            "- sg-own ingress 3: all traffic from ::/0: 192.0.2.9 is an IPv4 address\n"
            "+ sg-own ingress 4: tcp 443 from pl-read: 192.0.2.9 is in 192.0.2.0/24 of pl-read\n"
            "? sg-own ingress 5: tcp 443 from pl-unread: the entries of pl-unread were not read\n"
            "- sg-own ingress 6: tcp 443 from sg-own: 192.0.2.9 is no private address of an "
            "interface with sg-own\n"
            "- sg-own ingress 7: tcp 443 from sg-peer: 192.0.2.9 is outside vpc-peer, where the "
            "interfaces with sg-peer are\n"
            "- sg-own ingress 8: tcp 443 from sg-stale: the peering pcx-1 was deleted, so the "
            "reference to sg-stale is stale\n"
            "- sg-own ingress 9: icmp type 8 from 0.0.0.0/0: the packet is tcp, not icmp\n"
            "- sg-own ingress 10: protocol 47 from 0.0.0.0/0: the packet is tcp, not protocol 47\n"
            "? sg-unread ingress: sg-unread was not read\n");
  EXPECT_EQ(text_of(trace.acl),
            "- acl-a ingress 100: deny tcp 22 from 0.0.0.0/0: the port 443 is outside 22\n"
            "- acl-a ingress 110: allow icmp type 8 from 0.0.0.0/0: the packet is tcp, not icmp\n"
            "+ acl-a ingress 120: allow all traffic from 192.0.2.0/24: 192.0.2.9 is in "
            "192.0.2.0/24\n"
            "- acl-a ingress 130: deny all traffic from 0.0.0.0/0: entry 120 decided before\n"
            "- acl-a ingress 32767: deny all traffic from 0.0.0.0/0: entry 120 decided before\n");
  EXPECT_EQ(trace.group_decision.allowed, Answer::yes);
  EXPECT_EQ(trace.acl_decision.number, 120U);
}

TEST(Trace, SaysWhatIsNotKnown) {
  const Network network = make_network();
  const struct {
    const char* why;
    const char* interface;
    const char* packet;
    const char* groups;  // a line of the trace
    const char* acl;
  } cases[] = {
      {"the ICMP type", "eni-own", "ingress icmp 192.0.2.9",
       "? sg-own ingress 9: icmp type 8 from 0.0.0.0/0: the log does not have the ICMP type\n",
       "? acl-a ingress 110: allow icmp type 8 from 0.0.0.0/0: the log does not have the ICMP "
       "type\n"},
      {"after which the next entries are looked at", "eni-own", "ingress icmp 192.0.2.9", "",
       "+ acl-a ingress 120: allow all traffic from 192.0.2.0/24: 192.0.2.9 is in 192.0.2.0/24\n"},
      {"a member", "eni-own", "ingress tcp 443 10.0.1.10",
       "+ sg-own ingress 6: tcp 443 from sg-own: 10.0.1.10 is an address of eni-own, which has "
       "sg-own\n",
       "- acl-a ingress: 10.0.1.10 is in the same subnet, and no ACL checks what stays in it\n"},
      {"members that were not read", "eni-own", "ingress tcp 443 172.16.0.1",
       "? sg-own ingress 7: tcp 443 from sg-peer: the interfaces with sg-peer were not read\n", ""},
      {"a list without the address", "eni-own", "ingress tcp 443 172.16.0.1",
       "- sg-own ingress 4: tcp 443 from pl-read: 172.16.0.1 is in none of the 2 entries of "
       "pl-read\n",
       ""},
      {"IPv6", "eni-own", "ingress tcp 22 2001:db8::1",
       "+ sg-own ingress 3: all traffic from ::/0: 2001:db8::1 is in ::/0\n",
       "+ acl-a ingress 32768: deny all traffic from ::/0: 2001:db8::1 is in ::/0\n"},
      {"a service", "eni-own", "egress udp 53 10.0.0.2",
       "- security groups: 10.0.0.2 is a service of AWS, which neither groups nor ACLs filter\n",
       "- acl-a egress: 10.0.0.2 is a service of AWS, which neither groups nor ACLs filter\n"},
      {"no groups at all", "eni-gateway", "ingress tcp 22 192.0.2.9",
       "- security groups: interfaces of type natGateway have none\n",
       "+ acl-a ingress 100: deny tcp 22 from 0.0.0.0/0: 192.0.2.9 is in 0.0.0.0/0\n"},
      {"no groups, no ACL", "eni-elsewhere", "ingress tcp 22 192.0.2.9",
       "? security groups: the groups of eni-elsewhere were not read\n",
       "? network ACL: the ACL of subnet-x was not read\n"},
      {"no interface", "eni-unread", "ingress tcp 22 192.0.2.9",
       "? security groups: the interface was not read\n",
       "? network ACL: the interface was not read\n"},
  };
  for (const auto& c : cases) {
    const Trace trace = trace_of(network, c.interface, c.packet);
    EXPECT_NE(text_of(trace.groups).find(c.groups), std::string::npos) << c.why << "\n"
                                                                       << text_of(trace.groups);
    EXPECT_NE(text_of(trace.acl).find(c.acl), std::string::npos) << c.why << "\n"
                                                                 << text_of(trace.acl);
  }
}

TEST(Trace, SaysThatAnAclMayNotHaveBeenAsked) {
  Network network = make_network();
  network.subnets.clear();
  network.index();
  EXPECT_EQ(trace_of(network, "eni-own", "ingress tcp 22 10.0.1.77").acl.front().reason,
            "10.0.1.77 may be in the same subnet, and no ACL checks what stays in it");
  network = make_network();
  add_interface(network, "eni-attachment", "subnet-a", {"10.0.1.12"}, {}).type = "transit_gateway";
  network.index();
  EXPECT_EQ(trace_of(network, "eni-own", "ingress tcp 22 172.31.0.1").acl.front().reason,
            "172.31.0.1 may come through the transit gateway's attachment in the same subnet, and "
            "no ACL checks that");
}

}  // namespace
}  // namespace weir::policy
