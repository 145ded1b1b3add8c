// SPDX-License-Identifier: Apache-2.0
// verdict: records held against rules.
#include <gtest/gtest.h>

#include "verdict/verdict_testing.hpp"

namespace weir::verdict {
namespace {

constexpr const char* kInterface = "eni-1235b8ca123456789";

SecurityGroupRule group_rule(RuleDirection direction, TrafficMatch traffic, RulePeer peer,
                             std::uint32_t index, std::string id = {}) {
  SecurityGroupRule rule;
  rule.rule_id = std::move(id);
  rule.index = index;
  rule.direction = direction;
  rule.traffic = traffic;
  rule.peer = std::move(peer);
  return rule;
}

AclEntry entry(std::uint32_t number, RuleDirection direction, bool allow, TrafficMatch traffic,
               const char* peer) {
  return {.number = number,
          .direction = direction,
          .allow = allow,
          .traffic = traffic,
          .peer = *parse_cidr(peer)};
}

/// An interface 172.31.16.139 with a group and an ACL:
///
///     sg-web      in   tcp 443 from anywhere; icmp type 8 from anywhere; tcp 5432 from pl-data,
///                      whose entries nobody has read; udp 53 from anywhere
///                 out  tcp 443 to anywhere
///     acl-public  in   90 deny tcp from 198.51.100.0/24; 100 allow all
///                 out  90 deny all to 203.0.113.0/24; 100 allow all
Network make_network() {
  constexpr auto kIngress = RuleDirection::ingress;
  constexpr auto kEgress = RuleDirection::egress;
  const Cidr anywhere = *parse_cidr("0.0.0.0/0");
  Network network;
  SecurityGroup& group = network.groups.emplace_back();
  group.id = "sg-web";
  group.vpc_id = "vpc-1";
  group.rules = {
      group_rule(kIngress, {.protocol = 6, .ports = {443, 443}}, anywhere, 0, "sgr-443"),
      group_rule(kIngress, {.protocol = 1, .icmp_type = 8}, anywhere, 1),
      group_rule(kIngress, {.protocol = 6, .ports = {5432, 5432}}, PrefixListReference{"pl-data"},
                 2),
      group_rule(kIngress, {.protocol = 17, .ports = {53, 53}}, anywhere, 3),
      group_rule(kEgress, {.protocol = 6, .ports = {443, 443}}, anywhere, 0),
  };
  NetworkAcl& acl = network.acls.emplace_back();
  acl.id = "acl-public";
  acl.vpc_id = "vpc-1";
  acl.subnet_ids = {"subnet-1"};
  acl.entries = {entry(90, kIngress, false, {.protocol = 6}, "198.51.100.0/24"),
                 entry(100, kIngress, true, {}, "0.0.0.0/0"),
                 entry(90, kEgress, false, {}, "203.0.113.0/24"),
                 entry(100, kEgress, true, {}, "0.0.0.0/0")};
  network.prefix_lists.emplace_back().id = "pl-data";
  Subnet& subnet = network.subnets.emplace_back();
  subnet.id = "subnet-1";
  subnet.vpc_id = "vpc-1";
  subnet.prefixes = {*parse_cidr("172.31.16.0/24")};
  subnet.public_access = PublicAccess::open;
  NetworkInterface& interface = network.interfaces.emplace_back();
  interface.id = kInterface;
  interface.type = "interface";
  interface.subnet_id = "subnet-1";
  interface.vpc_id = "vpc-1";
  interface.addresses = {*parse_ip("172.31.16.139")};
  interface.group_ids = {"sg-web"};
  network.index();
  return network;
}

constexpr std::string_view kFriend = "192.0.2.7";       // the ACL lets it in and out
constexpr std::string_view kMute = "203.0.113.12";      // the ACL lets it in, and nothing out
constexpr std::string_view kBanned = "198.51.100.9";    // the ACL denies its TCP inbound
constexpr std::string_view kNeighbour = "172.31.16.9";  // in the same subnet

struct RuleCase {
  const char* why;
  TestTuple tuple;
  std::vector<TestRecord> records;  ///< the last is looked at
  Cause cause;
  Certainty certainty;
  const char* rule;  ///< empty: none is named
  const char* text;
};

void expect_rule(const Evaluator& policy, const RuleCase& c) {
  TestLog log;
  log.add(c.tuple, c.records);
  log.interfaces()[0].configured = policy.find_interface(kInterface);
  const Verdict verdict = log.judge({.policy = &policy}).back();
  EXPECT_EQ(cause_name(verdict.cause), cause_name(c.cause)) << c.why;
  EXPECT_EQ(certainty_name(verdict.certainty), certainty_name(c.certainty)) << c.why;
  const auto rule = deciding_rule(verdict, &policy.network());
  EXPECT_EQ(rule ? to_string(*rule) : "", c.rule) << c.why;
  EXPECT_EQ(verdict_text(verdict, &policy.network()), c.text) << c.why;
}

TEST(RuleJudge, NamesTheRuleThatDecided) {
  const Network network = make_network();
  const Evaluator policy(network);
  const RuleCase cases[] = {
      {"a rule lets it in, and so does the ACL",
       {.remote = kFriend},
       {{kIn, kAccept, 0, 60, 2}},
       Cause::allowed,
       Certainty::certain,
       "sg-web ingress sgr-443",
       "ACCEPT: security group sg-web ingress rule sgr-443 (tcp 443 from 0.0.0.0/0) let it in, and "
       "so did network ACL acl-public rule 100 (allow all traffic from 0.0.0.0/0), but no reply "
       "was logged"},
      {"the reply belongs to what a rule let in",
       {.remote = kFriend},
       {{kIn, kAccept, 0, 60, 2}, {kOut, kAccept, 1, 60, 18}},
       Cause::allowed,
       Certainty::certain,
       "sg-web ingress sgr-443",
       "ACCEPT: the reply left the instance (security groups are stateful) and network ACL "
       "acl-public rule 100 (allow all traffic to 0.0.0.0/0) let it out"},
      {"no rule for the port",
       {.remote = kFriend, .local_port = 22},
       {{kIn, kReject, 0, 60, 2}},
       Cause::security_group,
       Certainty::certain,
       "",
       "REJECT: no rule of security group sg-web lets it in; network ACL acl-public rule 100 "
       "(allow all traffic from 0.0.0.0/0) would"},
      {"the ACL denies what the group would let in",
       {.remote = kBanned},
       {{kIn, kReject, 0, 60, 2}},
       Cause::network_acl,
       Certainty::certain,
       "acl-public ingress 90",
       "REJECT: network ACL acl-public rule 90 (deny tcp all ports from 198.51.100.0/24) stopped "
       "it inbound; security group sg-web ingress rule sgr-443 (tcp 443 from 0.0.0.0/0) would let "
       "it in"},
      {"both deny: the ACL comes first",
       {.remote = kBanned, .local_port = 22},
       {{kIn, kReject, 0, 60, 2}},
       Cause::network_acl,
       Certainty::certain,
       "acl-public ingress 90",
       "REJECT: network ACL acl-public rule 90 (deny tcp all ports from 198.51.100.0/24) stopped "
       "it inbound, and no rule of security group sg-web would let it in"},
      {"AWS's ping, whose reply the ACL stops",
       {.remote = kMute,
        .remote_port = 0,
        .local_port = 0,
        .protocol = 1,
        .opener = Certainty::likely},
       {{kIn, kAccept, 0, 115}, {kOut, kReject, 67, 115}},
       Cause::network_acl,
       Certainty::certain,
       "acl-public egress 90",
       "REJECT: the reply left the instance (security groups are stateful) and network ACL "
       "acl-public rule 90 (deny all traffic to 203.0.113.0/24) stopped it outbound"},
      {"what the instance may not open",
       {.remote = kFriend, .remote_port = 25, .opened = kOut},
       {{kOut, kReject, 0, 60, 2}},
       Cause::security_group,
       Certainty::certain,
       "",
       "REJECT: no rule of security group sg-web lets it out; network ACL acl-public rule 100 "
       "(allow all traffic to 0.0.0.0/0) would"},
      {"no ACL inside a subnet",
       {.remote = kNeighbour, .local_port = 22},
       {{kIn, kReject, 0, 60, 2}},
       Cause::security_group,
       Certainty::certain,
       "",
       "REJECT: no rule of security group sg-web lets it in; no network ACL checks it"},
      {"IPv6, for which neither has a rule",
       {.remote = "2001:db8::1", .local = "2001:db8::2"},
       {{kIn, kReject, 0, 60, 2}},
       Cause::network_acl,
       Certainty::certain,
       "acl-public ingress 32768",
       "REJECT: network ACL acl-public rule 32768 (the deny of all that no other rule matches) "
       "stopped it inbound, and no rule of security group sg-web would let it in"},
      {"late, and the rules would let it in",
       {.remote = kFriend},
       {{kIn, kAccept, 0, 60, 3}, {kOut, kAccept, 0, 60, 19}, {kIn, kReject, 61, 61, 4}},
       Cause::late_packet,
       Certainty::certain,
       "",
       "REJECT: it came inbound after its connection had closed, so no rule is to blame"},
      {"late, or cut by the ACL that denies it now",
       {.remote = kMute},
       {{kOut, kAccept, 0, 60, 18}, {kIn, kAccept, 0, 60, 2}, {kOut, kReject, 61, 61, 0}},
       Cause::network_acl,
       Certainty::likely,
       "acl-public egress 90",
       "REJECT: network ACL acl-public rule 90 (deny all traffic to 203.0.113.0/24) most likely "
       "stopped it outbound"},
  };
  for (const RuleCase& c : cases) expect_rule(policy, c);
}

TEST(RuleJudge, SaysWhatTheLogLacks) {
  const Network network = make_network();
  const Evaluator policy(network);
  const RuleCase cases[] = {
      {"a rule for one ICMP type may have let it in",
       {.remote = kFriend, .remote_port = 0, .local_port = 0, .protocol = 1},
       {{kIn, kAccept, 0, 60}},
       Cause::allowed,
       Certainty::possible,
       "sg-web ingress 1",
       "ACCEPT: security group sg-web ingress rule 1 (icmp type 8 from 0.0.0.0/0) may have let it "
       "in, and so did network ACL acl-public rule 100 (allow all traffic from 0.0.0.0/0), but no "
       "reply was logged"},
      {"rejected: the type was another, if the rules are those of then",
       {.remote = kFriend, .remote_port = 0, .local_port = 0, .protocol = 1},
       {{kIn, kReject, 0, 60}},
       Cause::security_group,
       Certainty::certain,
       "",
       "REJECT: no rule of security group sg-web lets it in: security group sg-web ingress rule 1 "
       "(icmp type 8 from 0.0.0.0/0) may match, and did not; network ACL acl-public rule 100 "
       "(allow "
       "all traffic from 0.0.0.0/0) would"},
      {"a prefix list without entries",
       {.remote = kFriend, .local_port = 5432},
       {{kIn, kReject, 0, 60, 2}},
       Cause::security_group,
       Certainty::certain,
       "",
       "REJECT: no rule of security group sg-web lets it in: security group sg-web ingress rule 2 "
       "(tcp 5432 from pl-data) may match, and did not; network ACL acl-public rule 100 (allow all "
       "traffic from 0.0.0.0/0) would"},
  };
  for (const RuleCase& c : cases) expect_rule(policy, c);

  TestLog log;
  log.add(cases[2].tuple, cases[2].records);
  log.interfaces()[0].configured = policy.find_interface(kInterface);
  const auto because = because_texts(log.judge({.policy = &policy}).back(), &network);
  EXPECT_EQ(because.back(),
            "the entries of a prefix list were not read (aws ec2 get-managed-prefix-list-entries "
            "--prefix-list-id pl-data > pl-data.json)");
}

TEST(RuleJudge, SaysThatAGroupIsNotInTheConfiguration) {
  Network network = make_network();
  network.groups.clear();
  network.index();
  const Evaluator policy(network);
  expect_rule(policy, {"nothing else than the group can have stopped it",
                       {.remote = kFriend, .local_port = 443},
                       {{kIn, kReject, 0, 60, 2}},
                       Cause::security_group,
                       Certainty::possible,
                       "",
                       "REJECT: whether the security groups let it in is unknown, because one of "
                       "them is not in --config (aws ec2 describe-security-groups); network ACL "
                       "acl-public rule 100 (allow all traffic from 0.0.0.0/0) would"});
}

TEST(RuleJudge, SaysWhereLogAndRulesDisagree) {
  const Network network = make_network();
  const Evaluator policy(network);
  const RuleCase cases[] = {
      {"let in, and no rule does now",
       {.remote = kFriend, .local_port = 22},
       {{kIn, kAccept, 0, 60, 2}},
       Cause::allowed,
       Certainty::possible,
       "",
       "ACCEPT: it was let in, though no rule of security group sg-web allows it now: the rules "
       "have changed since, but no reply was logged"},
      {"in the middle of a connection: it may still be tracked",
       {.remote = kFriend, .local_port = 22},
       {{kIn, kAccept, 0, 60, 0}},
       Cause::allowed,
       Certainty::likely,
       "",
       "ACCEPT: it was let in, though no rule of security group sg-web allows it now: the rules "
       "have changed since, or its connection is still tracked, but no reply was logged"},
      {"let in, and the ACL denies it now",
       {.remote = kBanned},
       {{kIn, kAccept, 0, 60, 2}},
       Cause::allowed,
       Certainty::possible,
       "sg-web ingress sgr-443",
       "ACCEPT: it was let in, though network ACL acl-public rule 90 (deny tcp all ports from "
       "198.51.100.0/24) denies it now: the rules have changed since, but no reply was logged"},
      {"rejected, and the rules would let it in now",
       {.remote = kFriend},
       {{kIn, kReject, 0, 60, 2}},
       Cause::unknown,
       Certainty::possible,
       "",
       "REJECT: the rules would let it in now: they may have changed since, or it came after its "
       "connection was closed or forgotten"},
      {"the log proves the ACL, and the ACL lets it out now",
       {.remote = kFriend},
       {{kIn, kAccept, 0, 60, 2}, {kOut, kReject, 1, 60, 18}},
       Cause::network_acl,
       Certainty::likely,
       "",
       "REJECT: the request was accepted inbound, and security groups let replies pass, so the "
       "outbound network ACL of the subnet most likely stopped the reply"},
      {"flags without SYN: a late packet, perhaps",
       {.remote = kFriend},
       {{kIn, kReject, 0, 60, 0}},
       Cause::late_packet,
       Certainty::possible,
       "",
       "REJECT: it may have come inbound after its connection was closed or forgotten; then no "
       "rule is to blame"},
  };
  for (const RuleCase& c : cases) expect_rule(policy, c);
}

TEST(RuleJudge, JudgesAnInterfaceWithoutConfigurationFromTheLog) {
  const Network network = make_network();
  const Evaluator policy(network);
  TestLog log;
  log.add({.remote = kMute}, {{kIn, kAccept, 0, 60}, {kOut, kReject, 1, 60}});
  const Verdict verdict = log.judge({.policy = &policy}).back();
  EXPECT_EQ(verdict.cause, Cause::network_acl);
  EXPECT_EQ(verdict.certainty, Certainty::certain);
  EXPECT_TRUE(verdict.because.has(Fact::interface_not_configured));
  EXPECT_FALSE(deciding_rule(verdict, &network).has_value());
}

TEST(RuleJudge, TakesTheAddressOfThePacket) {
  const Network network = make_network();
  const Evaluator policy(network);
  TestLog log;
  const Conversation& conversation = log.add({.remote = kFriend}, {{kIn, kReject, 0, 60, 2}});
  std::vector<FlowRecord> records(conversation.records.begin(), conversation.records.end());
  records[0].packet_source = *parse_ip(kBanned);
  Conversation asked = conversation;
  asked.records = records;
  log.interfaces()[0].configured = policy.find_interface(kInterface);
  Verdict verdict;
  Judge({.interfaces = log.interfaces(), .policy = &policy})
      .judge({&asked, 1},
             [&](const Conversation&, const FlowRecord&, const Verdict& v) { verdict = v; });
  EXPECT_EQ(verdict.cause, Cause::network_acl);
  EXPECT_EQ(verdict.acl_number, 90U);
}

}  // namespace
}  // namespace weir::verdict
