// SPDX-License-Identifier: Apache-2.0
#include "envelope/looks.hpp"

#include <gtest/gtest.h>

namespace weir::envelope {
namespace {

TEST(LeadingTimestamp, IsIso8601AndABlank) {
  const struct {
    const char* why;
    std::string_view line;
    std::size_t length;
  } cases[] = {
      {"export task", "2015-11-05T09:30:29.000Z 2 1", 24},
      {"aws logs tail", "2015-11-05T09:30:29.123456+00:00 eni", 32},
      {"no zone", "2015-11-05T09:30:29 2", 19},
      {"offset without colon", "2015-11-05T09:30:29+0100\t2", 24},
      {"nothing behind it", "2015-11-05T09:30:29Z", 0},
      {"a date alone", "2015-11-05 2", 0},
      {"another separator", "2015-11-05 09:30:29 2", 0},
      {"text glued to it", "2015-11-05T09:30:29Zoo 2", 0},
      {"letters", "2015-xx-05T09:30:29Z 2", 0},
      {"nothing", "", 0},
  };
  for (const auto& c : cases) EXPECT_EQ(leading_timestamp(c.line), c.length) << c.why;
}

TEST(LooksLikeRecord, TellsRecordsFromProse) {
  const struct {
    const char* why;
    const char* line;
    bool expected;
  } cases[] = {
      {"default format",
       "2 123456789010 eni-1235b8ca 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 "
       "1418530070 REJECT OK",
       true},
      {"no data", "2 123456789010 eni-1235b8ca - - - - - - - 1431280876 1431280934 - NODATA", true},
      {"a custom format of two fields", "10.0.0.1 10.0.0.2", true},
      {"IPv6", "2001:db8::1 2001:db8::2 443", true},
      {"Transit Gateway", "6 TransitGateway 123456789010 tgw-1 tgw-attach-1 - - vpc-1", true},
      {"a header", "version account-id", true},
      {"underscores in a header", "account_id interface_id", true},
      {"prose with an address", "the host 10.0.0.1 did not answer", false},
      {"prose with two", "packets from 10.0.0.1 to 10.0.0.2 were lost by the router", false},
      {"one token", "10.0.0.1", false},
      {"an access log", R"(10.0.0.1 10.0.0.2 - [05/Nov/2015] "GET / HTTP/1.1" 200)", false},
      {"JSON", R"({"srcaddr": "10.0.0.1", "dstaddr": "10.0.0.2"})", false},
      {"one field name", "version", false},
      {"nothing", "", false},
  };
  for (const auto& c : cases) EXPECT_EQ(looks_like_record(c.line), c.expected) << c.why;
}

TEST(BeginsLikeRecord, WantsVersionAndAccount) {
  EXPECT_TRUE(begins_like_record("2 123456789010 eni-1"));
  EXPECT_TRUE(begins_like_record("11 unknown eni-1"));
  EXPECT_TRUE(begins_like_record("6 TransitGateway 123456789010"));
  EXPECT_FALSE(begins_like_record("1 123456789010")) << "there is no version 1";
  EXPECT_FALSE(begins_like_record("2 12345")) << "accounts have twelve digits";
  EXPECT_FALSE(begins_like_record("10.0.0.1 10.0.0.2"));
}

TEST(TakeToken, SeparatesAtBlanksAndTabs) {
  std::string_view rest = "  a\t b ";
  EXPECT_EQ(take_token(rest), "a");
  EXPECT_EQ(take_token(rest), "b");
  EXPECT_EQ(take_token(rest), "");
  EXPECT_EQ(take_token(rest), "");
}

}  // namespace
}  // namespace weir::envelope
