// SPDX-License-Identifier: Apache-2.0
#include "weir/suggest.hpp"

#include <gtest/gtest.h>

#include "suggest/suggest_testing.hpp"

namespace weir::suggest {
namespace {

TEST(Suggest, AdmitsWhatWasAccepted) {
  const struct {
    const char* why;
    std::vector<Talk> talks;
    const char* rules;
  } cases[] = {
      {"opened from outside", {{}}, "ingress tcp 443 10.0.0.1/32\n"},
      {"opened by the interface",
       {{.opened = Side::outbound, .peer = "192.0.2.1", .protocol = 17, .port = 53}},
       "egress udp 53 192.0.2.1/32\n"},
      {"refused", {{.accepted = 0, .rejected = 1, .answers = 0}}, ""},
      {"refused once and accepted once", {{.rejected = 1}}, "ingress tcp 443 10.0.0.1/32\n"},
      {"only the answers are in the log", {{.accepted = 0}}, "ingress tcp 443 10.0.0.1/32\n"},
      {"answers to what was refused", {{.accepted = 0, .rejected = 1}}, ""},
      {"which way it went is not known", {{.opened = Side::unknown}}, ""},
      {"the filter dropped it", {{.selected = false}}, ""},
      {"ICMP has no ports", {{.protocol = 1, .port = 0}}, "ingress icmp all types 10.0.0.1/32\n"},
      {"ICMPv6",
       {{.peer = "2001:db8::1", .protocol = 58, .port = 0}},
       "ingress icmpv6 all types 2001:db8::1/128\n"},
      {"a protocol without a name, and no ports whatever the record says",
       {{.protocol = 50, .port = 7}},
       "ingress protocol 50 10.0.0.1/32\n"},
      {"halves of a prefix",
       {{.peer = "10.0.0.0"}, {.peer = "10.0.0.1"}},
       "ingress tcp 443 10.0.0.0/31\n"},
      {"no halves of a prefix",
       {{.peer = "10.0.0.1"}, {.peer = "10.0.0.2"}},
       "ingress tcp 443 10.0.0.1/32\ningress tcp 443 10.0.0.2/32\n"},
      {"adjacent ports of one peer",
       {{.port = 8000}, {.port = 8002}, {.port = 8001}},
       "ingress tcp 8000-8002 10.0.0.1/32\n"},
      {"a port between that nobody used",
       {{.port = 8000}, {.port = 8002}},
       "ingress tcp 8000 10.0.0.1/32\ningress tcp 8002 10.0.0.1/32\n"},
      {"the last port has no neighbour",
       {{.port = 65535}, {.port = 0}},
       "ingress tcp 0 10.0.0.1/32\ningress tcp 65535 10.0.0.1/32\n"},
      {"one port of two protocols",
       {{}, {.protocol = 17}},
       "ingress tcp 443 10.0.0.1/32\ningress udp 443 10.0.0.1/32\n"},
      {"both families",
       {{}, {.peer = "2001:db8::1"}},
       "ingress tcp 443 10.0.0.1/32\ningress tcp 443 2001:db8::1/128\n"},
  };
  for (const auto& c : cases) {
    HandmadeLog log;
    for (const Talk& talk : c.talks) log.add(talk);
    const auto suggested = log.suggest({});
    ASSERT_TRUE(suggested) << c.why;
    ASSERT_EQ(suggested->proposals.size(), 1U) << c.why;
    EXPECT_EQ(rules_text(suggested->proposals[0]), c.rules) << c.why;
  }
}

TEST(Suggest, SaysWhatARuleRestsOn) {
  HandmadeLog log{{.certainty = Certainty::likely, .start = 1'700'000'500},
                  {.certainty = Certainty::likely, .accepted = 3, .answers = 0},
                  {.peer = "10.0.0.0", .certainty = Certainty::likely},
                  {.accepted = 0, .rejected = 4, .answers = 0},
                  {.opened = Side::unknown},
                  {.accepted = 0, .rejected = 1}};
  const auto suggested = log.suggest({});
  ASSERT_TRUE(suggested);
  const Suggestion& proposal = suggested->proposals.at(0);
  ASSERT_EQ(proposal.rules.size(), 1U);
  const SuggestedRule& rule = proposal.rules[0];
  EXPECT_EQ(rule.evidence.conversations, 3U);
  EXPECT_EQ(rule.evidence.answered, 2U);
  EXPECT_EQ(rule.evidence.flows, 7U);
  EXPECT_EQ(rule.evidence.packets, 14U);
  EXPECT_EQ(rule.evidence.bytes, 700U);
  EXPECT_EQ(rule.evidence.first, 1'700'000'000);
  EXPECT_EQ(rule.evidence.last, 1'700'000'560);
  EXPECT_EQ(rule.evidence.certainty, Certainty::likely);
  EXPECT_EQ(rule.peers, 2U);
  EXPECT_FALSE(rule.is_wider);
  EXPECT_EQ(proposal.accepted, 7U);
  EXPECT_EQ(proposal.rejected, 5U);
  EXPECT_EQ(proposal.without_side, 2U);
  EXPECT_EQ(proposal.only_replies, 1U);
  EXPECT_EQ(proposal.first, 1'700'000'000);
  EXPECT_EQ(rule_description(rule), "weir: 7 flows, 2 peers, 2023-11-14 to 2023-11-14");
}

Network company() {
  Network network;
  add_interface(network, "eni-a", {"sg-web"}, {"10.0.0.10"});
  add_interface(network, "eni-b", {"sg-web"}, {"10.0.0.11"});
  add_interface(network, "eni-c", {"sg-web", "sg-admin"}, {"10.0.0.12"});
  add_interface(network, "eni-d", {"sg-data"}, {"10.0.0.20", "2001:db8::20"});
  add_interface(network, "eni-e", {"sg-idle"}, {"10.0.0.30"});
  add_interface(network, "eni-nat", {}, {"10.0.0.40"});
  add_interface(network, "eni-far", {"sg-far"}, {"10.0.0.10", "10.8.0.1"}, "vpc-2");
  network.index();
  return network;
}

TEST(Suggest, MakesAProposalForEachSetOfGroups) {
  const Network network = company();
  const Evaluator evaluator(network);
  HandmadeLog log{{.interface = "eni-a"}, {.interface = "eni-b"},   {.interface = "eni-c"},
                  {.interface = "eni-d"}, {.interface = "eni-new"}, {.interface = "eni-nat"},
                  {.interface = "tgw-1"}};
  const auto text = [](const Suggestion& proposal) {
    std::string all = proposal.group_id + ":";
    for (const std::string& id : proposal.group_ids) all += ' ' + id;
    all += " on";
    for (const std::string& id : proposal.interface_ids) all += ' ' + id;
    return all + " and " + std::to_string(proposal.silent_interfaces);
  };
  const auto suggested = log.suggest({.policy = &evaluator});
  ASSERT_TRUE(suggested);
  ASSERT_EQ(suggested->proposals.size(), 4U);
  EXPECT_EQ(text(suggested->proposals[0]), ": on eni-new and 0");
  EXPECT_EQ(text(suggested->proposals[1]), "sg-admin: sg-admin sg-web on eni-c and 0");
  EXPECT_EQ(text(suggested->proposals[2]), "sg-data: sg-data on eni-d and 0");
  EXPECT_EQ(text(suggested->proposals[3]), ": sg-web on eni-a eni-b and 0");
  ASSERT_EQ(suggested->ungrouped.size(), 2U);
  EXPECT_EQ(suggested->ungrouped[0].interface_id, "eni-nat");
  EXPECT_EQ(suggested->ungrouped[1].interface_id, "tgw-1");

  const auto plain = log.suggest({});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->proposals.size(), 6U) << "one an interface, the attachment left out";
}

TEST(Suggest, ChoosesOneInterfaceOrGroup) {
  const Network network = company();
  const Evaluator evaluator(network);
  HandmadeLog log{{.interface = "eni-a"}, {.interface = "eni-c"}, {.interface = "eni-nat"}};
  const struct {
    const char* why;
    SuggestOptions options;
    std::size_t interfaces;  ///< 0: an error
    const char* group_or_error;
  } cases[] = {
      {"its group is not its own", {.policy = &evaluator, .interface_id = "eni-a"}, 1, ""},
      {"one of its groups is its own",
       {.policy = &evaluator, .interface_id = "eni-c"},
       1,
       "sg-admin"},
      {"without a configuration", {.interface_id = "eni-a"}, 1, ""},
      {"a group, whatever else its members carry",
       {.policy = &evaluator, .group_id = "sg-web"},
       2,
       "sg-web"},
      {"no record",
       {.policy = &evaluator, .interface_id = "eni-d"},
       0,
       "the log has no record of the interface eni-d"},
      {"carries no group",
       {.policy = &evaluator, .interface_id = "eni-nat"},
       0,
       "eni-nat (interface) carries no security group"},
      {"no record of a member",
       {.policy = &evaluator, .group_id = "sg-idle"},
       0,
       "the log has no record of an interface that carries sg-idle"},
      {"no member",
       {.policy = &evaluator, .group_id = "sg-none"},
       0,
       "no interface of the configuration carries the group sg-none"},
      {"a group without configuration",
       {.group_id = "sg-web"},
       0,
       "--group needs --config, which says which interfaces carry the group"},
  };
  for (const auto& c : cases) {
    const auto suggested = log.suggest(c.options);
    ASSERT_EQ(suggested.has_value(), c.interfaces > 0) << c.why;
    if (!suggested) {
      EXPECT_EQ(suggested.error().message, c.group_or_error) << c.why;
      continue;
    }
    ASSERT_EQ(suggested->proposals.size(), 1U) << c.why;
    EXPECT_EQ(suggested->proposals[0].interface_ids.size(), c.interfaces) << c.why;
    EXPECT_EQ(suggested->proposals[0].group_id, c.group_or_error) << c.why;
  }
  const auto group = log.suggest({.policy = &evaluator, .group_id = "sg-web"});
  ASSERT_TRUE(group);
  EXPECT_EQ(group->proposals[0].silent_interfaces, 1U) << "eni-b";
}

TEST(Suggest, RefersToGroups) {
  Network network = company();
  // A default group that everyone carries, of whom one is seen.
  for (int i = 0; i < 8; ++i) {
    add_interface(network, "eni-many" + std::to_string(i), {"sg-many"},
                  {"10.0.1." + std::to_string(i)});
  }
  network.index();
  const Evaluator evaluator(network);
  const struct {
    const char* why;
    std::vector<std::string> peers;
    const char* rules;
  } cases[] = {
      {"every member seen", {"10.0.0.10", "10.0.0.11", "10.0.0.12"}, "ingress tcp 443 sg-web\n"},
      {"two of three", {"10.0.0.10", "10.0.0.11"}, "ingress tcp 443 sg-web\n"},
      {"the narrower of two groups", {"10.0.0.12"}, "ingress tcp 443 sg-admin\n"},
      {"one of eight is too few", {"10.0.1.3"}, "ingress tcp 443 10.0.1.3/32\n"},
      {"two of eight are enough", {"10.0.1.3", "10.0.1.4"}, "ingress tcp 443 sg-many\n"},
      {"a group of each family at once",
       {"10.0.0.20", "2001:db8::20"},
       "ingress tcp 443 sg-data\n"},
      {"another VPC that is not peered", {"10.8.0.1"}, "ingress tcp 443 10.8.0.1/32\n"},
      {"no group", {"10.0.0.40"}, "ingress tcp 443 10.0.0.40/32\n"},
      {"the others stay prefixes",
       {"10.0.0.10", "10.0.0.11", "10.0.0.12", "192.0.2.0", "192.0.2.1"},
       "ingress tcp 443 sg-web\ningress tcp 443 192.0.2.0/31\n"},
  };
  for (const auto& c : cases) {
    HandmadeLog log;
    for (const std::string& peer : c.peers) log.add({.interface = "eni-e", .peer = peer});
    const auto suggested = log.suggest({.policy = &evaluator});
    ASSERT_TRUE(suggested) << c.why;
    EXPECT_EQ(rules_text(suggested->proposals.at(0)), c.rules) << c.why;
  }
  HandmadeLog log{{.interface = "eni-e", .peer = "10.0.0.10"},
                  {.interface = "eni-e", .peer = "10.0.0.11"}};
  const auto suggested = log.suggest({.policy = &evaluator});
  ASSERT_TRUE(suggested);
  const SuggestedRule& rule = suggested->proposals.at(0).rules.at(0);
  EXPECT_EQ(rule.peers, 2U);
  EXPECT_EQ(rule.not_seen, 1U);
  EXPECT_EQ(std::get<GroupReference>(rule.peer).account_id, "123456789012");
}

TEST(Suggest, TurnsRoundWhatTheRulesContradict) {
  Network network = company();
  SecurityGroupRule& egress = add_rule(network, "sg-idle", RuleDirection::egress);
  egress.traffic = {.protocol = 6, .ports = {40000, 60000}};
  egress.peer = cidr("0.0.0.0/0");
  network.index();
  const Evaluator evaluator(network);
  const struct {
    const char* why;
    Talk talk;
    bool has_policy;
    const char* rules;
  } cases[] = {
      {"the rules of now admit only the other way",
       {.certainty = Certainty::likely},
       true,
       "egress tcp 50000 10.0.0.1/32\n"},
      {"it is no guess: the rules have changed", {}, true, "ingress tcp 443 10.0.0.1/32\n"},
      {"no rules to ask", {.certainty = Certainty::likely}, false, "ingress tcp 443 10.0.0.1/32\n"},
      {"neither way is admitted now",
       {.peer = "2001:db8::5", .certainty = Certainty::likely},
       true,
       "ingress tcp 443 2001:db8::5/128\n"},
      {"who opened it stays open: a rule for either end",
       {.certainty = Certainty::possible},
       false,
       "ingress tcp 443 10.0.0.1/32\negress tcp 50000 10.0.0.1/32\n"},
      {"of these, the opening of one was refused",
       {.certainty = Certainty::possible, .accepted = 0, .rejected = 1},
       false,
       "egress tcp 50000 10.0.0.1/32\n"},
  };
  for (const auto& c : cases) {
    HandmadeLog log;
    Talk talk = c.talk;
    talk.interface = "eni-e";
    log.add(talk);
    const auto suggested = log.suggest({.policy = c.has_policy ? &evaluator : nullptr});
    ASSERT_TRUE(suggested) << c.why;
    EXPECT_EQ(rules_text(suggested->proposals.at(0)), c.rules) << c.why;
  }
}

TEST(Suggest, RefersToGroupsOfPeeredVpcs) {
  Network network = company();
  add_rule(network, "sg-data").peer =
      GroupReference{.group_id = "sg-far", .vpc_id = "vpc-2", .peering_id = "pcx-1"};
  network.index();
  const Evaluator evaluator(network);
  HandmadeLog log{{.interface = "eni-e", .peer = "10.8.0.1"},
                  {.interface = "eni-e", .peer = "10.0.0.10", .port = 80}};
  const auto suggested = log.suggest({.policy = &evaluator});
  ASSERT_TRUE(suggested);
  const Suggestion& proposal = suggested->proposals.at(0);
  ASSERT_EQ(proposal.rules.size(), 2U);
  EXPECT_EQ(proposal.rules[1].traffic.ports.from, 443);
  const auto& far = std::get<GroupReference>(proposal.rules[1].peer);
  EXPECT_EQ(far.group_id, "sg-far");
  EXPECT_EQ(far.vpc_id, "vpc-2");
  EXPECT_EQ(far.peering_id, "pcx-1");
  // Both VPCs have 10.0.0.10: the near one is meant.
  EXPECT_EQ(to_string(proposal.rules[0].peer), "sg-web");
}

TEST(Suggest, RefersToPrefixLists) {
  Network network = company();
  network.prefix_lists = {{.id = "pl-s3",
                           .name = "com.amazonaws.eu-central-1.s3",
                           .has_entries = true,
                           .entries = {cidr("198.51.100.0/24")}},
                          {.id = "pl-office",
                           .name = "office",
                           .has_entries = true,
                           .entries = {cidr("192.0.2.0/28"), cidr("192.0.2.128/28")}}};
  HandmadeLog log{{.interface = "eni-e", .opened = Side::outbound, .peer = "198.51.100.7"},
                  {.interface = "eni-e", .peer = "192.0.2.3"}};
  network.index();
  {
    const Evaluator evaluator(network);
    const auto suggested = log.suggest({.policy = &evaluator});
    ASSERT_TRUE(suggested);
    EXPECT_EQ(rules_text(suggested->proposals.at(0)),
              "ingress tcp 443 192.0.2.3/32\negress tcp 443 pl-s3\n")
        << "nobody uses the list of the office yet";
  }
  add_rule(network, "sg-idle").peer = PrefixListReference{"pl-office"};
  network.index();
  const Evaluator evaluator(network);
  const auto suggested = log.suggest({.policy = &evaluator});
  ASSERT_TRUE(suggested);
  EXPECT_EQ(rules_text(suggested->proposals.at(0)),
            "ingress tcp 443 pl-office\negress tcp 443 pl-s3\n");
  EXPECT_EQ(suggested->proposals[0].count(RuleDirection::ingress, false).rules, 2U)
      << "a list counts as its entries";
  EXPECT_EQ(suggested->proposals[0].count(RuleDirection::egress, false).rules, 1U)
      << "S3's counts as one";
}

}  // namespace
}  // namespace weir::suggest
