// SPDX-License-Identifier: Apache-2.0
// Random rules and random conversations: what holds of counting and replaying whatever they are.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "conversation/opening.hpp"
#include "policy/network_testing.hpp"
#include "rules/rule_testing.hpp"
#include "weir/rule_use.hpp"
#include "weir/whatif.hpp"

namespace weir::rules {
namespace {

constexpr const char* kPeers[] = {"10.0.1.5", "10.0.2.9", "10.7.0.1", "192.0.2.1", "203.0.113.7"};
constexpr const char* kPrefixes[] = {"0.0.0.0/0", "10.0.0.0/8", "10.0.1.0/24", "192.0.2.1/32"};
constexpr const char* kTraffics[] = {"all",         "tcp 22",   "tcp 443", "tcp 0-65535",
                                     "udp 0-65535", "icmp any", "icmp 8",  "tcp 1024-65535"};
constexpr std::uint16_t kPorts[] = {22, 443, 8080, 40000};
constexpr const char* kInterfaces[] = {"eni-1", "eni-2"};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  template <class T, std::size_t kCount>
  const T& any_of(const T (&values)[kCount]) {
    return values[below(kCount)];
  }
  std::string rule() {
    return fmt::format("{} {} {}", below(2) == 0 ? "ingress" : "egress", any_of(kTraffics),
                       below(5) == 0 ? "sg-1" : any_of(kPrefixes));
  }
  std::string entry(std::size_t number) {
    return fmt::format("{} {} {} {} {}", number, below(2) == 0 ? "ingress" : "egress",
                       below(4) == 0 ? "deny" : "allow", any_of(kTraffics), any_of(kPrefixes));
  }
  Network network() {
    Network network;
    policy::add_vpc(network, "vpc-1", {"10.0.0.0/8"});
    policy::add_subnet(network, "subnet-1", {"10.0.1.0/24"});
    policy::add_subnet(network, "subnet-2", {"10.0.2.0/24"});
    for (const char* id : {"sg-1", "sg-2", "sg-3"}) {
      std::vector<std::string> rules(below(5));
      for (std::string& text : rules) text = rule();
      policy::add_group(network, id, rules);
    }
    for (const int n : {1, 2}) {
      std::vector<std::string> entries(1 + below(6));
      for (std::size_t i = 0; i < entries.size(); ++i) entries[i] = entry(100 + i);
      policy::add_acl(network, fmt::format("acl-{}", n), {fmt::format("subnet-{}", n)}, entries);
    }
    policy::add_interface(network, "eni-1", "subnet-1", {"10.0.1.5"}, {"sg-1", "sg-3"});
    policy::add_interface(network, "eni-2", "subnet-2", {"10.0.2.9"}, {"sg-2"});
    network.index();
    return network;
  }

  /// A conversation whose records say what the rules say, as far as they say anything.
  void add_conversation(MadeLog& log, const Evaluator& policy) {
    MadeConversation made;
    made.interface = any_of(kInterfaces);
    made.local = made.interface == "eni-1" ? "10.0.1.5" : "10.0.2.9";
    do made.remote = any_of(kPeers);
    while (made.remote == made.local);
    made.opened = below(2) == 0 ? Side::inbound : Side::outbound;
    constexpr std::uint8_t kProtocols[] = {1, 6, 6, 6, 17, 47};
    made.protocol = any_of(kProtocols);
    const bool ports = made.protocol == 6 || made.protocol == 17;
    made.server_port = ports ? any_of(kPorts) : std::uint16_t{0};
    made.client_port = ports ? static_cast<std::uint16_t>(50000 + below(3)) : std::uint16_t{0};
    Conversation shape;
    shape.opened = made.opened;
    (made.opened == Side::inbound ? shape.packet_client : shape.packet_server) =
        *parse_ip(made.remote);
    shape.client_port = made.client_port;
    shape.server_port = made.server_port;
    shape.protocol = made.protocol;
    const std::uint32_t interface = policy.find_interface(made.interface);
    const Packet forward = conversation::forward_packet(shape);
    const Answer opening =
        std::min(policy.groups(interface, forward).allowed, policy.acl(interface, forward).allowed);
    const Answer reply = policy.acl(interface, conversation::backward_packet(shape)).allowed;
    made.records.clear();
    made.records.push_back({.forward = true, .action = action(opening), .bytes = below(10000)});
    if (made.records[0].action == Action::accept && below(4) != 0) {
      made.records.push_back({.forward = false, .action = action(reply), .bytes = below(10000)});
    }
    log.add(made);
  }

