// SPDX-License-Identifier: Apache-2.0
// The examples of AWS's VPC User Guide, "Flow log record examples", as conversations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation/conversation_testing.hpp"

namespace weir::conversation {
namespace {

using testing::ElementsAre;

constexpr const char* kDefault =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status";

TEST(DocumentedConversations, TcpFlags) {
  const Stitched log(
      "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport "
      "dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags "
      "log-status",
      {"3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43416 5001 52.213.180.42 "
       "10.0.0.62 6 568 8 1566848875 1566848933 ACCEPT 2 OK",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43416 10.0.0.62 "
       "52.213.180.42 6 376 7 1566848875 1566848933 ACCEPT 18 OK",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43418 5001 52.213.180.42 "
       "10.0.0.62 6 100701 70 1566848875 1566848933 ACCEPT 2 OK",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43418 10.0.0.62 "
       "52.213.180.42 6 632 12 1566848875 1566848933 ACCEPT 18 OK",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43418 10.0.0.62 "
       "52.213.180.42 6 63388 1219 1566848933 1566849113 ACCEPT 1 OK",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43418 5001 52.213.180.42 "
       "10.0.0.62 6 23294588 15774 1566848933 1566849113 ACCEPT 1 OK",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43638 5001 52.213.180.42 "
       "10.0.0.62 6 1260 17 1566933133 1566933193 ACCEPT 3 OK",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43638  10.0.0.62 "
       "52.213.180.42 6 967 14 1566933133 1566933193 ACCEPT 19 OK"});
  // 4 is SideOrigin::private_address: there is one peer, and 10.0.0.62 is the private end.
  EXPECT_THAT(
      log.described(),
      ElementsAre(
          "eni-1235b8ca123456789 52.213.180.42:43416 > 10.0.0.62:5001 6 syn/certain inbound(4) "
          "opened: 1(1+0) 8p 568B f2 1566848875-1566848933 | 1(1+0) 7p 376B f18 "
          "1566848875-1566848933",
          "eni-1235b8ca123456789 52.213.180.42:43418 > 10.0.0.62:5001 6 syn/certain inbound(4) "
          "closed: 2(2+0) 15844p 23395289B f3 1566848875-1566849113 | 2(2+0) 1231p 64020B f19 "
          "1566848875-1566849113",
          "eni-1235b8ca123456789 52.213.180.42:43638 > 10.0.0.62:5001 6 syn/certain inbound(4) "
          "closed: 1(1+0) 17p 1260B f3 1566933133-1566933193 | 1(1+0) 14p 967B f19 "
          "1566933133-1566933193"));
  EXPECT_TRUE(log.conversations.accepts_only());
}

TEST(DocumentedConversations, PingWhoseReplyIsRejected) {
  const Stitched log(kDefault,
                     {"2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 "
                      "1432917027 1432917142 ACCEPT OK",
                      "2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.12 0 0 1 4 336 "
                      "1432917094 1432917142 REJECT OK"});
  EXPECT_THAT(log.described(),
              ElementsAre("eni-1235b8ca123456789 203.0.113.12:0 > 172.31.16.139:0 1 "
                          "accepted/certain inbound(4) unknown: 1(1+0) 4p 336B f0 "
                          "1432917027-1432917142 | 1(0+1) 4p 336B f0 1432917094-1432917142"));
  ASSERT_EQ(log.conversations.interfaces().size(), 1U);
  EXPECT_THAT(log.conversations.interfaces()[0].addresses, ElementsAre(*parse_ip("172.31.16.139")));
}

TEST(DocumentedConversations, NodataAndSkipdataAreNoConversations) {
  const Stitched log(
      kDefault,
      {"2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
       "2 123456789010 eni-11111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - "
       "SKIPDATA"});
  EXPECT_TRUE(log.kept.empty());
  EXPECT_EQ(log.conversations.records(), 0U);
  EXPECT_EQ(log.conversations.nodata(), 1U);
  EXPECT_EQ(log.conversations.skipdata(), 1U);
  ASSERT_EQ(log.conversations.interfaces().size(), 2U);
  const ObservedInterface& skipped = log.conversations.interfaces()[0];
  EXPECT_EQ(skipped.id, "eni-11111111aaaaaaaaa");
  ASSERT_EQ(skipped.skipped.size(), 1U);
  EXPECT_EQ(skipped.skipped[0].first, 1431280876);
  EXPECT_EQ(skipped.skipped[0].last, 1431280934);
}

// The page shows addresses only; ports, counts and times are added.
constexpr const char* kNat =
    "interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol packets bytes "
    "start end action";

TEST(DocumentedConversations, ZonalNatGatewayCountsOnce) {
  const Stitched log(
      kNat,
      {"eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5 40000 443 6 10 1000 100 150 "
       "ACCEPT",
       "eni-1235b8ca123456789 10.0.0.220 203.0.113.5 10.0.0.220 203.0.113.5 1025 443 6 10 1000 100 "
       "150 ACCEPT",
       "eni-1235b8ca123456789 203.0.113.5 10.0.0.220 203.0.113.5 10.0.0.220 443 1025 6 20 9000 100 "
       "150 ACCEPT",
       "eni-1235b8ca123456789 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5 443 40000 6 20 9000 100 150 "
       "ACCEPT",
       "eni-1111aaaa2222bbbb3 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5 40000 443 6 10 1000 100 "
       "150 "
       "ACCEPT",
       "eni-1111aaaa2222bbbb3 203.0.113.5 10.0.1.5 203.0.113.5 10.0.1.5 443 40000 6 20 9000 100 "
       "150 "
       "ACCEPT",
       // Somebody on the internet knocks at the gateway: nothing inside corresponds to it.
       "eni-1235b8ca123456789 198.51.100.9 10.0.0.220 198.51.100.9 10.0.0.220 51000 22 6 1 40 100 "
       "100 ACCEPT"},
      with_dedup());
  EXPECT_THAT(
      log.described(),
      ElementsAre(
          "eni-1111aaaa2222bbbb3 10.0.1.5:40000 > 203.0.113.5:443 6 ports/likely outbound(4) "
          "unknown: 1(1+0) 10p 1000B f0 100-150 | 1(1+0) 20p 9000B f0 100-150",
          "eni-1235b8ca123456789 10.0.0.220:1025 > 203.0.113.5:443 6 ports/likely outbound(3) "
          "unknown: 1(1+0) 10p 1000B f0 100-150 double 1 1000B | 1(1+0) 20p 9000B f0 100-150 "
          "double 1 9000B",
          "eni-1235b8ca123456789 10.0.1.5:40000 > 10.0.0.220:443 6 ports/likely inbound(3) "
          "unknown: "
          "1(1+0) 10p 1000B f0 100-150 double 1 1000B | 1(1+0) 20p 9000B f0 100-150 double 1 "
          "9000B",
          "eni-1235b8ca123456789 198.51.100.9:51000 > 10.0.0.220:22 6 ports/likely inbound(3) "
          "unknown: 1(1+0) 1p 40B f0 100-100 | 0(0+0) 0p 0B f0 0-0"));
}

TEST(DocumentedConversations, RegionalNatGatewayCountsOnce) {
  const Stitched log(
      "resource-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol "
      "packets bytes start end action",
      {"nat-1234567890abcdef - 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5 40000 443 6 1 10 5 6 "
       "ACCEPT",
       "nat-1234567890abcdef - 107.22.182.139 203.0.113.5 107.22.182.139 203.0.113.5 1025 443 6 1 "
       "10 5 6 ACCEPT",
       "nat-1234567890abcdef - 203.0.113.5 107.22.182.139 203.0.113.5 107.22.182.139 443 1025 6 1 "
       "10 5 6 ACCEPT",
       "nat-1234567890abcdef - 203.0.113.5 10.0.1.5 203.0.113.5 10.0.1.5 443 40000 6 1 10 5 6 "
       "ACCEPT",
       "- eni-1111aaaa2222bbbb3 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5 40000 443 6 1 10 5 6 "
       "ACCEPT",
       "- eni-1111aaaa2222bbbb3 203.0.113.5 10.0.1.5 203.0.113.5 10.0.1.5 443 40000 6 1 10 5 6 "
       "ACCEPT"},
      with_dedup());
  std::uint64_t flows = 0;
  std::uint64_t doubles = 0;
  for (const KeptConversation& each : log.kept) {
    flows += each.records.size();
    doubles += each.conversation.forward.double_flows + each.conversation.backward.double_flows;
    const std::string& id = log.conversations.interfaces()[each.conversation.interface].id;
    EXPECT_EQ(each.conversation.forward.double_flows, id.starts_with("nat-") ? 1U : 0U) << id;
  }
  EXPECT_EQ(flows, 6U);
  EXPECT_EQ(doubles, 4U);
}

TEST(DocumentedConversations, TransitGatewayInterfacesPassOn) {
  const Stitched log(
      "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport "
      "dstport "
      "protocol tcp-flags type pkt-srcaddr pkt-dstaddr action log-status",
      {"3 eni-33333333333333333 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb "
       "i-01234567890123456 10.20.33.164 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 "
       "ACCEPT OK",
       "3 eni-33333333333333333 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb "
       "i-01234567890123456 10.40.2.236 10.20.33.164 80 39812 6 19 IPv4 10.40.2.236 10.20.33.164 "
       "ACCEPT OK",
       "3 eni-11111111111111111 123456789010 vpc-abcdefab012345678 subnet-11111111aaaaaaaaa - "
       "10.40.1.175 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 ACCEPT OK",
       "3 eni-22222222222222222 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb - "
       "10.40.2.236 10.40.2.31 80 39812 6 19 IPv4 10.40.2.236 10.20.33.164 ACCEPT OK"},
      with_dedup());
  // One way each at the gateway's interfaces, and both are copies of what the server's has.
  EXPECT_THAT(
      log.described(),
      ElementsAre("eni-11111111111111111 10.40.1.175:39812 > 10.40.2.236:80 6 syn/certain "
                  "unknown(0) opened: 1(1+0) 0p 0B f3 0-0 double 1 0B | 0(0+0) 0p 0B f0 0-0",
                  "eni-22222222222222222 10.40.2.31:39812 > 10.40.2.236:80 6 syn-ack/certain "
                  "unknown(0) opened: 0(0+0) 0p 0B f0 0-0 | 1(1+0) 0p 0B f19 0-0 double 1 0B",
                  "eni-33333333333333333 10.20.33.164:39812 > 10.40.2.236:80 6 syn/certain "
                  "unknown(0) closed: 1(1+0) 0p 0B f3 0-0 | 1(1+0) 0p 0B f19 0-0"));
}

}  // namespace
}  // namespace weir::conversation
