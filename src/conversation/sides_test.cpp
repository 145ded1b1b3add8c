// SPDX-License-Identifier: Apache-2.0
// How it is known which way a record went.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation/conversation_testing.hpp"
#include "conversation/interface_log.hpp"

namespace weir::conversation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// `inbound 3` for each record, in the order of the input.
std::vector<std::string> sides_of(const std::string& header,
                                  const std::vector<std::string>& records) {
  const Stitched log(header, records);
  std::vector<std::string> sides(records.size(), "none");
  for (const KeptConversation& each : log.kept) {
    for (const FlowRecord& record : each.records) {
      sides[record.sequence] =
          fmt::format("{} {}", side_name(record.side), static_cast<int>(record.side_origin));
    }
  }
  return sides;
}

constexpr const char* kPlain = "interface-id srcaddr dstaddr protocol";
constexpr const char* kDirected = "interface-id srcaddr dstaddr protocol flow-direction";

TEST(Sides, AreLoggedOrInferred) {
  struct Case {
    const char* why;
    const char* header;
    std::vector<std::string> records;
    std::vector<std::string> sides;
  };
  const Case cases[] = {
      {"flow-direction decides",
       kDirected,
       {"eni-a 10.0.0.1 10.0.0.2 6 ingress", "eni-a 10.0.0.1 10.0.0.3 6 egress"},
       {"inbound 1", "outbound 1"}},
      {"and says what the address is to records that lack it",
       kDirected,
       {"eni-a 10.0.0.1 10.0.0.2 6 ingress", "eni-a 10.0.0.2 10.0.0.1 6 -"},
       {"inbound 1", "outbound 3"}},
      {"the address that all records share",
       kPlain,
       {"eni-a 10.0.0.1 10.0.0.2 6", "eni-a 10.0.0.3 10.0.0.1 6"},
       {"outbound 3", "inbound 3"}},
      {"of one interface, not of the log",
       kPlain,
       {"eni-a 10.0.0.1 10.0.0.2 6", "eni-a 10.0.0.3 10.0.0.1 6", "eni-b 10.0.0.1 10.0.0.2 6",
        "eni-b 10.0.0.2 10.0.0.9 6"},
       {"outbound 3", "inbound 3", "inbound 3", "outbound 3"}},
      {"one peer, and it is public",
       kPlain,
       {"eni-a 198.51.100.7 172.16.0.2 6", "eni-a 172.16.0.2 198.51.100.7 6"},
       {"inbound 4", "outbound 4"}},
      {"one peer, both private: the log does not tell",
       kPlain,
       {"eni-a 10.0.0.1 192.168.0.2 6", "eni-a 192.168.0.2 10.0.0.1 6"},
       {"unknown 0", "unknown 0"}},
      {"one peer, both public", kPlain, {"eni-a 198.51.100.7 203.0.113.2 6"}, {"unknown 0"}},
      {"no common address: private ones are the interface's",
       kPlain,
       {"eni-a 10.0.0.1 198.51.100.7 6", "eni-a 198.51.100.7 10.0.0.2 6",
        "eni-a 10.0.0.3 10.0.0.4 6"},
       {"outbound 4", "inbound 4", "unknown 0"}},
      {"several IPv6 addresses of one subnet",
       kPlain,
       {"eni-a 2001:db8:0:1::1 2001:db8:9::1 6", "eni-a 2001:db8:8::1 2001:db8:0:1::2 6",
        "eni-a 2001:db8:0:1::1 2001:db8:0:1::7 6"},
       {"outbound 3", "inbound 3", "unknown 0"}},
      {"IPv4 and IPv6 are judged apart",
       kPlain,
       {"eni-a 10.0.0.1 10.0.0.2 6", "eni-a 10.0.0.1 10.0.0.3 6",
        "eni-a 2001:db8::1 2001:db8:9::1 6", "eni-a 2001:db8:8::1 2001:db8::1 6"},
       {"outbound 3", "outbound 3", "outbound 3", "inbound 3"}},
      {"a transit gateway's attachment has no address of its own",
       "tgw-attachment-id srcaddr dstaddr protocol",
       {"tgw-attach-1 10.0.0.1 198.51.100.7 6", "tgw-attach-1 10.0.0.1 10.1.0.1 6"},
       {"unknown 0", "unknown 0"}},
      {"nor does a regional NAT gateway",
       "interface-id resource-id srcaddr dstaddr protocol",
       {"- nat-1 10.0.0.1 198.51.100.7 6"},
       {"unknown 0"}},
      {"without interfaces only an address that all records share tells",
       "srcaddr dstaddr protocol",
       {"10.0.0.1 198.51.100.7 6", "198.51.100.8 10.0.0.1 6"},
       {"outbound 3", "inbound 3"}},
      {"and a private one does not",
       "srcaddr dstaddr protocol",
       {"10.0.0.1 198.51.100.7 6", "198.51.100.8 10.0.0.2 6"},
       {"unknown 0", "unknown 0"}},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(sides_of(each.header, each.records), each.sides) << each.why;
    std::vector<std::string> records(each.records.rbegin(), each.records.rend());
    std::vector<std::string> sides(each.sides.rbegin(), each.sides.rend());
    EXPECT_EQ(sides_of(each.header, records), sides) << each.why << ", the other way round";
  }
}

