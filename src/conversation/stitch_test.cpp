// SPDX-License-Identifier: Apache-2.0
#include "conversation/stitch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation/conversation_testing.hpp"

namespace weir::conversation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kStitchHeader =
    "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
    "tcp-flags";
constexpr const char* kWithoutFlags =
    "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action";

/// A record of one tuple: `>` from 10.0.0.1:40000 to 10.0.0.2:443, `<` back.
std::string record(char way, std::int64_t start, std::int64_t end, int flags, int protocol = 6,
                   const char* action = "ACCEPT") {
  const bool out = way == '>';
  return fmt::format("eni-a {} {} {} {} {} 1 100 {} {} {}{}", out ? "10.0.0.1" : "10.0.0.2",
                     out ? "10.0.0.2" : "10.0.0.1", out ? 40000 : 443, out ? 443 : 40000, protocol,
                     start, end, action, flags < 0 ? "" : fmt::format(" {}", flags));
}

/// How many records each conversation has, in the order of time.
std::vector<std::size_t> sizes_of(const std::vector<std::string>& records, bool with_flags) {
  Stitched log(with_flags ? kStitchHeader : kWithoutFlags, records);
  std::sort(log.kept.begin(), log.kept.end(),
            [](const KeptConversation& a, const KeptConversation& b) {
              return a.records.front().start < b.records.front().start;
            });
  std::vector<std::size_t> sizes;
  for (const KeptConversation& each : log.kept) sizes.push_back(each.records.size());
  return sizes;
}

TEST(Stitch, KnowsWhereOneConversationEnds) {
  struct Case {
    const char* why;
    std::vector<std::string> records;
    std::vector<std::size_t> sizes;
  };
  const Case cases[] = {
      {"windows of a long connection are one",
       {record('>', 0, 59, 2), record('<', 0, 59, 18), record('>', 60, 119, 0),
        record('<', 60, 119, 0), record('>', 120, 130, 1), record('<', 120, 131, 1)},
       {6}},
      {"a SYN in a later window reuses ports that were closed",
       {record('>', 0, 5, 3), record('<', 0, 5, 19), record('>', 60, 65, 3),
        record('<', 60, 65, 19)},
       {2, 2}},
      {"also in the second in which they were closed",
       {record('>', 0, 5, 3), record('<', 0, 5, 19), record('>', 5, 9, 3), record('<', 5, 9, 19)},
       {2, 2}},
      {"a connection within one second is one", {record('>', 7, 7, 3), record('<', 7, 7, 19)}, {2}},
      {"each refused attempt is one, with its RST",
       {record('>', 0, 0, 2), record('<', 0, 0, 4), record('>', 60, 61, 2), record('<', 60, 60, 4)},
       {2, 2}},
      {"SYNs without an answer are attempts at one connection",
       {record('>', 0, 7, 2), record('>', 60, 60, 2), record('>', 300, 300, 2)},
       {3}},
      {"a SYN after an answered one begins anew though no FIN was seen",
       {record('>', 0, 9, 2), record('<', 0, 9, 18), record('>', 60, 69, 2),
        record('<', 60, 69, 18)},
       {2, 2}},
      {"a SYN-ACK in the window after the SYN answers it",
       {record('>', 59, 59, 2), record('<', 60, 70, 18)},
       {2}},
      {"late packets belong to the closed connection",
       {record('>', 0, 5, 3), record('<', 0, 5, 19), record('>', 70, 70, 4, 6, "REJECT")},
       {3}},
      {"but not after AWS has forgotten it",
       {record('>', 0, 5, 3), record('<', 0, 5, 19), record('>', 1000, 1000, 4, 6, "REJECT")},
       {2, 1}},
      {"an open connection may rest for days",
       {record('>', 0, 5, 2), record('<', 0, 5, 18), record('>', 400'000, 400'001, 0)},
       {3}},
      {"but not for more than five",
       {record('>', 0, 5, 2), record('<', 0, 5, 18), record('>', 440'000, 440'001, 0)},
       {2, 1}},
      {"UDP that rests longer than a stream is remembered is another conversation",
       {record('>', 0, 5, 0, 17), record('<', 0, 5, 0, 17), record('>', 306, 307, 0, 17)},
       {2, 1}},
      {"and is not while it is remembered",
       {record('>', 0, 5, 0, 17), record('<', 0, 5, 0, 17), record('>', 305, 307, 0, 17)},
       {3}},
      {"other protocols are remembered for ten minutes",
       {record('>', 0, 5, 0, 47), record('<', 725, 730, 0, 47), record('>', 1451, 1460, 0, 47)},
       {2, 1}},
      {"the record of a second flow log is no second connection",
       {record('>', 0, 5, 3), record('>', 0, 5, 3), record('<', 0, 5, 19), record('<', 0, 5, 19)},
       {4}},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(sizes_of(each.records, true), each.sizes) << each.why;
    std::vector<std::string> backwards(each.records.rbegin(), each.records.rend());
    EXPECT_EQ(sizes_of(backwards, true), each.sizes) << each.why << ", the other way round";
  }
}

