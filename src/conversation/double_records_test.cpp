// SPDX-License-Identifier: Apache-2.0
#include "conversation/double_records.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation/conversation_testing.hpp"

namespace weir::conversation {
namespace {

constexpr const char* kDoublesHeader =
    "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
    "tcp-flags flow-direction";

/// The places of records that are copies: `1 3`.
std::string doubles_of(const std::vector<std::string>& records,
                       const std::string& header = kDoublesHeader) {
  const Stitched log(header, records, with_dedup());
  std::vector<std::uint64_t> places;
  for (const KeptConversation& each : log.kept) {
    std::uint64_t flows = 0;
    for (const FlowRecord& record : each.records) {
      if (!record.is_double) continue;
      places.push_back(record.sequence);
      ++flows;
    }
    const Conversation& it = each.conversation;
    EXPECT_EQ(it.forward.double_flows + it.backward.double_flows, flows);
  }
  std::sort(places.begin(), places.end());
  return fmt::format("{}", fmt::join(places, " "));
}

TEST(DoubleRecords, AreThoseThatTheLogProves) {
  struct Case {
    const char* why;
    std::vector<std::string> records;
    const char* doubles;
  };
  const Case cases[] = {
      {"both ends of a conversation inside: the client's interface counts",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 ingress",
        "eni-b 10.0.0.2 10.0.0.1 443 40000 6 1 100 0 59 ACCEPT 18 egress",
        "eni-c 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress",
        "eni-c 10.0.0.2 10.0.0.1 443 40000 6 1 100 0 59 ACCEPT 18 ingress"},
       "0 1"},
      {"windows that do not overlap are other packets",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 0 ingress",
        "eni-c 10.0.0.1 10.0.0.2 40000 443 6 1 100 200 259 ACCEPT 0 egress"},
       ""},
      {"times may be off by a minute",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 0 ingress",
        "eni-c 10.0.0.1 10.0.0.2 40000 443 6 1 100 119 130 ACCEPT 0 egress"},
       "0"},
      {"what was refused on its way out has got nowhere",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 0 ingress",
        "eni-c 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 REJECT 0 egress"},
       ""},
      {"what was refused on its way in was sent",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 REJECT 2 ingress",
        "eni-c 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress"},
       "0"},
      {"also a reply that the client's interface refused",
       {"eni-b 10.0.0.2 10.0.0.1 443 40000 6 1 100 0 59 ACCEPT 18 egress",
        "eni-c 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress",
        "eni-c 10.0.0.2 10.0.0.1 443 40000 6 1 100 0 59 REJECT 18 ingress"},
       "0"},
      {"two networks with the same addresses: both ends cannot send the same packets",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress",
        "eni-c 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress"},
       ""},
      {"a VPC's and a subnet's flow log record the same window",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress",
        "eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress"},
       "1"},
      {"also in formats that differ",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress",
        "eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT - -"},
       "1"},
      {"another number of packets is another window",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress",
        "eni-b 10.0.0.1 10.0.0.2 40000 443 6 2 100 0 59 ACCEPT 2 egress"},
       ""},
      {"accepted and rejected packets of one window are not the same",
       {"eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress",
        "eni-b 10.0.0.1 10.0.0.2 40000 443 6 1 100 0 59 REJECT 2 egress"},
       ""},
      {"a transit gateway between both ends",
       {"tgw-attach-1 10.0.0.1 10.1.0.2 40000 443 6 1 100 0 59 ACCEPT 2 ingress",
        "tgw-attach-2 10.0.0.1 10.1.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress",
        "eni-y 10.0.0.1 10.1.0.2 40000 443 6 1 100 0 59 ACCEPT 2 ingress",
        "eni-z 10.0.0.1 10.1.0.2 40000 443 6 1 100 0 59 ACCEPT 2 egress"},
       "0 1 2"},
  };
  for (const Case& each : cases) EXPECT_EQ(doubles_of(each.records), each.doubles) << each.why;
}

TEST(DoubleRecords, AreNotLookedForUnasked) {
  const Stitched log(kDoublesHeader, {"eni-b 10.0.0.1 10.0.0.2 1 2 6 1 100 0 59 ACCEPT 2 egress",
                                      "eni-b 10.0.0.1 10.0.0.2 1 2 6 1 100 0 59 ACCEPT 2 egress"});
  ASSERT_EQ(log.kept.size(), 1U);
  EXPECT_EQ(log.kept[0].conversation.forward.double_flows, 0U);
}

}  // namespace
}  // namespace weir::conversation