TEST(Sides, ComeFromTheConfigurationFirst) {
  Network network;
  NetworkInterface& interface = network.interfaces.emplace_back();
  interface.id = "eni-a";
  interface.addresses = {*parse_ip("10.0.0.1"), *parse_ip("10.0.0.9")};
  interface.prefixes = {*parse_cidr("10.0.7.0/28")};
  network.index();
  const Evaluator policy(network);
  ConversationOptions options;
  options.policy = &policy;
  const Stitched log(kPlain,
                     {"eni-a 10.0.0.1 10.0.0.2 6", "eni-a 10.0.0.2 10.0.7.3 6",
                      "eni-a 10.0.0.2 10.0.0.9 6", "eni-b 10.0.0.2 10.0.0.9 6"},
                     options);
  std::vector<std::string> sides;
  for (const KeptConversation& each : log.kept) {
    sides.push_back(fmt::format("{} {}", side_name(each.records[0].side),
                                static_cast<int>(each.records[0].side_origin)));
  }
  std::sort(sides.begin(), sides.end());
  EXPECT_THAT(sides, ElementsAre("inbound 2", "inbound 2", "outbound 2", "unknown 0"));
  EXPECT_EQ(log.conversations.interfaces()[0].addresses_origin, SideOrigin::configuration);
  EXPECT_EQ(log.conversations.interfaces()[0].configured, policy.find_interface("eni-a"));
  EXPECT_EQ(log.conversations.interfaces()[1].configured, Evaluator::kUnknownInterface);
}

TEST(InterfaceLog, DoesNotDependOnHowRecordsWereSpread) {
  const Ip a = Ip::from_ipv4(1);
  const Ip b = Ip::from_ipv4(2);
  const Ip c = Ip::from_ipv4(3);
  CommonEnds left;
  left.add(a, b);
  CommonEnds right;
  right.add(c, b);
  CommonEnds both = left;
  both.add(right);
  ASSERT_NE(both.only(), nullptr);
  EXPECT_EQ(*both.only(), b);
  both.add(CommonEnds());
  ASSERT_NE(both.only(), nullptr);
  both.add(a, c);
  EXPECT_TRUE(both.none());
  right.add(both);
  EXPECT_TRUE(right.none());
}

TEST(TimeSpans, AreJoinedWhereTheyTouch) {
  TimeSpans spans;
  for (std::int64_t i = 0; i < 500; ++i) spans.add(i * 7 % 500 * 10, i * 7 % 500 * 10 + 9);
  spans.add(7000, 7010);
  spans.add(6990, 6995);
  const std::vector<TimeSpan> joined = spans.take();
  ASSERT_EQ(joined.size(), 3U);
  EXPECT_EQ(joined[0].first, 0);
  EXPECT_EQ(joined[0].last, 4999);
  EXPECT_EQ(joined[1].first, 6990);
  EXPECT_EQ(joined[2].last, 7010);
}

TEST(IsPrivate, KnowsTheBordersOfTheRanges) {
  for (const char* const address :
       {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
        "192.168.255.255", "100.64.0.0", "100.127.255.255", "fc00::1", "fdff::1"}) {
    EXPECT_TRUE(is_private(*parse_ip(address))) << address;
  }
  for (const char* const address :
       {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
        "192.169.0.0", "100.63.255.255", "100.128.0.0", "fe00::1", "fbff::1", "2001:db8::1"}) {
    EXPECT_FALSE(is_private(*parse_ip(address))) << address;
  }
}

}  // namespace
}  // namespace weir::conversation