 private:
  Action action(Answer answer) {
    const bool accepted = answer == Answer::possibly ? below(2) == 0 : answer == Answer::yes;
    return accepted ? Action::accept : Action::reject;
  }

  std::mt19937_64 random_;
};

WhatifReport replay(const Evaluator* now, const Evaluator& proposed, const MadeLog& log) {
  WhatifReplay replay(now, proposed, log.interfaces());
  replay.take(log.conversations());
  return replay.report();
}

/// Takes the rule away of a copy of its network.
Network without(Network network, const RulePlace& place) {
  if (place.rule != nullptr) {
    for (SecurityGroup& group : network.groups) {
      if (group.id != place.group->id) continue;
      group.rules.erase(group.rules.begin() + (place.rule - place.group->rules.data()));
    }
  } else {
    for (NetworkAcl& acl : network.acls) {
      if (acl.id != place.acl->id) continue;
      acl.entries.erase(acl.entries.begin() + (place.entry - place.acl->entries.data()));
    }
  }
  network.index();
  return network;
}

constexpr std::uint64_t kSeeds = 150;
constexpr int kConversations = 60;

TEST(RuleProperties, TakingAwayWhatIsUnusedChangesNothing) {
  std::uint64_t unused = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Generator generator(seed);
    const Network network = generator.network();
    const Evaluator policy(network);
    MadeLog log(policy);
    for (int i = 0; i < kConversations; ++i) generator.add_conversation(log, policy);
    RuleUseCounter counter(policy, log.interfaces());
    counter.take(log.conversations());
    const RuleUseReport report = counter.report({});
    EXPECT_EQ(report.accepted_against_rules, 0U) << "seed " << seed;
    for (const RuleUse& use : report.rules) {
      const bool is_unused =
          std::any_of(use.findings.begin(), use.findings.end(),
                      [](const UseFinding& found) { return found.kind == UseFindingKind::unused; });
      if (!is_unused) continue;
      ++unused;
      const Network smaller = without(network, use.place);
      const Evaluator proposed(smaller);
      const WhatifReport changed = replay(nullptr, proposed, log);
      const WhatifReport before = replay(nullptr, policy, log);
      EXPECT_EQ(changed.cut.flows, before.cut.flows) << seed << ' ' << to_string(use.place);
      EXPECT_EQ(changed.admitted.flows, before.admitted.flows)
          << seed << ' ' << to_string(use.place);
    }
  }
  EXPECT_GT(unused, 100U) << "or the test says nothing";
}

TEST(RuleProperties, WhatIsAloneIsWhatItsRemovalCuts) {
  std::uint64_t cut = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Generator generator(seed);
    const Network network = generator.network();
    const Evaluator policy(network);
    MadeLog log(policy);
    for (int i = 0; i < kConversations; ++i) generator.add_conversation(log, policy);
    RuleUseCounter counter(policy, log.interfaces());
    counter.take(log.conversations());
    for (const RuleUse& use : counter.report({}).rules) {
      if (use.place.rule == nullptr) continue;
      const Network smaller = without(network, use.place);
      const Evaluator proposed(smaller);
      const WhatifReport changed = replay(&policy, proposed, log);
      cut += changed.cut.flows;
      // A group that this one refers to has the same members as before, so nothing else changes.
      EXPECT_EQ(use.sole_flows, changed.cut.flows) << seed << ' ' << to_string(use.place);
    }
  }
  EXPECT_GT(cut, 100U) << "or the test says nothing";
}

