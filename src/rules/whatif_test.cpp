// SPDX-License-Identifier: Apache-2.0
#include "weir/whatif.hpp"

#include <gtest/gtest.h>

#include "policy/network_testing.hpp"
#include "rules/rule_testing.hpp"

namespace weir::rules {
namespace {

constexpr Action kRejected = Action::reject;

/// A web server and a database, and what a change replaces of them.
struct Rules {
  std::vector<std::string> web = {"ingress tcp 443 0.0.0.0/0", "egress all 0.0.0.0/0"};
  std::vector<std::string> db = {"ingress tcp 5432 sg-web", "ingress icmp 8 10.0.0.0/8"};
  std::vector<std::string> acl = {"100 ingress allow all 0.0.0.0/0",
                                  "100 egress allow all 0.0.0.0/0"};
};

Network make_network(const Rules& rules) {
  Network network;
  policy::add_vpc(network, "vpc-1", {"10.0.0.0/16"});
  policy::add_subnet(network, "subnet-web", {"10.0.1.0/24"});
  policy::add_subnet(network, "subnet-db", {"10.0.2.0/24"});
  policy::add_group(network, "sg-web", rules.web);
  policy::add_group(network, "sg-db", rules.db);
  policy::add_acl(network, "acl-1", {"subnet-web", "subnet-db"}, rules.acl);
  policy::add_interface(network, "eni-web", "subnet-web", {"10.0.1.10"}, {"sg-web"});
  policy::add_interface(network, "eni-db", "subnet-db", {"10.0.2.20"}, {"sg-db"});
  network.index();
  return network;
}

const MadeConversation kVisit = {
    .interface = "eni-web", .local = "10.0.1.10", .remote = "203.0.113.7"};
const MadeConversation kQuery = {
    .interface = "eni-db", .local = "10.0.2.20", .remote = "10.0.1.10", .server_port = 5432};
const MadeConversation kPing = {.interface = "eni-db",
                                .local = "10.0.2.20",
                                .remote = "10.0.1.10",
                                .protocol = 1,
                                .server_port = 0,
                                .client_port = 0};

MadeConversation with_records(MadeConversation made, std::vector<MadeRecord> records) {
  made.records = std::move(records);
  return made;
}

MadeConversation knock(std::uint16_t port) {
  MadeConversation made = kVisit;
  made.server_port = port;
  made.records = {{.action = kRejected}};
  return made;
}

/// `cut by acl-1 egress 90, 2 flows`, or `unchanged`.
std::string replayed(const Rules* now, const Rules& proposed, const MadeConversation& made,
                     WhatifReport* out = nullptr) {
  const Network network_now = make_network(now == nullptr ? Rules{} : *now);
  const Network network_proposed = make_network(proposed);
  const Evaluator evaluator_now(network_now);
  const Evaluator evaluator_proposed(network_proposed);
  MadeLog log(evaluator_now, now != nullptr);
  log.add(made);
  WhatifReplay replay(now == nullptr ? nullptr : &evaluator_now, evaluator_proposed,
                      log.interfaces());
  replay.take(log.conversations());
  const WhatifReport report = replay.report();
  if (out != nullptr) *out = report;
  if (report.rows.empty()) return report.unchanged.conversations == 1 ? "unchanged" : "lost";
  const WhatifRow& row = report.rows.front();
  return std::string(effect_name(row.effect, row.certainty)) + " by " + to_string(row.proposed) +
         ", " + std::to_string(row.flows) + " flows";
}

TEST(Whatif, SaysWhatAProposalDoes) {
  const Rules base;
  struct Case {
    bool with_now;
    Rules now;
    Rules proposed;
    MadeConversation made;
    std::string wanted;
    const char* why;
  };
  const Case cases[] = {
      {true, base, base, kVisit, "unchanged", "nothing is proposed"},
      {true,
       base,
       {.web = {"egress all 0.0.0.0/0"}},
       kVisit,
       "cut by no group rule for ingress, 2 flows",
       "the rule is gone, and the replies with it"},
      {false,
       base,
       {.web = {"egress all 0.0.0.0/0"}},
       kVisit,
       "cut by no group rule for ingress, 2 flows",
       "the log alone says that it was accepted"},
      {true,
       base,
       {.web = {"ingress tcp 443 0.0.0.0/0"}},
       kVisit,
       "unchanged",
       "replies need no rule: without the egress rule the connection is tracked"},
      {true,
       base,
       {.acl = {"100 ingress allow all 0.0.0.0/0", "90 egress deny tcp 1024-65535 0.0.0.0/0",
                "100 egress allow all 0.0.0.0/0"}},
       kVisit,
       "cut by acl-1 egress 90, 2 flows",
       "ACLs are stateless: the replies are stopped"},
      {true,
       base,
       {.acl = {"100 ingress allow all 0.0.0.0/0"}},
       with_records(kVisit, {{.forward = true}}),
       "unchanged",
       "nobody answered, so no reply is stopped"},
      {true,
       base,
       {.acl = {}},
       kVisit,
       "cut by acl-1 ingress 32767, 2 flows",
       "what comes in meets the ACL first"},
      {true,
       base,
       {.web = {"ingress tcp 443 0.0.0.0/0", "ingress tcp 8080 0.0.0.0/0"}},
       knock(8080),
       "admitted by sg-web ingress 1, 1 flows",
       "the new rule lets it in"},
      {false,
       base,
       {.web = {"ingress tcp 443 0.0.0.0/0", "ingress tcp 8080 0.0.0.0/0"}},
       knock(8080),
       "admitted by sg-web ingress 1, 1 flows",
       "so says the log"},
      {true, base, base, knock(443), "unchanged", "no rule of now rejected it"},
      {true,
       {.acl = {"100 ingress allow all 0.0.0.0/0"}},
       base,
       with_records(kVisit, {{.forward = true}, {.forward = false, .action = kRejected}}),
       "admitted by acl-1 egress 100, 1 flows",
       "the replies pass"},
      {true,
       base,
       {.db = {"ingress tcp 5432 10.0.1.0/24"}},
       kQuery,
       "unchanged",
       "another rule that admits the same"},
      {true,
       base,
       {.db = {"ingress tcp 5432 10.0.9.0/24"}},
       kQuery,
       "cut by no group rule for ingress, 2 flows",
       "a peer outside"},
      {true, base, base, kPing, "unchanged", "the same doubt about the same rule is no change"},
      {true,
       base,
       {.db = {"ingress icmp 3 10.0.0.0/8"}},
       kPing,
       "possibly-cut by sg-db ingress 0, 2 flows",
       "the log has no ICMP type"},
      {true,
       base,
       {.db = {"ingress tcp 5432 sg-web"}},
       kPing,
       "cut by no group rule for ingress, 2 flows",
       "no rule for ICMP is left"},
      {false,
       base,
       {.db = {"ingress icmp 3 10.0.0.0/8"}},
       with_records(kPing,
                    {{.action = kRejected, .reason = LoggedRejectReason::block_public_access}}),
       "unchanged",
       "it was rejected by no rule"},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(replayed(row.with_now ? &row.now : nullptr, row.proposed, row.made), row.wanted)
        << row.why;
  }
}

TEST(Whatif, WhoOpenedItMayBeAGuess) {
  const Rules proposed = {.web = {"egress all 0.0.0.0/0"}};
  MadeConversation guessed = kVisit;
  guessed.opener = Certainty::possible;
  EXPECT_EQ(replayed(nullptr, proposed, guessed),
            "possibly-cut by no group rule for ingress, 2 flows")
      << "if the interface opened it, it goes on";
  EXPECT_EQ(replayed(nullptr, {.web = {}}, guessed), "cut by no group rule for ingress, 2 flows")
      << "whoever opened it";
  guessed.opener = Certainty::likely;
  EXPECT_EQ(replayed(nullptr, proposed, guessed), "cut by no group rule for ingress, 2 flows");
}

TEST(Whatif, TellsApartWhatCannotBeJudged) {
  const Rules base;
  WhatifReport report;
  MadeConversation elsewhere = kVisit;
  elsewhere.interface = "eni-elsewhere";
  replayed(&base, base, elsewhere, &report);
  EXPECT_EQ(report.unconfigured.flows, 2U);
  MadeConversation unplaced = kVisit;
  unplaced.opened = Side::unknown;
  replayed(&base, base, unplaced, &report);
  EXPECT_EQ(report.unplaced.flows, 2U);
  replayed(&base, base, knock(443), &report);
  EXPECT_EQ(report.disagreeing.flows, 1U) << "the rules admit it, and it was rejected";
  const Rules without = {.web = {}};
  EXPECT_EQ(replayed(&without, without, kVisit, &report), "unchanged");
  EXPECT_EQ(report.disagreeing.flows, 2U) << "the rules deny it, and it was accepted";
}

TEST(Whatif, PutsWhatHurtsMostFirst) {
  const Rules base;
  const Network now = make_network(base);
  const Network proposed =
      make_network({.web = {"ingress tcp 8080 0.0.0.0/0", "egress all 0.0.0.0/0"}, .db = {}});
  const Evaluator evaluator_now(now);
  const Evaluator evaluator_proposed(proposed);
  MadeLog log(evaluator_now);
  log.add(knock(8080));
  log.add(with_records(kQuery, {{.forward = true, .bytes = 10}}));
  log.add(with_records(kVisit, {{.forward = true, .bytes = 5000}}));
  MadeConversation again = kVisit;
  again.remote = "203.0.113.8";
  log.add(again);
  const auto report_of = [&](std::size_t most_rows) {
    WhatifReplay replay(&evaluator_now, evaluator_proposed, log.interfaces(), most_rows);
    replay.take(log.conversations());
    return replay.report();
  };
  const WhatifReport report = report_of(100);
  ASSERT_EQ(report.rows.size(), 3U);
  EXPECT_EQ(report.rows[0].bytes, 5200U);
  EXPECT_EQ(report.rows[0].conversations, 2U);
  EXPECT_EQ(report.rows[0].peers, 2U);
  EXPECT_EQ(to_string(report.rows[0].now), "sg-web ingress 0") << "what lets it in now";
  EXPECT_EQ(report.rows[1].bytes, 10U);
  EXPECT_EQ(report.rows[2].effect, Effect::admitted);
  EXPECT_EQ(report.cut.conversations, 3U);
  EXPECT_EQ(report.admitted.conversations, 1U);

  const WhatifReport coarse = report_of(2);
  EXPECT_TRUE(coarse.interfaces_together);
  EXPECT_EQ(coarse.cut.bytes, report.cut.bytes) << "nothing is lost";
  for (const WhatifRow& row : coarse.rows) EXPECT_EQ(row.interface, WhatifRow::kEveryInterface);
}

TEST(Whatif, TellsEffectsInWords) {
  const Rules base;
  const auto text_of = [&](const Rules& proposed, const MadeConversation& made) {
    const Network network_now = make_network(base);
    const Network network_proposed = make_network(proposed);
    const Evaluator now(network_now);
    const Evaluator after(network_proposed);
    MadeLog log(now);
    log.add(made);
    WhatifReplay replay(&now, after, log.interfaces());
    replay.take(log.conversations());
    const WhatifReport report = replay.report();
    return report.rows.empty() ? "" : whatif_text(report.rows.front(), log.interfaces());
  };
  EXPECT_EQ(text_of({.web = {}}, kVisit),
            "tcp 443 from 203.0.113.7 to eni-web: no group rule for ingress matches; now sg-web "
            "ingress 0 (tcp 443 from 0.0.0.0/0) admits it");
  EXPECT_EQ(text_of({.acl = {"100 ingress allow all 0.0.0.0/0"}}, kVisit),
            "tcp 443 from 203.0.113.7 to eni-web: acl-1 egress 32767 (the implicit deny) denies "
            "replies; now acl-1 egress 100 (allow all traffic to 0.0.0.0/0) admits replies");
  EXPECT_EQ(text_of({.db = {"ingress icmp 3 10.0.0.0/8"}}, kPing),
            "icmp from 10.0.1.10 to eni-db: depends on sg-db ingress 0 (icmp type 3 from "
            "10.0.0.0/8); now sg-db ingress 1 (icmp type 8 from 10.0.0.0/8) admits it");
  EXPECT_EQ(text_of({.web = {"ingress tcp 8080 0.0.0.0/0"}}, knock(8080)),
            "tcp 8080 from 203.0.113.7 to eni-web: sg-web ingress 0 (tcp 8080 from 0.0.0.0/0) "
            "admits it; now no group rule for ingress matches");
}

TEST(CompleteProposal, TakesOverWhatIsNotProposed) {
  const Network now = make_network({});
  Network proposed;
  policy::add_group(proposed, "sg-web", {"ingress tcp 80 0.0.0.0/0"});
  policy::add_acl(proposed, "acl-2", {"subnet-db"}, {});
  const std::vector<std::string> taken = complete_proposal(proposed, now);
  proposed.index();
  EXPECT_EQ(taken, (std::vector<std::string>{"1 security group", "1 network ACL",
                                             "2 network interfaces", "2 subnets", "1 VPC"}));
  EXPECT_EQ(proposed.find_group("sg-web")->rules.size(), 1U) << "the proposal's own";
  EXPECT_NE(proposed.find_group("sg-db"), nullptr);
  EXPECT_EQ(proposed.find_acl_of_subnet("subnet-db")->id, "acl-2");
  EXPECT_EQ(proposed.find_acl_of_subnet("subnet-web")->id, "acl-1");
}

}  // namespace
}  // namespace weir::rules
