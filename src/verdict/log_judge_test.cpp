// SPDX-License-Identifier: Apache-2.0
// verdict: what the log alone proves, and what it does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "verdict/verdict_testing.hpp"

namespace weir::verdict {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr TestTuple kPing{
    .remote_port = 0, .local_port = 0, .protocol = 1, .opener = Certainty::likely};
constexpr TestTuple kPingOut{.remote_port = 0,
                             .local_port = 0,
                             .protocol = 1,
                             .opened = Side::outbound,
                             .opener = Certainty::likely};
constexpr TestTuple kDnsOut{.remote_port = 53,
                            .local_port = 40000,
                            .protocol = 17,
                            .opened = Side::outbound,
                            .opener = Certainty::likely};
constexpr TestTuple kWeb{};
constexpr TestTuple kWebOut{.remote_port = 443, .local_port = 49152, .opened = Side::outbound};
constexpr TestTuple kGuessed{.opener = Certainty::possible};
constexpr TestTuple kByPorts{.opener = Certainty::likely};

struct JudgedLast {
  const char* why;
  TestTuple tuple;
  std::vector<TestRecord> records;
  Cause cause;
  Certainty certainty;
  std::vector<Fact> because;
};

void expect_last(const JudgedLast& c) {
  TestLog log;
  log.add(c.tuple, c.records);
  const std::vector<Verdict> verdicts = log.judge();
  ASSERT_EQ(verdicts.size(), c.records.size()) << c.why;
  const Verdict& last = verdicts.back();
  EXPECT_EQ(cause_name(last.cause), cause_name(c.cause)) << c.why;
  EXPECT_EQ(last.certainty, c.certainty) << c.why;
  Facts expected;
  for (const Fact fact : c.because) expected.add(fact);
  EXPECT_THAT(because_texts(last, nullptr),
              ::testing::ElementsAreArray(because_texts({.because = expected}, nullptr)))
      << c.why;
}

/// The rows of what a log can say: VPC User Guide, "Flow log record examples" and "Flow log
/// records", action.
TEST(LogJudge, SaysOfTheLastRecordWhatTheLogProves) {
  const JudgedLast cases[] = {
      {"AWS's ping: let in, its reply stopped",
       kPing,
       {{kIn, kAccept, 0, 115}, {kOut, kReject, 67, 115}},
       Cause::network_acl,
       Certainty::certain,
       {Fact::is_reply, Fact::request_accepted, Fact::groups_are_stateful}},
      {"the mirror: let out, its reply stopped",
       kPingOut,
       {{kOut, kAccept, 0, 60}, {kIn, kReject, 1, 60}},
       Cause::network_acl,
       Certainty::certain,
       {Fact::is_reply, Fact::request_accepted, Fact::groups_are_stateful}},
      {"a reply of TCP, whose SYN-ACK proves who called",
       kWeb,
       {{kIn, kAccept, 5, 60, 2}, {kOut, kReject, 5, 60, 18}},
       Cause::network_acl,
       Certainty::certain,
       {Fact::syn_ack, Fact::is_reply, Fact::request_accepted, Fact::groups_are_stateful}},
      {"a reply without flags, after its request",
       kByPorts,
       {{kIn, kAccept, 5, 60}, {kOut, kReject, 6, 60}},
       Cause::network_acl,
       Certainty::certain,
       {Fact::is_reply, Fact::request_accepted, Fact::groups_are_stateful}},
      {"UDP's reply long after: tracking may be over",
       kDnsOut,
       {{kOut, kAccept, 0, 10}, {kIn, kReject, 50, 50}},
       Cause::network_acl,
       Certainty::likely,
       {Fact::is_reply, Fact::request_accepted, Fact::groups_are_stateful,
        Fact::tracking_may_be_over}},
      {"UDP's reply when tracking is certainly over: a group may have stopped it",
       kDnsOut,
       {{kOut, kAccept, 0, 10}, {kIn, kReject, 500, 500}},
       Cause::unknown,
       Certainty::possible,
       {Fact::is_reply, Fact::request_accepted, Fact::connection_idle}},
      {"a lone reject: group or ACL",
       kWeb,
       {{kIn, kReject, 0, 60, 2}},
       Cause::unknown,
       Certainty::possible,
       {Fact::other_way_unseen}},
      {"a lone reject outwards: group or ACL too",
       kWebOut,
       {{kOut, kReject, 0, 60, 2}},
       Cause::unknown,
       Certainty::possible,
       {Fact::other_way_unseen}},
      {"both ways rejected proves nothing",
       kByPorts,
       {{kIn, kReject, 0, 60}, {kOut, kReject, 0, 60}},
       Cause::unknown,
       Certainty::possible,
       {Fact::is_reply, Fact::other_way_rejected}},
      {"packets of an older connection",
       kWeb,
       {{kIn, kReject, 0, 60, 0}},
       Cause::unknown,
       Certainty::possible,
       {Fact::no_syn, Fact::other_way_unseen}},
      {"a SYN-ACK leaves: its SYN got in somewhere",
       kWeb,
       {{kOut, kReject, 0, 60, 18}},
       Cause::network_acl,
       Certainty::likely,
       {Fact::syn_ack, Fact::is_reply, Fact::groups_are_stateful}},
      {"a SYN-ACK comes in: anyone can invent one",
       kWebOut,
       {{kIn, kReject, 0, 60, 18}},
       Cause::unknown,
       Certainty::possible,
       {Fact::syn_ack, Fact::is_reply, Fact::other_way_unseen}},
      {"Block Public Access",
       kWeb,
       {{kIn, kReject, 0, 60, -1, LoggedRejectReason::block_public_access}},
       Cause::block_public_access,
       Certainty::certain,
       {Fact::reason_block_public_access}},
      {"Encryption Controls",
       kWebOut,
       {{kOut, kReject, 0, 60, -1, LoggedRejectReason::encryption_controls}},
       Cause::encryption_controls,
       Certainty::certain,
       {Fact::reason_encryption_controls}},
      {"a reason that AWS may add one day",
       kWeb,
       {{kIn, kReject, 0, 60, -1, LoggedRejectReason::other}},
       Cause::unknown,
       Certainty::possible,
       {Fact::reason_other}},
      {"late after FIN both ways",
       kWeb,
       {{kIn, kAccept, 0, 60, 3}, {kOut, kAccept, 0, 60, 19}, {kIn, kReject, 61, 61, 4}},
       Cause::late_packet,
       Certainty::likely,
       {Fact::no_syn, Fact::way_accepted, Fact::connection_closed}},
      {"late after RST",
       kWeb,
       {{kIn, kAccept, 0, 60, 2}, {kOut, kAccept, 0, 60, 22}, {kOut, kReject, 61, 61, 1}},
       Cause::late_packet,
       Certainty::likely,
       {Fact::no_syn, Fact::is_reply, Fact::way_accepted, Fact::connection_closed}},
      {"one FIN does not close: late or an ACL that was changed",
       kWeb,
       {{kIn, kAccept, 0, 60, 3}, {kOut, kAccept, 0, 60, 18}, {kIn, kReject, 61, 61, 0}},
       Cause::late_packet,
       Certainty::possible,
       {Fact::no_syn, Fact::way_accepted}},
      {"idle for a week",
       kWeb,
       {{kIn, kAccept, 0, 60, 2}, {kOut, kAccept, 0, 60, 18}, {kIn, kReject, 604'800, 604'800, 0}},
       Cause::late_packet,
       Certainty::likely,
       {Fact::no_syn, Fact::way_accepted, Fact::connection_idle}},
      {"idle for six minutes: too long for some interfaces",
       kWeb,
       {{kIn, kAccept, 0, 60, 2}, {kOut, kAccept, 0, 60, 18}, {kIn, kReject, 420, 420, 0}},
       Cause::late_packet,
       Certainty::possible,
       {Fact::no_syn, Fact::tracking_may_be_over, Fact::way_accepted}},
      {"without flags a late packet looks like any other",
       kByPorts,
       {{kIn, kAccept, 0, 60}, {kOut, kAccept, 0, 60}, {kIn, kReject, 61, 61}},
       Cause::unknown,
       Certainty::possible,
       {Fact::way_accepted, Fact::flags_unknown}},
      {"a new SYN after a closed connection is no late packet",
       kWeb,
       {{kIn, kAccept, 0, 60, 3}, {kOut, kAccept, 0, 60, 19}, {kIn, kReject, 61, 61, 2}},
       Cause::unknown,
       Certainty::possible,
       {Fact::way_accepted}},
      {"UDP both ways, then cut: groups would let it go on",
       kDnsOut,
       {{kOut, kAccept, 0, 10}, {kIn, kAccept, 0, 10}, {kIn, kReject, 20, 20}},
       Cause::network_acl,
       Certainty::likely,
       {Fact::is_reply, Fact::groups_are_stateful, Fact::way_accepted}},
      {"accepted and answered",
       kWeb,
       {{kOut, kAccept, 0, 60, 18}, {kIn, kAccept, 1, 60, 2}},
       Cause::allowed,
       Certainty::certain,
       {Fact::reply_accepted}},
      {"accepted and not answered",
       kWeb,
       {{kIn, kAccept, 0, 60, 2}},
       Cause::allowed,
       Certainty::certain,
       {Fact::unanswered}},
      {"accepted, and the port was closed",
       {.state = TcpState::refused},
       {{kOut, kAccept, 0, 60, 4}, {kIn, kAccept, 1, 60, 2}},
       Cause::allowed,
       Certainty::certain,
       {Fact::reply_accepted, Fact::refused}},
      {"an accepted reply",
       kWeb,
       {{kIn, kAccept, 0, 60, 2}, {kOut, kAccept, 1, 60, 18}},
       Cause::allowed,
       Certainty::certain,
       {Fact::is_reply}},
  };
  for (const JudgedLast& c : cases) expect_last(c);
}

/// Where the log proves nothing, nothing is claimed.
TEST(LogJudge, ClaimsNoOrderThatTheLogLacks) {
  const struct {
    const char* why;
    TestTuple tuple;
    std::vector<TestRecord> records;
    std::size_t index;
    Cause cause;
    Certainty certainty;
  } cases[] = {
      {"who called is guessed, and the reject comes first",
       kGuessed,
       {{kIn, kReject, 0, 60}, {kOut, kAccept, 1, 60}},
       0,
       Cause::unknown,
       Certainty::possible},
      {"the reject is over before anything was accepted",
       kByPorts,
       {{kOut, kReject, 0, 10}, {kIn, kAccept, 11, 60}},
       0,
       Cause::unknown,
       Certainty::possible},
      {"ports say that it is a reply, times that it came first",
       kByPorts,
       {{kOut, kReject, 0, 60}, {kIn, kAccept, 1, 60}},
       0,
       Cause::network_acl,
       Certainty::likely},
      {"a SYN-ACK is a reply, even where the log times it before its SYN",
       kWeb,
       {{kOut, kReject, 4, 60, 18}, {kIn, kAccept, 6, 60, 2}},
       0,
       Cause::network_acl,
       Certainty::certain},
      {"a SYN is no reply, whatever was accepted",
       kWeb,
       {{kOut, kAccept, 0, 60}, {kIn, kReject, 1, 60, 2}},
       1,
       Cause::unknown,
       Certainty::possible},
      {"called by the one who is said to have called",
       kByPorts,
       {{kOut, kAccept, 0, 60}, {kIn, kReject, 1, 60}},
       1,
       Cause::network_acl,
       Certainty::likely},
  };
  for (const auto& c : cases) {
    TestLog log;
    log.add(c.tuple, c.records);
    const Verdict verdict = log.judge().at(c.index);
    EXPECT_EQ(cause_name(verdict.cause), cause_name(c.cause)) << c.why;
    EXPECT_EQ(verdict.certainty, c.certainty) << c.why;
  }
}

TEST(LogJudge, LooksAtTheConversationBefore) {
  TestLog log;
  log.add({.state = TcpState::closed}, {{kIn, kAccept, 0, 60, 3}, {kOut, kAccept, 0, 60, 19}});
  log.add({}, {{kIn, kReject, 70, 70, 0}});
  const Verdict late = log.judge().back();
  EXPECT_EQ(late.cause, Cause::late_packet);
  EXPECT_EQ(late.certainty, Certainty::likely);
  EXPECT_TRUE(late.because.has(Fact::connection_closed));

  // The same at another interface is no proof.
  TestLog apart;
  apart.interfaces().resize(2);
  apart.add({.state = TcpState::closed}, {{kIn, kAccept, 0, 60, 3}, {kOut, kAccept, 0, 60, 19}});
  apart.add({.interface = 1}, {{kIn, kReject, 70, 70, 0}});
  EXPECT_EQ(apart.judge().back().cause, Cause::unknown);
}

TEST(LogJudge, IsLessSureWhereRecordsWereDropped) {
  const std::vector<TestRecord> records = {{kIn, kAccept, 100, 160}, {kOut, kReject, 101, 160}};
  const struct {
    const char* why;
    TimeSpan dropped;
    Certainty certainty;
  } cases[] = {
      {"before", {0, 100}, Certainty::certain},
      {"touches its first second", {50, 101}, Certainty::likely},
      {"within", {120, 130}, Certainty::likely},
      {"touches its last second", {160, 200}, Certainty::likely},
      {"after", {161, 200}, Certainty::certain},
  };
  for (const auto& c : cases) {
    TestLog log;
    log.add(kPing, records);
    log.interfaces()[0].skipped = {{-100, -50}, c.dropped, {1000, 2000}};
    const Verdict verdict = log.judge().back();
    EXPECT_EQ(verdict.cause, Cause::network_acl) << c.why;
    EXPECT_EQ(verdict.certainty, c.certainty) << c.why;
    EXPECT_EQ(verdict.because.has(Fact::records_dropped), c.certainty == Certainty::likely)
        << c.why;
  }
  TestLog unanswered;
  unanswered.add(kWeb, {{kIn, kAccept, 0, 60, 2}});
  unanswered.interfaces()[0].skipped = {{30, 40}};
  EXPECT_TRUE(unanswered.judge().back().because.has(Fact::records_dropped));
}

TEST(LogJudge, SaysThatALogIsFiltered) {
  TestLog accepts;
  accepts.add(kWeb, {{kIn, kAccept, 0, 60, 2}});
  EXPECT_TRUE(accepts.judge({.accepts_only = true}).back().because.has(Fact::accepts_only));
  TestLog rejects;
  rejects.add(kPing, {{kOut, kReject, 0, 60}});
  EXPECT_TRUE(rejects.judge({.rejects_only = true}).back().because.has(Fact::rejects_only));
}

TEST(LogJudge, HoldsALoneRejectAgainstWhatElseWasAccepted) {
  constexpr TestTuple kOther{.remote = "198.51.100.7"};
  constexpr TestTuple kSamePeerSsh{.remote_port = 50000, .local_port = 22};
  constexpr TestTuple kSamePeerOnceMore{.remote_port = 50001};
  constexpr TestTuple kOtherOut{
      .remote = "198.51.100.7", .remote_port = 50000, .local_port = 443, .opened = Side::outbound};
  const struct {
    const char* why;
    std::vector<TestTuple> accepted;
    std::vector<Fact> because;
  } cases[] = {
      {"nobody was accepted", {}, {Fact::nobody_else_accepted, Fact::peer_never_accepted}},
      {"another source was: so it is the source",
       {kOther},
       {Fact::others_accepted, Fact::peer_never_accepted}},
      {"the same source at another port: so it is the port",
       {kSamePeerSsh},
       {Fact::nobody_else_accepted, Fact::peer_accepted_elsewhere}},
      {"the same source at the same port, at another time",
       {kSamePeerOnceMore},
       {Fact::nobody_else_accepted, Fact::peer_accepted_here}},
      {"both",
       {kOther, kSamePeerSsh, kSamePeerOnceMore},
       {Fact::others_accepted, Fact::peer_accepted_here, Fact::peer_accepted_elsewhere}},
      {"what was opened the other way is another matter",
       {kOtherOut},
       {Fact::nobody_else_accepted, Fact::peer_never_accepted}},
  };
  for (const auto& c : cases) {
    TestLog log;
    for (const TestTuple& tuple : c.accepted) log.add(tuple, {{tuple.opened, kAccept, 0, 60, 2}});
    log.add(kWeb, {{kIn, kReject, 100, 160, 2}});
    const Evidence evidence = log.evidence();
    Facts expected{Fact::other_way_unseen};
    for (const Fact fact : c.because) expected.add(fact);
    EXPECT_EQ(log.judge({.evidence = &evidence}).back().because.bits(), expected.bits()) << c.why;
  }
}

TEST(Evidence, GivesUpBeyondItsLimitHoweverItWasGathered) {
  for (const std::size_t peers : {10U, 11U}) {
    TestLog log;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < peers; ++i) names.push_back("198.51.100." + std::to_string(i));
    for (const std::string& name : names) {
      log.add({.remote = name}, {{kIn, kAccept, 0, 60, 2}});
    }
    log.add(kWeb, {{kIn, kReject, 0, 60, 2}});
    for (const std::size_t parts : {1U, 3U}) {
      Evidence evidence(10);
      std::vector<std::unique_ptr<Evidence::Gatherer>> gatherers;
      for (std::size_t i = 0; i < parts; ++i)
        gatherers.push_back(evidence.gatherer(log.interfaces()));
      for (std::size_t i = 0; i < log.conversations().size(); ++i) {
        gatherers[i % parts]->take({&log.conversations()[i], 1});
      }
      for (auto& gatherer : gatherers) evidence.absorb(*gatherer);
      EXPECT_EQ(evidence.is_complete(), peers == 10) << peers << ' ' << parts;
      EXPECT_EQ(log.judge({.evidence = &evidence}).back().because.has(Fact::too_many_peers),
                peers == 11);
    }
  }
}

