// SPDX-License-Identifier: Apache-2.0
#include "weir/rule_use.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/network_testing.hpp"
#include "rules/rule_testing.hpp"

namespace weir::rules {
namespace {

using testing::HasSubstr;

constexpr Action kAccept = Action::accept;
constexpr Action kReject = Action::reject;

/// A web server that everybody may reach, and a database behind it.
Network make_network() {
  Network network;
  policy::add_vpc(network, "vpc-1", {"10.0.0.0/16"});
  policy::add_subnet(network, "subnet-web", {"10.0.1.0/24"});
  policy::add_subnet(network, "subnet-db", {"10.0.2.0/24"});
  policy::add_group(
      network, "sg-web",
      {"ingress tcp 443 0.0.0.0/0", "ingress tcp 22 0.0.0.0/0", "egress all 0.0.0.0/0"});
  policy::add_group(
      network, "sg-db",
      {"ingress tcp 5432 sg-web", "ingress tcp 0-65535 10.0.0.0/8", "ingress icmp 8 10.0.0.0/8"});
  policy::add_group(network, "sg-idle", {"ingress tcp 80 10.0.0.0/8"});
  policy::add_acl(network, "acl-web", {"subnet-web"},
                  {"90 ingress deny tcp 23 0.0.0.0/0", "100 ingress allow all 0.0.0.0/0",
                   "100 egress allow all 0.0.0.0/0"});
  policy::add_acl(
      network, "acl-db", {"subnet-db"},
      {"100 ingress allow tcp 5432 10.0.1.0/24", "110 ingress allow icmp any 10.0.0.0/8",
       "120 ingress allow tcp 1024-65535 10.0.0.0/8",
       "100 egress allow tcp 1024-65535 10.0.0.0/16"});
  policy::add_interface(network, "eni-web", "subnet-web", {"10.0.1.10"}, {"sg-web"});
  policy::add_interface(network, "eni-web2", "subnet-web", {"10.0.1.11"}, {"sg-web"});
  policy::add_interface(network, "eni-db", "subnet-db", {"10.0.2.20"}, {"sg-db"});
  network.index();
  return network;
}

class RuleUseTest : public testing::Test {
 protected:
  RuleUseReport report(RuleUseOptions options = {}) {
    RuleUseCounter counter(policy, log.interfaces());
    counter.take(log.conversations());
    last = counter.report(options);
    return last;
  }
  /// `sg-web ingress 0`, `acl-web egress 100`.
  const RuleUse& use(const std::string& place) {
    for (const RuleUse& row : last.rules) {
      if (to_string(row.place) == place) return row;
    }
    ADD_FAILURE() << "no rule " << place;
    return last.rules.front();
  }
  std::string finding(const std::string& place, UseFindingKind kind) {
    for (const UseFinding& found : use(place).findings) {
      if (found.kind == kind) return found.detail;
    }
    return "";
  }

