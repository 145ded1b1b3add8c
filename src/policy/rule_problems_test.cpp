// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "policy/random_network_testing.hpp"

namespace weir::policy {
namespace {

std::string name_of(RuleFinding finding) {
  return finding == RuleFinding::shadowed    ? "shadowed"
         : finding == RuleFinding::duplicate ? "duplicate"
                                             : "stale";
}

/// `110 shadowed by 90 100, 120 duplicate by 90`.
std::string text_of(const std::vector<RuleProblem>& problems) {
  std::string text;
  for (const RuleProblem& problem : problems) {
    text += text.empty() ? "" : ", ";
    text += std::to_string(problem.entry != nullptr ? problem.entry->number : problem.rule->index);
    text += " " + name_of(problem.finding) + (problem.proven ? "" : " perhaps");
    if (problem.by_rule != nullptr) text += " by " + std::to_string(problem.by_rule->index);
    if (!problem.by_entries.empty()) text += " by";
    for (const AclEntry* entry : problem.by_entries) text += " " + std::to_string(entry->number);
  }
  return text;
}

TEST(RuleProblems, AreEntriesThatNeverDecide) {
  const struct {
    const char* why;
    std::vector<std::string> entries;
    const char* problems;
  } cases[] = {
      {"none", {"100 ingress allow tcp 22 10.0.0.0/8", "110 ingress deny all 0.0.0.0/0"}, ""},
      {"covered by one",
       {"100 ingress deny all 10.0.0.0/8", "110 ingress allow tcp 22 10.1.0.0/16"},
       "110 shadowed by 100"},
      {"a higher number covers nothing",
       {"110 ingress allow tcp 22 10.1.0.0/16", "200 ingress deny all 10.0.0.0/8"},
       ""},
      {"the order in the file does not matter",
       {"110 ingress allow tcp 22 10.1.0.0/16", "20 ingress deny all 10.0.0.0/8"},
       "110 shadowed by 20"},
      {"another direction",
       {"100 egress deny all 10.0.0.0/8", "110 ingress allow all 10.0.0.0/8"},
       ""},
      {"another family", {"100 ingress deny all ::/0", "110 ingress allow all 10.0.0.0/8"}, ""},
      {"another protocol",
       {"100 ingress deny tcp 0-65535 10.0.0.0/8", "110 ingress allow udp 53 10.0.0.0/8"},
       ""},
      {"the same again",
       {"100 ingress deny tcp 22 10.0.0.0/8", "110 ingress allow tcp 22 10.0.0.0/8"},
       "110 duplicate by 100"},
      {"two halves",
       {"100 ingress allow tcp 22 10.0.0.0/9", "110 ingress deny tcp 22 10.128.0.0/9",
        "120 ingress allow tcp 22 10.0.0.0/8"},
       "120 shadowed by 100 110"},
      {"two halves and a gap",
       {"100 ingress allow tcp 22 10.0.0.0/9", "110 ingress deny tcp 22 10.128.0.0/10",
        "120 ingress allow tcp 22 10.0.0.0/8"},
       ""},
      {"two ranges of ports",
       {"100 ingress allow tcp 0-1023 0.0.0.0/0", "110 ingress allow tcp 1024-65535 0.0.0.0/0",
        "120 ingress deny tcp 0-65535 10.0.0.0/8"},
       "120 shadowed by 100 110"},
      {"and a port between them",
       {"100 ingress allow tcp 0-1023 0.0.0.0/0", "110 ingress allow tcp 1025-65535 0.0.0.0/0",
        "120 ingress deny tcp 0-65535 10.0.0.0/8"},
       ""},
      {"ports and addresses together",
       {"100 ingress allow tcp 0-100 10.0.0.0/8", "110 ingress allow tcp 50-200 10.0.0.0/9",
        "115 ingress allow udp 53 10.0.0.0/8", "120 ingress allow tcp 101-200 10.128.0.0/9",
        "130 ingress deny tcp 20-150 10.0.0.0/8"},
       "130 shadowed by 100 110 120"},
      {"only those that are needed",
       {"100 ingress allow tcp 22 10.0.0.0/10", "110 ingress allow tcp 22 10.0.0.0/9",
        "120 ingress deny tcp 22 10.128.0.0/9", "130 ingress allow tcp 22 10.0.0.0/8"},
       "130 shadowed by 110 120"},
      {"every protocol is more than all that are named",
       {"100 ingress allow tcp 0-65535 0.0.0.0/0", "110 ingress allow udp 0-65535 0.0.0.0/0",
        "120 ingress allow icmp any 0.0.0.0/0", "130 ingress deny all 0.0.0.0/0"},
       ""},
      {"every protocol, by halves",
       {"100 ingress allow tcp 22 10.0.0.0/8", "110 ingress allow all 10.0.0.0/9",
        "120 ingress allow all 10.128.0.0/9", "130 ingress deny all 10.0.0.0/8"},
       "130 shadowed by 110 120"},
      {"a type of ICMP",
       {"100 ingress allow icmp any 0.0.0.0/0", "110 ingress deny icmp 8 0.0.0.0/0"},
       "110 shadowed by 100"},
      {"is not all of them",
       {"100 ingress allow icmp 8 0.0.0.0/0", "110 ingress deny icmp any 0.0.0.0/0"},
       ""},
      {"a code of a type",
       {"100 ingress allow icmp 3 0.0.0.0/0", "110 ingress deny icmp 3/4 0.0.0.0/0"},
       "110 shadowed by 100"},
      {"58 with an IPv4 block is every type",
       {"100 ingress allow icmpv6 128 0.0.0.0/0", "110 ingress deny icmpv6 any 0.0.0.0/0"},
       "110 duplicate by 100"},
      {"IPv6 halves",
       {"100 ingress allow all ::/1", "110 ingress allow all 8000::/1",
        "120 ingress deny tcp 22 ::/0", "130 ingress deny tcp 22 0.0.0.0/0"},
       "120 shadowed by 100 110"},
  };
  for (const auto& c : cases) {
    Network network;
    add_acl(network, "acl-1", {}, c.entries);
    network.index();
    const std::vector<RuleProblem> problems = find_rule_problems(network);
    EXPECT_EQ(text_of(problems), c.problems) << c.why;
    for (const RuleProblem& problem : problems) {
      EXPECT_EQ(problem.acl, &network.acls.front()) << c.why;
      EXPECT_NE(problem.reason.find("decide"), std::string::npos) << c.why;
    }
  }
}

TEST(RuleProblems, AreRulesThatAnotherContains) {
  const struct {
    const char* why;
    std::vector<std::string> rules;
    const char* problems;
  } cases[] = {
      {"none", {"ingress tcp 22 10.0.0.0/8", "ingress tcp 443 10.0.0.0/8"}, ""},
      {"a wider prefix, wherever it stands",
       {"ingress tcp 22 10.1.0.0/16", "ingress tcp 22 10.0.0.0/8"},
       "0 shadowed by 1"},
      {"more ports",
       {"ingress tcp 22 10.0.0.0/8", "ingress tcp 20-25 10.0.0.0/8"},
       "0 shadowed by 1"},
      {"every protocol",
       {"ingress icmp 8 10.0.0.1/32", "ingress all 10.0.0.0/8"},
       "0 shadowed by 1"},
      {"overlapping is not containing",
       {"ingress tcp 20-25 10.0.0.0/8", "ingress tcp 22-30 10.0.0.0/8"},
       ""},
      {"every IPv4 address is no IPv6 address",
       {"ingress tcp 22 ::/0", "ingress all 0.0.0.0/0"},
       ""},
      {"another direction", {"egress tcp 22 10.0.0.0/8", "ingress all 0.0.0.0/0"}, ""},
      {"the same twice",
       {"ingress tcp 22 10.0.0.0/8", "ingress tcp 22 10.0.0.0/8"},
       "1 duplicate by 0"},
      {"the same list", {"ingress tcp 22 pl-1", "ingress all pl-1"}, "0 shadowed by 1"},
      {"another list", {"ingress tcp 22 pl-1", "ingress all pl-2"}, ""},
      {"an address of a list that was read",
       {"ingress tcp 22 10.1.2.3/32", "ingress all pl-2"},
       "0 shadowed by 1"},
      {"a list in a prefix may change", {"ingress tcp 22 pl-2", "ingress all 10.0.0.0/8"}, ""},
      {"but not to the other family",
       {"ingress tcp 22 pl-2", "ingress all 0.0.0.0/0"},
       "0 shadowed by 1"},
      {"IPv4 addresses are no IPv6 addresses", {"ingress tcp 22 pl-2", "ingress all ::/0"}, ""},
      {"a list that was not read", {"ingress tcp 22 pl-3", "ingress all 0.0.0.0/0"}, ""},
      {"the same group", {"ingress tcp 22 sg-9", "ingress tcp 22-23 sg-9"}, "0 shadowed by 1"},
      {"members of a group may change", {"ingress tcp 22 sg-9", "ingress all 0.0.0.0/0"}, ""},
      {"ports of GRE do not count",
       {"ingress 47 10.0.0.0/8", "ingress 47 10.0.0.0/8"},
       "1 duplicate by 0"},
  };
  for (const auto& c : cases) {
    Network network;
    add_prefix_list(network, "pl-2", {"10.1.0.0/16"});
    add_group(network, "sg-1", c.rules);
    network.index();
    const std::vector<RuleProblem> problems = find_rule_problems(network);
    EXPECT_EQ(text_of(problems), c.problems) << c.why;
    for (const RuleProblem& problem : problems) {
      EXPECT_EQ(problem.group, &network.groups.front()) << c.why;
      EXPECT_NE(problem.reason.find("matches"), std::string::npos) << c.why;
    }
  }
}

// Source: EC2 API, DescribeStaleSecurityGroups.
TEST(RuleProblems, AreReferencesThatAwsCallsStale) {
  const auto problems_of = [](const std::string& peering, bool with_default,
                              const std::string& account) {
    Network network;
    SecurityGroup& group = add_group(network, "sg-1", {"ingress tcp 22 sg-gone"});
    auto& reference = std::get<GroupReference>(group.rules.front().peer);
    reference.account_id = account;
    reference.peering_status = peering;
    if (!peering.empty()) reference.vpc_id = "vpc-peer";
    group.account_id = "123456789012";
    if (with_default) {
      SecurityGroup& usual = add_group(network, "sg-default", {});
      usual.name = "default";
      usual.account_id = "123456789012";
      if (!peering.empty()) usual.vpc_id = "vpc-peer";
    }
    network.index();
    return text_of(find_rule_problems(network));
  };
  EXPECT_EQ(problems_of("deleted", false, "123456789012"), "0 stale");
  EXPECT_EQ(problems_of("active", false, "123456789012"), "") << "its VPC was not read";
  EXPECT_EQ(problems_of("active", true, "123456789012"), "0 stale perhaps");
  EXPECT_EQ(problems_of("active", true, "210987654321"), "") << "nor that account";
  EXPECT_EQ(problems_of("", true, "123456789012"), "0 stale perhaps");
  EXPECT_EQ(problems_of("", true, ""), "0 stale perhaps") << "the account of the rule's group";
  EXPECT_EQ(problems_of("", false, ""), "") << "groups that are made of their rules";
}

/// What is said to be of no use may go.
TEST(RuleProblems, MayBeRemoved) {
  std::size_t removed = 0;
  for (std::uint64_t seed = 0; seed < 100 && !testing::Test::HasFailure(); ++seed) {
    const RandomNetwork before(seed);
    RandomNetwork after(seed);
    const std::vector<RuleProblem> problems = find_rule_problems(after.network);
    const auto is_problem = [&](const void* item) {
      return std::any_of(problems.begin(), problems.end(), [&](const RuleProblem& problem) {
        return problem.proven && (problem.rule == item || problem.entry == item);
      });
    };
    std::vector<std::vector<SecurityGroupRule>> rules;
    std::vector<std::vector<AclEntry>> entries;
    for (const SecurityGroup& group : after.network.groups) {
      rules.emplace_back();
      for (const SecurityGroupRule& rule : group.rules) {
        if (!is_problem(&rule)) rules.back().push_back(rule);
      }
    }
    for (const NetworkAcl& acl : after.network.acls) {
      entries.emplace_back();
      for (const AclEntry& entry : acl.entries) {
        if (!is_problem(&entry)) entries.back().push_back(entry);
      }
    }
    removed += problems.size();
    for (std::size_t i = 0; i < rules.size(); ++i) after.network.groups[i].rules = rules[i];
    for (std::size_t i = 0; i < entries.size(); ++i) after.network.acls[i].entries = entries[i];

    const Evaluator with(before.network);
    const Evaluator without(after.network);
    for (std::uint32_t at = 0; at < before.network.interfaces.size(); ++at) {
      for (const Packet& packet : RandomNetwork::all_packets()) {
        EXPECT_EQ(without.groups(at, packet).allowed, with.groups(at, packet).allowed) << seed;
        EXPECT_EQ(without.acl(at, packet).allowed, with.acl(at, packet).allowed) << seed;
        EXPECT_EQ(without.acl(at, packet).number, with.acl(at, packet).number) << seed;
      }
    }
  }
  EXPECT_GT(removed, 300U);
}

}  // namespace
}  // namespace weir::policy
