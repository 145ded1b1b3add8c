// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "suggest/prefixes.hpp"
#include "suggest/suggest_testing.hpp"

namespace weir::suggest {
namespace {

TEST(Limit, WidensOnlyAsFarAsItMust) {
  // Two pairs: one shares /30, the other /16.
  const std::vector<Talk> talks = {
      {.peer = "10.0.0.1"}, {.peer = "10.0.0.2"}, {.peer = "10.7.0.1"}, {.peer = "10.7.99.1"}};
  const struct {
    const char* why;
    std::uint32_t max_rules;
    std::optional<std::uint8_t> widen;
    const char* rules;
    bool is_met;
    std::optional<std::uint8_t> widen_to;
  } cases[] = {
      {"room for all, whatever is allowed",
       4,
       0,
       "ingress tcp 443 10.0.0.1/32\ningress tcp 443 10.0.0.2/32\n"
       "ingress tcp 443 10.7.0.1/32\ningress tcp 443 10.7.99.1/32\n",
       true,
       {}},
      {"not allowed to widen",
       3,
       {},
       "ingress tcp 443 10.0.0.1/32\ningress tcp 443 10.0.0.2/32\n"
       "ingress tcp 443 10.7.0.1/32\ningress tcp 443 10.7.99.1/32\n",
       false,
       30},
      {"the closest pair",
       3,
       16,
       "ingress tcp 443 10.0.0.0/30\ningress tcp 443 10.7.0.1/32\n"
       "ingress tcp 443 10.7.99.1/32\n",
       true,
       {}},
      {"both pairs", 2, 16, "ingress tcp 443 10.0.0.0/30\ningress tcp 443 10.7.0.0/17\n", true, {}},
      {"as far as allowed, which is not enough", 1, 16,
       "ingress tcp 443 10.0.0.0/30\ningress tcp 443 10.7.0.0/17\n", false, 13},
  };
  for (const auto& c : cases) {
    HandmadeLog log;
    for (const Talk& talk : talks) log.add(talk);
    const auto suggested = log.suggest({.max_rules = c.max_rules, .widen_ipv4 = c.widen});
    ASSERT_TRUE(suggested) << c.why;
    const Suggestion& proposal = suggested->proposals.at(0);
    EXPECT_EQ(rules_text(proposal), c.rules) << c.why;
    const RuleCount& count = proposal.count(RuleDirection::ingress, false);
    EXPECT_EQ(count.rules, proposal.rules.size()) << c.why;
    EXPECT_EQ(count.is_met(), c.is_met) << c.why;
    EXPECT_EQ(count.widen_to, c.widen_to) << c.why;
  }
}

TEST(Limit, SaysWhichRulesAreWider) {
  HandmadeLog log{{.peer = "10.0.0.1"}, {.peer = "10.0.0.2"}, {.peer = "10.0.9.0", .port = 80}};
  const auto suggested = log.suggest({.max_rules = 2, .widen_ipv4 = 24});
  ASSERT_TRUE(suggested);
  const std::vector<SuggestedRule>& rules = suggested->proposals.at(0).rules;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_FALSE(rules[0].is_wider);
  EXPECT_TRUE(rules[1].is_wider);
  EXPECT_EQ(rules[1].peers, 2U);
}

TEST(Limit, OpensAPublicServiceToEveryone) {
  HandmadeLog log{{.port = 22}};
  for (int i = 0; i < 100; ++i) {
    log.add({.peer = std::to_string(11 + i) + ".2.3." + std::to_string(i)});
  }
  auto suggested = log.suggest({});
  ASSERT_TRUE(suggested);
  {
    const Suggestion& proposal = suggested->proposals.at(0);
    ASSERT_EQ(proposal.public_ports.size(), 1U);
    EXPECT_EQ(proposal.public_ports[0].peers, 100U);
    EXPECT_EQ(proposal.public_ports[0].networks, 100U);
    EXPECT_EQ(to_string(proposal.public_ports[0].traffic), "tcp 443");
    EXPECT_EQ(proposal.count(RuleDirection::ingress, false).widen_to, 0) << "no /8 helps";
  }
  suggested = log.suggest({.widen_ipv4 = 0});
  ASSERT_TRUE(suggested);
  EXPECT_EQ(rules_text(suggested->proposals.at(0)),
            "ingress tcp 22 10.0.0.1/32\ningress tcp 443 0.0.0.0/0\n");
  EXPECT_TRUE(suggested->proposals[0].public_ports.empty());
}

TEST(Limit, CountsFamiliesApartAndReferencesInBoth) {
  Network network;
  add_interface(network, "eni-a", {"sg-a"}, {"10.0.0.9"});
  add_interface(network, "eni-b", {"sg-b"}, {"10.0.0.10"});
  network.index();
  const Evaluator evaluator(network);
  HandmadeLog log{{.peer = "10.0.0.10"},   {.peer = "10.1.0.1"},    {.peer = "10.1.0.3"},
                  {.peer = "2001:db8::1"}, {.peer = "2001:db8::8"}, {.peer = "2001:db8::20"}};
  auto suggested = log.suggest({.policy = &evaluator, .max_rules = 3});
  ASSERT_TRUE(suggested);
  EXPECT_EQ(suggested->proposals.at(0).count(RuleDirection::ingress, false).rules, 3U);
  const RuleCount ipv6 = suggested->proposals[0].count(RuleDirection::ingress, true);
  EXPECT_EQ(ipv6.rules, 4U);
  EXPECT_EQ(ipv6.widen_to, 124);
  suggested = log.suggest({.policy = &evaluator, .max_rules = 3, .widen_ipv6 = 120});
  ASSERT_TRUE(suggested);
  EXPECT_EQ(rules_text(suggested->proposals.at(0)),
            "ingress tcp 443 sg-b\ningress tcp 443 10.1.0.1/32\ningress tcp 443 10.1.0.3/32\n"
            "ingress tcp 443 2001:db8::/124\ningress tcp 443 2001:db8::20/128\n");
}

TEST(Limit, PortsWithTheSamePeersWidenTogether) {
  HandmadeLog log;
  for (std::uint16_t port = 8000; port < 8010; ++port) {
    for (const char* peer : {"10.0.0.1", "10.0.0.2", "10.0.0.4"}) {
      log.add({.peer = peer, .port = port});
    }
  }
  const auto suggested = log.suggest({.max_rules = 2, .widen_ipv4 = 24});
  ASSERT_TRUE(suggested);
  EXPECT_EQ(rules_text(suggested->proposals.at(0)),
            "ingress tcp 8000-8009 10.0.0.0/30\ningress tcp 8000-8009 10.0.0.4/32\n");
}

TEST(Limit, SavesMostRulesFirstAmongEquallyClosePrefixes) {
  const auto prefixes = [](std::initializer_list<const char*> texts) {
    std::vector<Cidr> parsed;
    for (const char* text : texts) parsed.push_back(cidr(text));
    return parsed;
  };
  std::vector<PortClass> classes = {
      {.prefixes = prefixes({"10.0.0.1", "10.0.0.2"}), .ports = {0}},
      {.prefixes = prefixes({"10.0.0.1", "10.0.0.2", "10.0.0.5", "10.0.0.6"}), .ports = {1}}};
  EXPECT_EQ(widen_to_limit(classes, 4, 8, false), 30);
  EXPECT_EQ(classes[0].prefixes.size(), 2U);
  EXPECT_EQ(classes[1].prefixes.size(), 2U);
  EXPECT_EQ(widen_to_limit(classes, 1, 8, false), std::nullopt) << "two ports are two rules";
}

}  // namespace
}  // namespace weir::suggest