TEST(LogJudge, LeavesOutWhatIsEvidenceOnly) {
  TestLog log;
  const Conversation& conversation =
      log.add(kPing, {{kIn, kAccept, 0, 60}, {kOut, kReject, 1, 60}});
  std::vector<FlowRecord> records(conversation.records.begin(), conversation.records.end());
  records[0].selected = false;
  Conversation asked = conversation;
  asked.records = records;
  std::vector<Verdict> verdicts;
  Judge({.interfaces = log.interfaces()})
      .judge({&asked, 1}, [&](const Conversation&, const FlowRecord& record, const Verdict& v) {
        EXPECT_EQ(record.action, kReject);
        verdicts.push_back(v);
      });
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].cause, Cause::network_acl);
}

TEST(VerdictText, IsASentence) {
  const struct {
    TestTuple tuple;
    std::vector<TestRecord> records;
    const char* text;
  } cases[] = {
      {kPing,
       {{kIn, kAccept, 0, 60}, {kOut, kReject, 1, 60}},
       "REJECT: the request was accepted inbound, and security groups let replies pass, so the "
       "outbound network ACL of the subnet stopped the reply"},
      {kDnsOut,
       {{kOut, kAccept, 0, 10}, {kIn, kReject, 50, 50}},
       "REJECT: the request was accepted outbound, and security groups let replies pass, so the "
       "inbound network ACL of the subnet most likely stopped the reply"},
      {kWeb,
       {{kIn, kReject, 0, 60, 2}},
       "REJECT: a security group or the network ACL stopped it inbound, and the log alone does not "
       "tell which"},
      {kWeb,
       {{kIn, kAccept, 0, 60, 3}, {kOut, kAccept, 0, 60, 19}, {kIn, kReject, 61, 61, 4}},
       "REJECT: it came inbound after its connection had closed, so no rule is to blame"},
      {kWeb,
       {{kIn, kReject, 0, 60, -1, LoggedRejectReason::block_public_access}},
       "REJECT: VPC Block Public Access stopped it inbound"},
      {kWeb, {{kIn, kAccept, 0, 60, 2}}, "ACCEPT: it was let in, but no reply was logged"},
  };
  for (const auto& c : cases) {
    TestLog log;
    log.add(c.tuple, c.records);
    EXPECT_EQ(verdict_text(log.judge().back(), nullptr), c.text);
  }
}

}  // namespace
}  // namespace weir::verdict
