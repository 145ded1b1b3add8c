// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "filter/filter_testing.hpp"

namespace weir::filter {
namespace {

TEST(FilterApply, FindsTheRows) {
  const auto test = batch::make_test_batch(
      "account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end "
      "action log-status tcp-flags type pkt-srcaddr flow-direction",
      {
          // 0: SSH from outside, accepted
          "123456789010 eni-0a 203.0.113.5 10.0.0.9 40000 22 6 10 4000 1000 1060 ACCEPT OK 3 IPv4 "
          "203.0.113.5 ingress",
          // 1: its reply
          "123456789010 eni-0a 10.0.0.9 203.0.113.5 22 40000 6 9 9000 1001 1061 ACCEPT OK 19 IPv4 "
          "10.0.0.9 egress",
          // 2: a rejected DNS query
          "123456789010 eni-0b 10.0.0.7 10.0.0.2 5353 53 17 1 60 1100 1110 REJECT OK 0 IPv4 "
          "10.1.0.7 ingress",
          // 3: IPv6
          "123456789010 eni-0b 2001:db8::1 2001:db8::2 0 0 58 2 128 1200 1260 REJECT OK - IPv6 "
          "2001:db8::1 egress",
          // 4: no traffic
          "123456789010 eni-0c - - - - - - - 1300 1360 - NODATA - - - -",
      });
  const struct {
    const char* why;
    const char* expression;
    const char* rows;
  } cases[] = {
      {"everything", "any", "0 1 2 3 4"},
      {"nothing", "not any", ""},
      {"text in any case", "action = reject", "2 3"},
      {"a null is not unequal", "action != reject", "0 1"},
      {"nor in the negation", "not action = reject", "0 1"},
      {"is null", "action is null", "4"},
      {"is not null", "action is not null", "0 1 2 3"},
      {"ids are exact", "interface-id = ENI-0a", ""},
      {"ids in a list", "interface-id in (eni-0a, eni-0c)", "0 1 4"},
      {"numbers", "dstport in (22, 53)", "0 2"},
      {"numbers not in a list", "dstport not in (22, 53)", "1 3"},
      {"a range of numbers", "bytes >= 128 and bytes <= 4000", "0 3"},
      {"field against field", "srcport > dstport", "0 2"},
      {"equal fields", "srcaddr = pkt-srcaddr", "0 1 3"},
      {"unequal fields", "srcaddr != pkt-srcaddr", "2"},
      {"prefix", "srcaddr in 10.0.0.0/8", "1 2"},
      {"an IPv6 prefix holds no IPv4", "srcaddr in ::/0", "3"},
      {"an IPv4 prefix holds no IPv6", "srcaddr in 0.0.0.0/0", "0 1 2"},
      {"not in a prefix", "srcaddr != 10.0.0.0/8", "0 3"},
      {"both families", "srcaddr in (10.0.0.7, 2001:db8::/64)", "2 3"},
      {"either end", "host 10.0.0.9", "0 1"},
      {"both ends", "src and dst net 10.0.0.0/8", "2"},
      {"source", "src 10.0.0.9", "1"},
      {"either port", "port 22", "0 1"},
      {"protocol and port", "tcp dst port ssh", "0"},
      {"rejected", "rejected and not icmp6", "2"},
      {"direction", "ingress", "0 2"},
      {"family", "ipv6", "3"},
      {"not of a family, null where nobody knows", "not ipv6", "0 1 2"},
      {"a flag", "syn", "0 1"},
      {"the client's flag", "syn and not syn-ack", "0"},
      {"exactly these flags", "tcp-flags = syn+fin", "0"},
      {"records without flags", "tcp-flags = 0", "2"},
      {"pattern on text", "interface-id ~ '[bc]$'", "2 3 4"},
      {"pattern on an address", "srcaddr ~ '^10\\.0'", "1 2"},
      {"pattern on a number", "dstport ~ '^2'", "0"},
      {"no match", "srcaddr !~ '^10\\.0'", "0 3"},
      {"log status", "nodata", "4"},
      {"times", "start >= 1970-01-01T00:18:20Z and end < 1300", "2 3"},
      {"unknown or true is true", "bytes > 1 or start > 0", "0 1 2 3 4"},
      {"unknown and false is false", "not (bytes > 1 and start = 0)", "0 1 2 3 4"},
      {"unknown or false is unknown", "not (bytes > 100K or start = 0)", "0 1 2 3"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(matching_rows(test->batch, c.expression), c.rows) << c.why << ": " << c.expression;
  }
}

TEST(FilterApply, KeepsToTheSelection) {
  const auto test = batch::make_test_batch("dstport", {"22", "22", "80", "22"});
  Selection selection;
  selection.rows[0] = 1;
  selection.rows[1] = 2;
  selection.count = 2;
  Filter::parse("dstport = 22")->bind(test->batch.format).apply(test->batch, selection);
  ASSERT_EQ(selection.count, 1U);
  EXPECT_EQ(selection.rows[0], 1);
}

TEST(FilterApply, TakesFullAndEmptyBatches) {
  std::vector<std::string> records(kBatchRows);
  for (std::size_t row = 0; row < records.size(); ++row) records[row] = std::to_string(row);
  const auto full = batch::make_test_batch("dstport", records);
  EXPECT_EQ(matching_rows(full->batch, "dstport in (0, 63-64, 2047)"), "0 63 64 2047");
  EXPECT_EQ(matching_rows(full->batch, "dstport >= 2047"), "2047");
  const auto empty = batch::make_test_batch("dstport", {});
  EXPECT_EQ(matching_rows(empty->batch, "any"), "");
}

TEST(FilterApply, TakesAColumnThatWasNotDecodedAsNull) {
  const auto test = batch::make_test_batch("dstport srcport", {"22 22"});
  test->batch.columns[0] = Column{};
  EXPECT_EQ(matching_rows(test->batch, "dstport = 22 or dstport != 22 or dstport = srcport"), "");
}

TEST(FilterApply, ReadsFieldsThatTheCatalogueLacks) {
  const auto test =
      batch::make_test_batch("dstport colour_of_packet", {"22 red", "22 -", "22 Red"});
  EXPECT_EQ(matching_rows(test->batch, "field(\"colour-of-packet\") = red"), "0");
  EXPECT_EQ(matching_rows(test->batch, "${colour_of_packet} ~ '(?i)RED'"), "0 2");
  EXPECT_EQ(matching_rows(test->batch, "${colour_of_packet} is null"), "1");
  EXPECT_EQ(matching_rows(test->batch, "${shade} is null"), "0 1 2");
}

TEST(FilterApply, KnowsTheFamilyFromTheAddressesIfTypeIsMissing) {
  const auto addresses =
      batch::make_test_batch("srcaddr dstaddr", {"10.0.0.1 10.0.0.2", "::1 ::2", "- ::2", "- -"});
  EXPECT_EQ(matching_rows(addresses->batch, "ipv4"), "0");
  EXPECT_EQ(matching_rows(addresses->batch, "not ipv4"), "1 2");
  const auto types =
      batch::make_test_batch("type srcaddr", {"IPv6 -", "- 10.0.0.1", "EFA 10.0.0.1"});
  EXPECT_EQ(matching_rows(types->batch, "ipv6"), "0");
  EXPECT_EQ(matching_rows(types->batch, "ipv4"), "1");
}

TEST(FilterBind, KnowsWhatCanNeverMatch) {
  const auto test = batch::make_test_batch("srcaddr dstport action", {"10.0.0.1 22 ACCEPT"});
  const struct {
    const char* why;
    const char* expression;
    bool never_matches;
    std::vector<std::string> missing;
    const char* rows;
  } cases[] = {
      {"nothing is missing", "action = ACCEPT", false, {}, "0"},
      {"nothing is missing, yet nothing matches", "not any", false, {}, ""},
      {"a missing field", "vpc-id = vpc-1", true, {"vpc-id"}, ""},
      {"unequal is null, too", "vpc-id != vpc-1", true, {"vpc-id"}, ""},
      {"one of two", "vpc-id = vpc-1 and dstport = 22", true, {"vpc-id"}, ""},
      {"one of two suffices for or", "vpc-id = vpc-1 or dstport = 22", false, {"vpc-id"}, "0"},
      {"is null is true", "vpc-id is null", false, {"vpc-id"}, "0"},
      {"is not null is false", "vpc-id is not null", true, {"vpc-id"}, ""},
      {"not of a chain that can be false",
       "not (vpc-id = 1 and dstport = 80)",
       false,
       {"vpc-id"},
       "0"},
      {"not of a chain that cannot", "not (vpc-id = 1 or dstport = 80)", true, {"vpc-id"}, ""},
      {"against a missing field", "srcaddr = pkt-srcaddr", true, {"pkt-srcaddr"}, ""},
      {"each name once", "bytes > packets or bytes > 1", true, {"bytes", "packets"}, ""},
      {"a family needs one of three fields", "ipv4 and tcp", true, {"protocol"}, ""},
      {"flags and patterns", "syn or region ~ eu", true, {"tcp-flags", "region"}, ""},
      {"the other end is missing", "host 10.0.0.1", false, {"dstaddr"}, "0"},
  };
  for (const auto& c : cases) {
    const auto filter = Filter::parse(c.expression);
    ASSERT_TRUE(filter) << c.why;
    const BoundFilter bound = filter->bind(test->batch.format);
    EXPECT_EQ(bound.never_matches(), c.never_matches) << c.why;
    EXPECT_EQ(bound.missing_fields(), c.missing) << c.why;
    EXPECT_EQ(matching_rows(test->batch, c.expression), c.rows) << c.why;
  }
  const auto ports = batch::make_test_batch("dstport", {"22"});
  EXPECT_THAT(Filter::parse("ipv4")->bind(ports->batch.format).missing_fields(),
              testing::ElementsAre("type", "srcaddr", "dstaddr"));
}

TEST(Filter, AllOfKeepsWhatEachKeeps) {
  const struct {
    std::vector<std::string_view> expressions;
    std::string_view joined;
    std::string_view why;
  } cases[] = {
      {{}, "any", "nothing is asked"},
      {{"tcp"}, "protocol = 6", "one alone is itself"},
      {{"tcp", "dst port 22 or udp"},
       "protocol = 6 and (dstport = 22 or protocol = 17)",
       "or binds"},
      {{"tcp and rejected", "bytes > 1"}, "protocol = 6 and action = REJECT and bytes > 1", "flat"},
  };
  for (const auto& c : cases) {
    std::vector<Filter> filters;
    for (const std::string_view each : c.expressions) filters.push_back(*Filter::parse(each));
    EXPECT_EQ(Filter::all_of(filters).to_string(), Filter::parse(c.joined)->to_string()) << c.why;
  }
}

}  // namespace
}  // namespace weir::filter