TEST(RuleProperties, AddingAGroupRuleNeverCuts) {
  std::uint64_t admitted = 0;
  for (std::uint64_t seed = 1; seed <= 4 * kSeeds; ++seed) {
    Generator generator(seed);
    const Network network = generator.network();
    const Evaluator policy(network);
    MadeLog log(policy);
    for (int i = 0; i < kConversations; ++i) generator.add_conversation(log, policy);
    Network larger = network;
    SecurityGroup& group = larger.groups[generator.below(larger.groups.size())];
    group.rules.push_back(policy::rule_of(generator.rule()));
    larger.index();
    const Evaluator proposed(larger);
    const WhatifReport report = replay(&policy, proposed, log);
    EXPECT_EQ(report.cut.conversations + report.possibly_cut.conversations, 0U) << seed;
    admitted += report.admitted.conversations;
  }
  EXPECT_GT(admitted, 20U) << "or the test says nothing";
}

TEST(RuleProperties, ProposingWhatIsChangesNothing) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Generator generator(seed);
    const Network network = generator.network();
    const Evaluator policy(network);
    MadeLog log(policy);
    for (int i = 0; i < kConversations; ++i) generator.add_conversation(log, policy);
    const WhatifReport report = replay(&policy, policy, log);
    EXPECT_TRUE(report.rows.empty()) << seed;
    EXPECT_EQ(report.unchanged.conversations, log.conversations().size()) << seed;
    EXPECT_EQ(report.disagreeing.conversations, 0U) << seed;
    const WhatifReport by_log = replay(nullptr, policy, log);
    EXPECT_EQ(by_log.cut.conversations, 0U) << "the log and the rules agree, seed " << seed;
    EXPECT_EQ(by_log.admitted.conversations, 0U) << "the log and the rules agree, seed " << seed;
  }
}

TEST(RuleProperties, ReplayingInPartsIsTheSame) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Generator generator(seed);
    const Network network = generator.network();
    const Network other = generator.network();
    const Evaluator policy(network);
    const Evaluator proposed(other);
    MadeLog log(policy);
    for (int i = 0; i < 200; ++i) generator.add_conversation(log, policy);
    for (const std::size_t most_rows : {std::size_t{3}, std::size_t{10}, std::size_t{1000}}) {
      WhatifReplay whole(&policy, proposed, log.interfaces(), most_rows);
      whole.take(log.conversations());
      WhatifReplay parts[] = {WhatifReplay(&policy, proposed, log.interfaces(), most_rows),
                              WhatifReplay(&policy, proposed, log.interfaces(), most_rows)};
      const auto& all = log.conversations();
      for (std::size_t i = all.size(); i-- > 0;) parts[generator.below(2)].take({&all[i], 1});
      parts[0].merge(parts[1]);
      const WhatifReport a = whole.report();
      const WhatifReport b = parts[0].report();
      ASSERT_EQ(a.rows.size(), b.rows.size()) << "seed " << seed << " rows " << most_rows;
      for (std::size_t i = 0; i < a.rows.size(); ++i) {
        EXPECT_EQ(std::tuple(to_string(a.rows[i].proposed), a.rows[i].bytes, a.rows[i].peers,
                             a.rows[i].peer_prefixes, a.rows[i].ports, a.rows[i].interface),
                  std::tuple(to_string(b.rows[i].proposed), b.rows[i].bytes, b.rows[i].peers,
                             b.rows[i].peer_prefixes, b.rows[i].ports, b.rows[i].interface))
            << "seed " << seed << " row " << i;
      }
    }
  }
}

}  // namespace
}  // namespace weir::rules
