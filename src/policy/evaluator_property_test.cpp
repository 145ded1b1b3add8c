// SPDX-License-Identifier: Apache-2.0
// The evaluator against its slow twin, and what must hold whatever the rules are: every packet of
// small random networks is tried.
#include <gtest/gtest.h>

#include <algorithm>

#include "oracle/policy_oracle.hpp"
#include "policy/random_network_testing.hpp"

namespace weir::policy {
namespace {

std::string describe(const Packet& packet) {
  return std::string(rule_direction_name(packet.direction)) + " protocol " +
         std::to_string(packet.protocol) + " to port " + std::to_string(packet.destination_port) +
         ", peer " + to_string(packet.peer);
}

void expect_same(const GroupDecision& got, const GroupDecision& expected) {
  EXPECT_EQ(got.allowed, expected.allowed);
  EXPECT_EQ(got.doubt, expected.doubt);
  EXPECT_EQ(got.checked, expected.checked);
  EXPECT_EQ(got.group, expected.group);
  EXPECT_EQ(got.rule, expected.rule);
}

void expect_same(const AclDecision& got, const AclDecision& expected) {
  EXPECT_EQ(got.allowed, expected.allowed);
  EXPECT_EQ(got.doubt, expected.doubt);
  EXPECT_EQ(got.checked, expected.checked);
  EXPECT_EQ(got.acl, expected.acl);
  EXPECT_EQ(got.entry, expected.entry);
  EXPECT_EQ(got.number, expected.number);
}

struct RuleSeen {
  const SecurityGroup* group;
  const SecurityGroupRule* rule;
  Answer answer;
  bool operator==(const RuleSeen&) const = default;
};

std::vector<RuleSeen> rules_seen(const Evaluator& evaluator, std::uint32_t interface,
                                 const Packet& packet) {
  std::vector<RuleSeen> seen;
  evaluator.each_matching_rule(
      interface, packet,
      [&](const SecurityGroup& group, const SecurityGroupRule& rule, Answer answer) {
        seen.push_back({&group, &rule, answer});
      });
  return seen;
}

/// Calls visit(interface, packet) for every interface and packet.
template <class Visitor>
void for_each_packet(const Network& network, Visitor&& visit) {
  for (std::uint32_t interface = 0; interface < network.interfaces.size(); ++interface) {
    for (const Packet& packet : RandomNetwork::all_packets()) visit(interface, packet);
  }
}

TEST(EvaluatorProperty, DecidesAsTheOracle) {
  std::array<std::size_t, 3> group_answers{};
  std::array<std::size_t, 3> acl_answers{};
  std::array<std::size_t, 16> doubts{};
  std::size_t untracked = 0;
  for (std::uint64_t seed = 0; seed < 500 && !testing::Test::HasFailure(); ++seed) {
    const RandomNetwork random(seed);
    const Network& network = random.network;
    const Evaluator evaluator(network);
    const PolicyOracle oracle(network);
    for_each_packet(network, [&](std::uint32_t interface, const Packet& packet) {
      if (testing::Test::HasFailure()) return;
      const NetworkInterface& at = network.interfaces[interface];
      SCOPED_TRACE("seed " + std::to_string(seed) + ", " + at.id + ", " + describe(packet));
      const GroupDecision groups = evaluator.groups(interface, packet);
      const AclDecision acl = evaluator.acl(interface, packet);
      const PolicyOracle::Groups expected_groups = oracle.groups(at, packet);
      expect_same(groups, expected_groups.decision);
      expect_same(acl, oracle.acl(at, packet));
      EXPECT_EQ(evaluator.untracked(interface, packet), oracle.untracked(at, packet));

      std::vector<RuleSeen> expected;
      for (const auto& [group, rule, answer] : expected_groups.matching) {
        expected.push_back({group, rule, answer});
      }
      EXPECT_EQ(rules_seen(evaluator, interface, packet), expected);
      ++group_answers[static_cast<std::size_t>(groups.allowed)];
      ++acl_answers[static_cast<std::size_t>(acl.allowed)];
      ++doubts[static_cast<std::size_t>(groups.doubt)];
      ++doubts[static_cast<std::size_t>(acl.doubt)];
      if (evaluator.untracked(interface, packet)) ++untracked;
    });
  }
  // The networks would be no test if they gave one answer only.
  for (const std::size_t count : group_answers) EXPECT_GT(count, 5000U);
  for (const std::size_t count : acl_answers) EXPECT_GT(count, 5000U);
  for (const Doubt doubt : {Doubt::icmp_type, Doubt::prefix_list_entries, Doubt::group_members,
                            Doubt::unknown_group, Doubt::unknown_acl, Doubt::transit_gateway}) {
    EXPECT_GT(doubts[static_cast<std::size_t>(doubt)], 300U) << static_cast<int>(doubt);
  }
  EXPECT_GT(untracked, 50U);
}

/// The trace looks at rules one by one, and has to see what the masks do.
TEST(EvaluatorProperty, TracesWhatDecided) {
  for (std::uint64_t seed = 0; seed < 30 && !testing::Test::HasFailure(); ++seed) {
    const RandomNetwork random(seed);
    const Evaluator evaluator(random.network);
    for_each_packet(random.network, [&](std::uint32_t interface, const Packet& packet) {
      if (testing::Test::HasFailure()) return;
      SCOPED_TRACE("seed " + std::to_string(seed) + ", " + describe(packet));
      const Trace trace = evaluator.trace(interface, packet);
      expect_same(trace.group_decision, evaluator.groups(interface, packet));
      expect_same(trace.acl_decision, evaluator.acl(interface, packet));
      for (const TraceStep& step : trace.groups) EXPECT_FALSE(step.reason.empty()) << step.rule;

      std::vector<Answer> matched;
      for (const TraceStep& step : trace.groups) {
        const bool is_rule = step.rule.find(": ") != std::string::npos;
        if (is_rule && step.matched != Answer::no) matched.push_back(step.matched);
      }
      std::vector<Answer> expected;
      for (const RuleSeen& seen : rules_seen(evaluator, interface, packet)) {
        expected.push_back(seen.answer);
      }
      EXPECT_EQ(matched, expected);

      const AclDecision& acl = trace.acl_decision;
      if (acl.acl == nullptr || !acl.checked) return;
      const auto decided =
          std::find_if(trace.acl.begin(), trace.acl.end(), [](const TraceStep& step) {
            return step.matched != Answer::no && step.rule.find(": ") != std::string::npos;
          });
      ASSERT_NE(decided, trace.acl.end());
      const std::string number = " " + std::to_string(acl.number) + ": ";
      EXPECT_NE(decided->rule.find(number), std::string::npos) << decided->rule;
    });
  }
}

/// Networks that differ by one change, and what the change may do to a decision.
template <class Change, class Expect>
void compare_networks(std::uint64_t seeds, Change&& change, Expect&& expect) {
  for (std::uint64_t seed = 0; seed < seeds && !testing::Test::HasFailure(); ++seed) {
    RandomNetwork before(seed);
    RandomNetwork after(seed);
    change(after);
    after.network.index();
    const Evaluator old_evaluator(before.network);
    const Evaluator new_evaluator(after.network);
    for_each_packet(before.network, [&](std::uint32_t interface, const Packet& packet) {
      if (testing::Test::HasFailure()) return;
      SCOPED_TRACE("seed " + std::to_string(seed) + ", " + describe(packet));
      expect(old_evaluator, new_evaluator, interface, packet);
    });
  }
}

TEST(EvaluatorProperty, AnotherAllowRuleNeverDeniesMore) {
  compare_networks(
      100,
      [](RandomNetwork& random) {
        std::vector<SecurityGroupRule>& rules =
            random.network.groups[random.pick(random.network.groups.size())].rules;
        const auto place = static_cast<std::ptrdiff_t>(random.pick(rules.size() + 1));
        rules.insert(rules.begin() + place, random.rule());
      },
      [](const Evaluator& before, const Evaluator& after, std::uint32_t at, const Packet& packet) {
        EXPECT_GE(after.groups(at, packet).allowed, before.groups(at, packet).allowed);
      });
}

TEST(EvaluatorProperty, ARuleThatNeverMatchedIsNotMissed) {
  std::size_t removed = 0;
  compare_networks(
      100,
      [&](RandomNetwork& random) {
        Network& network = random.network;
        const Evaluator evaluator(network);
        std::vector<const SecurityGroupRule*> used;
        for_each_packet(network, [&](std::uint32_t interface, const Packet& packet) {
          for (const RuleSeen& seen : rules_seen(evaluator, interface, packet)) {
            used.push_back(seen.rule);
          }
        });
        std::sort(used.begin(), used.end());
        for (SecurityGroup& group : network.groups) {
          std::vector<SecurityGroupRule> kept;
          for (const SecurityGroupRule& rule : group.rules) {
            if (std::binary_search(used.begin(), used.end(), &rule)) kept.push_back(rule);
          }
          removed += group.rules.size() - kept.size();
          group.rules = kept;
        }
      },
      [](const Evaluator& before, const Evaluator& after, std::uint32_t at, const Packet& packet) {
        const GroupDecision old_decision = before.groups(at, packet);
        const GroupDecision new_decision = after.groups(at, packet);
        EXPECT_EQ(new_decision.allowed, old_decision.allowed);
        EXPECT_EQ(new_decision.doubt, old_decision.doubt);
        ASSERT_EQ(new_decision.rule == nullptr, old_decision.rule == nullptr);
        if (new_decision.rule == nullptr) return;
        EXPECT_EQ(new_decision.group->id, old_decision.group->id);
        EXPECT_EQ(new_decision.rule->traffic, old_decision.rule->traffic);
        EXPECT_EQ(new_decision.rule->peer, old_decision.rule->peer);
      });
  EXPECT_GT(removed, 100U);
}

TEST(EvaluatorProperty, TheOrderOfAGroupsRulesDoesNotMatter) {
  compare_networks(
      100,
      [](RandomNetwork& random) {
        for (SecurityGroup& group : random.network.groups) {
          std::reverse(group.rules.begin(), group.rules.end());
          const std::size_t middle = random.pick(group.rules.size() + 1);
          std::rotate(group.rules.begin(),
                      group.rules.begin() + static_cast<std::ptrdiff_t>(middle), group.rules.end());
        }
      },
      [](const Evaluator& before, const Evaluator& after, std::uint32_t at, const Packet& packet) {
        EXPECT_EQ(after.groups(at, packet).allowed, before.groups(at, packet).allowed);
        EXPECT_EQ(rules_seen(after, at, packet).size(), rules_seen(before, at, packet).size());
        EXPECT_EQ(after.untracked(at, packet), before.untracked(at, packet));
      });
}

/// The two halves of a prefix, or the prefix itself if it is one address.
std::vector<Cidr> halves_of(const Cidr& prefix) {
  if (prefix.length == 128) return {prefix};
  const auto length = static_cast<std::uint8_t>(prefix.length + 1);
  Ip upper = prefix.network;
  const int bit = 128 - length;
  (bit < 64 ? upper.low : upper.high) |= std::uint64_t{1} << bit % 64;
  return {{prefix.network, length}, {upper, length}};
}

TEST(EvaluatorProperty, APrefixIsWhatItsHalvesAre) {
  compare_networks(
      100,
      [](RandomNetwork& random) {
        for (SecurityGroup& group : random.network.groups) {
          std::vector<SecurityGroupRule> split;
          for (const SecurityGroupRule& rule : group.rules) {
            const auto* prefix = std::get_if<Cidr>(&rule.peer);
            if (prefix == nullptr) {
              split.push_back(rule);
              continue;
            }
            for (const Cidr& half : halves_of(*prefix)) {
              split.push_back(rule);
              split.back().peer = half;
            }
          }
          group.rules = split;
        }
        for (NetworkAcl& acl : random.network.acls) {
          std::vector<AclEntry> split;
          for (const AclEntry& entry : acl.entries) {
            std::uint32_t number = entry.number;
            for (const Cidr& half : halves_of(entry.peer)) {
              split.push_back(entry);
              split.back().peer = half;
              split.back().number = number++;
            }
          }
          acl.entries = split;
        }
        for (PrefixList& list : random.network.prefix_lists) {
          std::vector<Cidr> split;
          for (const Cidr& entry : list.entries) {
            for (const Cidr& half : halves_of(entry)) split.push_back(half);
          }
          list.entries = split;
        }
      },
      [](const Evaluator& before, const Evaluator& after, std::uint32_t at, const Packet& packet) {
        EXPECT_EQ(after.groups(at, packet).allowed, before.groups(at, packet).allowed);
        const AclDecision old_decision = before.acl(at, packet);
        const AclDecision new_decision = after.acl(at, packet);
        EXPECT_EQ(new_decision.allowed, old_decision.allowed);
        EXPECT_EQ(new_decision.doubt, old_decision.doubt);
        // Numbers of random entries are multiples of ten, or the implicit deny's.
        EXPECT_EQ(new_decision.number / 10, old_decision.number / 10);
      });
}

TEST(EvaluatorProperty, WhatComesAfterACatchAllNeverMatters) {
  const auto add_catch_alls = [](RandomNetwork& random) {
    for (NetworkAcl& acl : random.network.acls) {
      for (const std::string direction : {"ingress", "egress"}) {
        const std::string action = random.pick(2) == 0 ? "allow" : "deny";
        acl.entries.push_back(entry_of("5000 " + direction + " " + action + " all 0.0.0.0/0"));
        acl.entries.push_back(entry_of("5001 " + direction + " " + action + " all ::/0"));
      }
    }
  };
  for (std::uint64_t seed = 0; seed < 100 && !testing::Test::HasFailure(); ++seed) {
    RandomNetwork without(seed);
    RandomNetwork with(seed);
    add_catch_alls(without);
    add_catch_alls(with);
    for (NetworkAcl& acl : with.network.acls) {
      for (std::uint32_t i = 0; i < 40; ++i) acl.entries.push_back(with.entry(6000 + i));
    }
    const Evaluator short_lists(without.network);
    const Evaluator long_lists(with.network);
    for_each_packet(with.network, [&](std::uint32_t interface, const Packet& packet) {
      const AclDecision expected = short_lists.acl(interface, packet);
      const AclDecision got = long_lists.acl(interface, packet);
      EXPECT_EQ(got.allowed, expected.allowed) << describe(packet);
      EXPECT_EQ(got.number, expected.number) << describe(packet);
      EXPECT_LT(got.number, 6000U) << describe(packet);
    });
  }
}

}  // namespace
}  // namespace weir::policy
