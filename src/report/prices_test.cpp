// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/report.hpp"

namespace weir::report {
namespace {

using testing::HasSubstr;

const std::string kTitles = "item,region,usd_per_gb,gb,date,source\n";

TEST(ParsePrices, ReadsATable) {
  const auto prices = parse_prices(
      kTitles + "nat,eu-central-1,0.052,2^30,2026-08, https://example.com\r\n\nnat,x,1,10^9,,\n",
      "p.csv");
  ASSERT_TRUE(prices) << prices.error().message;
  ASSERT_EQ(prices->size(), 2U);
  const auto price = find_price(*prices, "nat", "eu-central-1");
  ASSERT_TRUE(price);
  EXPECT_EQ(price_words(*price),
            "0.052 USD per GB of 2^30 bytes, nat in eu-central-1, 2026-08, https://example.com");
  EXPECT_EQ(find_price(*prices, "nat", "x")->usd_per_gb, "1");
}

TEST(ParsePrices, SaysWhatIsWrongAndWhere) {
  const struct {
    const char* why;
    std::string text;
    const char* where;
    const char* message;
  } cases[] = {
      {"nothing", "", "p:1", "empty"},
      {"no titles", "nat,eu,1,10^9,,\n", "p:1", "must name its columns"},
      {"a cell too few", kTitles + "nat,eu,1,10^9,2026\n", "p:2", "5 cells instead of 6"},
      {"not a price", kTitles + "nat,eu,1;DROP,10^9,,\n", "p:2", "'1;DROP' is not a price"},
      {"half a price", kTitles + "nat,eu,.5,10^9,,\n", "p:2", "'.5' is not a price"},
      {"a price without end", kTitles + "nat,eu,1234567890,10^9,,\n", "p:2", "not a price"},
      {"another GB", kTitles + "nat,eu,1,1000,,\n", "p:2", "not '1000'"},
      {"a line that ends in the middle", kTitles + "nat,eu,1,10^9,,a\rDROP\n", "p:2", "control"},
  };
  for (const auto& c : cases) {
    const auto prices = parse_prices(c.text, "p");
    ASSERT_FALSE(prices) << c.why;
    EXPECT_EQ(prices.error().code, ErrorCode::malformed) << c.why;
    EXPECT_EQ(prices.error().where, c.where) << c.why;
    EXPECT_THAT(prices.error().message, HasSubstr(c.message)) << c.why;
  }
}

TEST(Prices, ZonesTellTheirRegion) {
  const struct {
    std::string_view zone;
    std::string_view region;
  } cases[] = {{"use1-az4", "us-east-1"},
               {"use1-bos1-az1", "us-east-1"},
               {"euc1-az2", "eu-central-1"},
               {"apne3-az1", "ap-northeast-3"},
               {"aps1-az3", "ap-south-1"},
               {"apse2-az1", "ap-southeast-2"},
               {"usgw1-az1", "us-gov-west-1"},
               {"afs1-az1", "af-south-1"},
               {"us-east-1a", ""},
               {"", ""},
               {"use1", ""}};
  for (const auto& c : cases) EXPECT_EQ(region_of_zone(c.zone), c.region) << c.zone;
}

}  // namespace
}  // namespace weir::report