TEST(Stitch, GoesByIdleTimeWithoutFlags) {
  EXPECT_THAT(sizes_of({record('>', 0, 60, -1), record('<', 100, 160, -1),
                        record('>', 630, 640, -1), record('>', 1111, 1120, -1)},
                       false),
              ElementsAre(3U, 1U));
}

struct Told {
  std::string opener;
  std::string state;
};
Told told_of(const std::string& header, const std::vector<std::string>& records) {
  const Stitched log(header, records);
  if (log.kept.size() != 1) return {.opener = "not one conversation", .state = {}};
  const Conversation& it = log.kept.front().conversation;
  return {
      .opener = fmt::format("{} {} {}", to_string(it.client), opener_origin_name(it.opener_origin),
                            certainty_name(it.opener_certainty)),
      .state = std::string(tcp_state_name(it.state))};
}

TEST(Stitch, TellsWhoOpenedIt) {
  const auto line = [](const char* from, int from_port, const char* to, int to_port, int start,
                       int protocol, int flags) {
    return fmt::format("eni-a {} {} {} {} {} 1 100 {} {} ACCEPT {}", from, to, from_port, to_port,
                       protocol, start, start + 10, flags);
  };
  struct Case {
    const char* why;
    std::vector<std::string> records;
    const char* opener;
  };
  const Case cases[] = {
      {"SYN without ACK, whatever the ports",
       {line("10.0.0.1", 443, "10.0.0.2", 50000, 5, 6, 2),
        line("10.0.0.2", 50000, "10.0.0.1", 443, 0, 6, 0)},
       "10.0.0.1 syn certain"},
      {"SYN-ACK comes from the other end",
       {line("10.0.0.1", 443, "10.0.0.2", 50000, 0, 6, 0),
        line("10.0.0.2", 50000, "10.0.0.1", 443, 0, 6, 18)},
       "10.0.0.1 syn-ack certain"},
      {"both ends opened: the earlier one",
       {line("10.0.0.1", 5000, "10.0.0.2", 5000, 1, 6, 2),
        line("10.0.0.2", 5000, "10.0.0.1", 5000, 0, 6, 2)},
       "10.0.0.2 syn likely"},
      {"a port below 1024 answers",
       {line("10.0.0.1", 443, "10.0.0.2", 2000, 0, 6, 0)},
       "10.0.0.2 ports likely"},
      {"a service answers one that Linux picks",
       {line("10.0.0.1", 40000, "10.0.0.2", 5432, 0, 17, 0)},
       "10.0.0.1 ports likely"},
      {"a load balancer calls a high port: whoever sends alone has opened it",
       {line("10.0.0.1", 12345, "10.0.0.2", 40000, 0, 6, 0)},
       "10.0.0.1 first-seen possible"},
      {"a hint and the earlier record agree",
       {line("10.0.0.1", 40000, "10.0.0.2", 12345, 0, 6, 0),
        line("10.0.0.2", 12345, "10.0.0.1", 40000, 1, 6, 0)},
       "10.0.0.1 first-seen likely"},
      {"a hint and the earlier record do not",
       {line("10.0.0.1", 12345, "10.0.0.2", 40000, 0, 6, 0),
        line("10.0.0.2", 40000, "10.0.0.1", 12345, 1, 6, 0)},
       "10.0.0.1 first-seen possible"},
      {"a service that clients may pick too is no proof against who sends alone",
       {line("10.0.0.1", 5432, "10.0.0.2", 2001, 0, 6, 0)},
       "10.0.0.1 first-seen possible"},
      {"two ephemeral ports say nothing: the earlier record",
       {line("10.0.0.1", 40000, "10.0.0.2", 50000, 1, 17, 0),
        line("10.0.0.2", 50000, "10.0.0.1", 40000, 0, 17, 0)},
       "10.0.0.2 first-seen likely"},
      {"two well-known ports say nothing",
       {line("10.0.0.1", 500, "10.0.0.2", 500, 0, 17, 0),
        line("10.0.0.2", 500, "10.0.0.1", 500, 1, 17, 0)},
       "10.0.0.1 first-seen likely"},
      {"a lone reject is its sender's, whatever the ports (without flags)",
       {"eni-a 9.204.193.190 10.0.0.1 443 54411 17 1 100 0 9 REJECT 0"},
       "9.204.193.190 rejected likely"},
      {"but with flags and no SYN it goes on with something",
       {"eni-a 9.204.193.190 10.0.0.1 443 54411 6 1 100 0 9 REJECT 4"},
       "10.0.0.1 ports likely"},
      {"the replies were rejected, the request came first",
       {"eni-a 10.0.0.1 10.0.0.2 0 0 1 1 100 0 9 ACCEPT 0",
        "eni-a 10.0.0.2 10.0.0.1 0 0 1 1 100 0 9 REJECT 0"},
       "10.0.0.1 accepted certain"},
      {"what was rejected came first",
       {"eni-a 10.0.0.1 10.0.0.2 0 0 1 1 100 5 9 ACCEPT 0",
        "eni-a 10.0.0.2 10.0.0.1 0 0 1 1 100 0 9 REJECT 0"},
       "10.0.0.1 accepted likely"},
      {"ports say otherwise than what was rejected",
       {"eni-a 10.0.0.1 10.0.0.2 443 50000 17 1 100 0 9 ACCEPT 0",
        "eni-a 10.0.0.2 10.0.0.1 50000 443 17 1 100 0 9 REJECT 0"},
       "10.0.0.2 ports possible"},
      {"one way only, no ports",
       {line("10.0.0.2", 0, "10.0.0.1", 0, 0, 1, 0)},
       "10.0.0.2 first-seen possible"},
      {"both in one second: there is an answer, and it is weak",
       {line("10.0.0.1", 40000, "10.0.0.2", 50000, 0, 17, 0),
        line("10.0.0.2", 50000, "10.0.0.1", 40000, 0, 17, 0)},
       "10.0.0.2 first-seen possible"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(told_of(kStitchHeader, each.records).opener, each.opener) << each.why;
  }
}

/// Four clients of one port, at unregistered ports that say nothing by themselves.
std::vector<std::string> clients_of(const char* server, int port, const char* action) {
  std::vector<std::string> records;
  for (int client = 1; client <= 4; ++client) {
    for (const bool out : {true, false}) {
      const std::string from = fmt::format("10.0.1.{} {}", client, server);
      const std::string back = fmt::format("{} 10.0.1.{}", server, client);
      records.push_back(fmt::format("eni-a {} {} {} 6 1 100 0 9 {}", out ? from : back,
                                    out ? 21000 + client : port, out ? port : 21000 + client,
                                    action));
    }
  }
  return records;
}

TEST(Stitch, AnAddressAndPortWithManyPeersIsTheServer) {
  const auto openers = [](const char* action) {
    std::vector<std::string> told;
    for (const KeptConversation& each :
         Stitched(kWithoutFlags, clients_of("10.0.0.9", 40000, action)).kept) {
      const Conversation& it = each.conversation;
      told.push_back(fmt::format("{} {} {}", to_string(it.server),
                                 opener_origin_name(it.opener_origin),
                                 certainty_name(it.opener_certainty)));
    }
    return told;
  };
  EXPECT_THAT(openers("ACCEPT"), testing::Each("10.0.0.9 peers likely"));
  EXPECT_THAT(openers("REJECT"), testing::Each(testing::Not(testing::HasSubstr("peers"))))
      << "a scanner sends from one port to many";
}

TEST(Stitch, TellsHowFarATcpConnectionCame) {
  struct Case {
    const char* why;
    std::vector<std::string> records;
    const char* state;
  };
  const Case cases[] = {
      {"no answer", {record('>', 0, 9, 2)}, "half-open"},
      {"refused by the host", {record('>', 0, 9, 2), record('<', 0, 9, 4)}, "refused"},
      {"opened", {record('>', 0, 9, 2), record('<', 0, 9, 18)}, "opened"},
      {"the answer is in a record of a window without SYN-ACK",
       {record('>', 0, 9, 2), record('<', 60, 69, 0)},
       "opened"},
      {"closed by both", {record('>', 0, 9, 3), record('<', 0, 9, 19)}, "closed"},
      {"closed by one so far", {record('>', 0, 9, 3), record('<', 0, 9, 18)}, "opened"},
      {"reset after it was open", {record('>', 0, 9, 2), record('<', 0, 9, 22)}, "closed"},
      {"reset by the client", {record('>', 0, 9, 6), record('<', 0, 9, 18)}, "closed"},
      {"the log begins later", {record('>', 0, 9, 0), record('<', 0, 9, 0)}, "midstream"},
      {"the log begins later and has the end",
       {record('>', 0, 9, 1), record('<', 0, 9, 1)},
       "closed"},
      {"FIN without a recorded answer", {record('>', 0, 9, 3)}, "opened"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(told_of(kStitchHeader, each.records).state, each.state) << each.why;
  }
  EXPECT_EQ(told_of(kStitchHeader, {record('>', 0, 9, 0, 17)}).state, "unknown");
  EXPECT_EQ(told_of(kWithoutFlags, {record('>', 0, 9, -1)}).state, "unknown");
}

TEST(Stitch, SumsDoNotWrap) {
  const Stitched log(
      "srcaddr dstaddr protocol bytes",
      {"10.0.0.1 10.0.0.2 17 18446744073709551615", "10.0.0.1 10.0.0.2 17 18446744073709551615"});
  ASSERT_EQ(log.kept.size(), 1U);
  EXPECT_EQ(log.kept[0].conversation.forward.bytes, ~std::uint64_t{0});
}

TEST(Stitch, TimesBeyondReasonDoNotOverflow) {
  const Stitched log(kStitchHeader,
                     {"eni-a 10.0.0.1 10.0.0.2 1 2 6 1 1 9223372036854775807 0 ACCEPT 0",
                      "eni-a 10.0.0.1 10.0.0.2 1 2 6 1 1 0 18446744073709551615 ACCEPT 0",
                      "eni-a 10.0.0.1 10.0.0.2 1 2 6 1 1 5 3 ACCEPT 0"});
  EXPECT_EQ(log.conversations.records(), 3U);
  EXPECT_FALSE(log.kept.empty());
}

TEST(Stitch, NothingComesOfNothing) {
  EXPECT_THAT(Stitched(kStitchHeader, {}).described(), IsEmpty());
}

}  // namespace
}  // namespace weir::conversation