  Network network = make_network();
  Evaluator policy{network};
  MadeLog log{policy};
  RuleUseReport last;
};

TEST_F(RuleUseTest, RepliesBelongToTheRuleThatLetTheConversationOpen) {
  log.add({.interface = "eni-web",
           .local = "10.0.1.10",
           .remote = "203.0.113.7",
           .records = {{.forward = true, .bytes = 40, .start = 1000},
                       {.forward = false, .bytes = 900, .start = 1060}}});
  report();
  const RuleUse& rule = use("sg-web ingress 0");
  EXPECT_EQ(rule.flows, 2U);
  EXPECT_EQ(rule.packets, 2U);
  EXPECT_EQ(rule.bytes, 940U);
  EXPECT_EQ(rule.first, 1000);
  EXPECT_EQ(rule.last, 1120);
  EXPECT_EQ(rule.sole_flows, 2U) << "no other rule admits it";
  EXPECT_EQ(rule.peers, 1U);
  ASSERT_EQ(rule.used_ports.size(), 1U);
  EXPECT_EQ(rule.used_ports[0].ranges, (std::vector<PortRange>{{443, 443}}));
  EXPECT_EQ(use("sg-web ingress 1").flows, 0U);

  // The connection is untracked: everybody may come in, and everything may go out.
  EXPECT_EQ(use("sg-web egress 0").flows, 0U) << "nothing was opened from inside";
  EXPECT_EQ(use("sg-web egress 0").untracked_replies, 1U);
  log.observe("eni-web2");
  report();
  EXPECT_THAT(finding("sg-web egress 0", UseFindingKind::unused),
              HasSubstr("1 reply of untracked connections passed by it"));
}

TEST_F(RuleUseTest, AclEntriesAreHitByEveryRecordInItsOwnDirection) {
  log.add({.interface = "eni-db",
           .local = "10.0.2.20",
           .remote = "10.0.1.10",
           .server_port = 5432,
           .client_port = 40000});
  report();
  const RuleUse& in = use("acl-db ingress 100");
  EXPECT_EQ(in.flows, 1U);
  EXPECT_EQ(in.sole_flows, 0U) << "entry 120 would admit port 5432 too";
  EXPECT_FALSE(in.has_replies);
  const RuleUse& out = use("acl-db egress 100");
  EXPECT_EQ(out.flows, 1U);
  EXPECT_EQ(out.sole_flows, 1U) << "behind it is the implicit deny alone";
  EXPECT_TRUE(out.has_replies);
  EXPECT_EQ(finding("acl-db egress 100", UseFindingKind::wider),
            "admits 10.0.0.0/16, used by 10.0.1.10")
      << "of ports nothing is said: clients pick those of replies";
  EXPECT_EQ(use("acl-db ingress 120").flows, 0U) << "the first match decides";
}

TEST_F(RuleUseTest, EveryGroupRuleThatMatchesIsHitAndNoneIsAlone) {
  log.add(
      {.interface = "eni-db", .local = "10.0.2.20", .remote = "10.0.1.10", .server_port = 5432});
  report();
  for (const char* place : {"sg-db ingress 0", "sg-db ingress 1"}) {
    EXPECT_EQ(use(place).flows, 2U) << place;
    EXPECT_EQ(use(place).sole_flows, 0U) << place;
  }
}

TEST_F(RuleUseTest, RejectedRecordsHitWhatDeniesThem) {
  const auto knock = [&](std::uint16_t port, std::string_view peer) {
    log.add({.interface = "eni-web",
             .local = "10.0.1.10",
             .remote = peer,
             .server_port = port,
             .records = {{.action = kReject}}});
  };
  knock(23, "203.0.113.7");
  knock(8080, "203.0.113.8");
  report();
  EXPECT_EQ(use("acl-web ingress 90").flows, 1U);
  EXPECT_EQ(use("acl-web ingress 90").sole_flows, 0U) << "the groups would deny it as well";
  EXPECT_EQ(use("no group rule for ingress").flows, 1U);
  EXPECT_EQ(use("acl-web ingress 100").flows, 0U) << "what is rejected did not use what allows";
  EXPECT_EQ(use("acl-web ingress 100").rejected_behind, 1U);
  EXPECT_EQ(last.rejected_against_rules, 0U);
}

TEST_F(RuleUseTest, RejectedRepliesMeetTheAclAlone) {
  log.add({.interface = "eni-db",
           .local = "10.0.2.20",
           .remote = "10.0.1.10",
           .protocol = 1,
           .server_port = 0,
           .client_port = 0,
           .records = {{.forward = true}, {.forward = false, .action = kReject}}});
  report();
  EXPECT_EQ(use("acl-db egress 32767").flows, 1U) << "the implicit deny";
  EXPECT_EQ(use("acl-db egress 32768").flows, 0U) << "that of IPv6";
  EXPECT_EQ(use("no group rule for egress").flows, 0U) << "groups are stateful";
}

TEST_F(RuleUseTest, WhatAloneMayHaveLetItThroughDid) {
  log.add({.interface = "eni-db",
           .local = "10.0.2.20",
           .remote = "10.0.9.9",
           .protocol = 1,
           .server_port = 0,
           .client_port = 0,
           .records = {{.forward = true}}});
  report();
  EXPECT_EQ(use("sg-db ingress 2").flows, 1U) << "the log has no ICMP type, but it was accepted";
  EXPECT_EQ(use("sg-db ingress 2").possible_flows, 0U);
  EXPECT_EQ(use("acl-db ingress 110").flows, 1U);
}

TEST_F(RuleUseTest, AnAcceptedConversationTellsWhoOpenedIt) {
  // The lower port is the client's: port numbers mislead, and no rule admits what they suggest.
  const MadeConversation misled = {.interface = "eni-db",
                                   .opened = Side::outbound,
                                   .local = "10.0.2.20",
                                   .remote = "10.0.1.10",
                                   .server_port = 900,
                                   .client_port = 5432,
                                   .opener = Certainty::likely};
  log.add(misled);
  report();
  EXPECT_EQ(use("sg-db ingress 0").flows, 2U);
  EXPECT_EQ(last.accepted_against_rules, 0U + 1U) << "the ACL does not let port 900 answer";

  log = MadeLog(policy);
  MadeConversation certain = misled;
  certain.opener = Certainty::certain;
  log.add(certain);
  report();
  EXPECT_EQ(use("sg-db ingress 0").flows, 0U);
  EXPECT_EQ(last.accepted_against_rules, 3U) << "both records, and the ACL's one";
}

TEST_F(RuleUseTest, CountsOnlyWhatWasAskedForAndCanBeJudged) {
  log.add({.interface = "eni-web",
           .local = "10.0.1.10",
           .remote = "203.0.113.7",
           .records = {{.selected = false}, {.forward = false, .selected = true}}});
  log.add({.interface = "eni-elsewhere", .local = "10.9.0.1", .remote = "203.0.113.7"});
  log.add({.interface = "eni-web",
           .opened = Side::unknown,
           .local = "10.0.1.10",
           .remote = "203.0.113.7"});
  log.add({.interface = "eni-web",
           .local = "10.0.1.10",
           .remote = "203.0.113.7",
           .records = {{.action = kReject, .reason = LoggedRejectReason::block_public_access}}});
  report();
  EXPECT_EQ(use("sg-web ingress 0").flows, 1U) << "the other record is evidence only";
  EXPECT_EQ(last.unconfigured_flows, 2U);
  EXPECT_EQ(last.unconfigured_interfaces, 1U);
  EXPECT_EQ(last.unplaced_flows, 2U);
  EXPECT_EQ(last.rejected_otherwise, 1U) << "by no rule";
  EXPECT_EQ(last.rejected_against_rules, 0U);
}

TEST_F(RuleUseTest, SaysUnusedOnlyWhereEveryInterfaceWasLogged) {
  log.observe("eni-web");
  log.observed("eni-web").last = 7200;
  report();
  EXPECT_THAT(finding("sg-web ingress 1", UseFindingKind::not_seen),
              HasSubstr("1 of the 2 interfaces that it applies to have no record"));
  EXPECT_THAT(finding("sg-db ingress 0", UseFindingKind::not_seen),
              HasSubstr("the interface that it applies to has no record"));
  EXPECT_NE(finding("sg-idle ingress 0", UseFindingKind::unattached), "");

  log.observe("eni-web2");
  log.observed("eni-web2").skipdata = 2;
  report();
  EXPECT_THAT(finding("sg-web ingress 1", UseFindingKind::unused),
              HasSubstr("no hit in 2 h at 2 interfaces"));
  EXPECT_THAT(finding("sg-web ingress 1", UseFindingKind::unused), HasSubstr("2 SKIPDATA records"));
  EXPECT_NE(finding("acl-web ingress 90", UseFindingKind::unused), "");

  report({.filtered = true});
  EXPECT_EQ(finding("sg-web ingress 1", UseFindingKind::unused), "") << "a filter hides hits";
  report({.rejects_only = true});
  EXPECT_EQ(finding("sg-web ingress 1", UseFindingKind::unused), "") << "so does the flow log's";
  EXPECT_NE(finding("acl-web ingress 90", UseFindingKind::unused), "") << "it denies";
  report({.accepts_only = true});
  EXPECT_EQ(finding("acl-web ingress 90", UseFindingKind::unused), "");
}

TEST_F(RuleUseTest, SaysWiderThanItsUse) {
  const auto visit = [&](std::string_view interface, std::string_view local, std::string_view peer,
                         std::uint16_t port) {
    log.add({.interface = interface, .local = local, .remote = peer, .server_port = port});
  };
  for (const char* peer : {"10.0.5.1", "10.0.5.2", "10.0.5.3", "10.0.6.1", "10.0.6.2"}) {
    visit("eni-web", "10.0.1.10", peer, 22);
    visit("eni-db", "10.0.2.20", peer, 6379);
  }
  for (const char* peer : {"203.0.113.1", "9.9.9.9", "77.1.2.3", "150.4.4.4", "100.70.1.1",
                           "45.6.7.8", "180.1.1.1", "220.20.1.1"}) {
    visit("eni-web", "10.0.1.10", peer, 443);
  }
  report();
  EXPECT_EQ(finding("sg-web ingress 1", UseFindingKind::wider),
            "admits 0.0.0.0/0, used by 5 addresses in 10.0.5.0/24, 10.0.6.0/24");
  EXPECT_EQ(finding("sg-db ingress 1", UseFindingKind::wider),
            "admits 10.0.0.0/8, used by 5 addresses in 10.0.5.0/24, 10.0.6.0/24; admits tcp all "
            "ports, used for tcp 6379");
  EXPECT_EQ(finding("sg-web ingress 0", UseFindingKind::wider), "")
      << "the whole Internet comes to port 443";
}

TEST_F(RuleUseTest, MergesToTheSameWhateverTheOrder) {
  for (std::uint16_t i = 0; i < 300; ++i) {
    const std::string peer = "10.0." + std::to_string(i % 7) + "." + std::to_string(i % 200);
    log.add({.interface = i % 2 == 0 ? "eni-web" : "eni-db",
             .local = i % 2 == 0 ? "10.0.1.10" : "10.0.2.20",
             .remote = peer,
             .server_port = static_cast<std::uint16_t>(i % 3 == 0 ? 22 : 5432 + i),
             .records = {{.action = i % 5 == 0 ? kReject : kAccept, .start = i * 10}}});
  }
  const RuleUseReport whole = report();
  RuleUseCounter odd(policy, log.interfaces());
  RuleUseCounter even(policy, log.interfaces());
  const auto& all = log.conversations();
  for (std::size_t i = all.size(); i-- > 0;) (i % 2 == 0 ? even : odd).take({&all[i], 1});
  odd.merge(even);
  const RuleUseReport merged = odd.report({});
  ASSERT_EQ(merged.rules.size(), whole.rules.size());
  for (std::size_t i = 0; i < whole.rules.size(); ++i) {
    const RuleUse& a = whole.rules[i];
    const RuleUse& b = merged.rules[i];
    EXPECT_EQ(std::tuple(a.flows, a.bytes, a.first, a.last, a.sole_flows, a.peers, a.peer_prefixes),
              std::tuple(b.flows, b.bytes, b.first, b.last, b.sole_flows, b.peers, b.peer_prefixes))
        << to_string(a.place);
    EXPECT_EQ(a.findings.size(), b.findings.size()) << to_string(a.place);
  }
}

}  // namespace
}  // namespace weir::rules
