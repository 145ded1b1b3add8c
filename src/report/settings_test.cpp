// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/report.hpp"

namespace weir::report {
namespace {

using testing::HasSubstr;

Report report_with(const std::string& parameter, const std::string& more = "") {
  const std::string text = "-- T\n-- group: cost\n-- needs: bytes\n-- parameter: " + parameter +
                           "; it\n" + more + "-- read: It.\nSELECT 1;\n";
  Result<Report> report = parse_report("r", text);
  EXPECT_TRUE(report) << report.error().message;
  return *std::move(report);
}

Result<ReportSettings> settle(const Report& report, std::vector<std::string> assignments) {
  return settle_report(report, assignments, *parse_prices(built_in_prices(), "prices"));
}

TEST(SettleReport, QuotesWhatItTakes) {
  const struct {
    const char* why;
    const char* parameter;
    std::vector<std::string> assignments;
    const char* statement;
  } cases[] = {
      {"the usual value", "port number = 443", {}, "SET VARIABLE \"port\" = 443;\n"},
      {"the last one counts",
       "port number = 443",
       {"port=1", "port=22"},
       "SET VARIABLE \"port\" = 22;\n"},
      {"a decimal", "spread number = 0.2", {"spread=0.05"}, "SET VARIABLE \"spread\" = 0.05;\n"},
      {"a list",
       "ports numbers = 22,3389",
       {"ports=22, 80,"},
       "SET VARIABLE \"ports\" = [22, 80];\n"},
      {"an address becomes canonical",
       "a address e.g. 10.0.0.5",
       {"a=2001:DB8:0::1"},
       "SET VARIABLE \"a\" = '2001:db8::1';\n"},
      {"a prefix",
       "p prefix e.g. 10.0.0.0/8",
       {"p=10.1.0.0/16"},
       "SET VARIABLE \"p\" = '10.1.0.0/16';\n"},
      {"quotes in a text",
       "t text e.g. i-1",
       {"t='; DROP TABLE flows; --"},
       "SET VARIABLE \"t\" = '''; DROP TABLE flows; --';\n"},
      {"an equals sign in a text", "t text e.g. i-1", {"t=a=b"}, "SET VARIABLE \"t\" = 'a=b';\n"},
  };
  for (const auto& c : cases) {
    const auto settings = settle(report_with(c.parameter), c.assignments);
    ASSERT_TRUE(settings) << c.why << ": " << settings.error().message;
    EXPECT_EQ(settings->statements, c.statement) << c.why;
    EXPECT_FALSE(settings->price) << c.why;
  }
}

TEST(SettleReport, RefusesWhatIsNoValue) {
  const struct {
    const char* why;
    const char* parameter;
    std::vector<std::string> assignments;
    const char* message;
    const char* hint;
  } cases[] = {
      {"no number",
       "port number = 443",
       {"port=22; DROP TABLE x"},
       "port takes a number",
       "--set port=443"},
      {"an empty number", "port number = 443", {"port="}, "port takes a number", ""},
      {"a sign", "port number = 443", {"port=-1"}, "port takes a number", ""},
      {"two points", "port number = 443", {"port=1.2.3"}, "port takes a number", ""},
      {"a number without end",
       "port number = 443",
       {"port=1234567890123456789"},
       "port takes a number",
       ""},
      {"one of a list is none", "ports numbers = 22", {"ports=22,ssh"}, "ports takes numbers", ""},
      {"a list of nothing", "ports numbers = 22", {"ports=,"}, "ports takes numbers", ""},
      {"no address",
       "a address e.g. 10.0.0.5",
       {"a=10.0.0"},
       "a takes an address",
       "--set a=10.0.0.5"},
      {"no prefix", "p prefix e.g. 10.0.0.0/8", {"p=10.0.0.0/33"}, "p takes a prefix", ""},
      {"it has to be set",
       "a address e.g. 10.0.0.5",
       {},
       "needs --set a=IP: it",
       "weir report r --set a=10.0.0.5"},
      {"no such parameter", "port number = 443", {"prt=1"}, "'prt'", "has port"},
      {"no assignment", "port number = 443", {"443"}, "NAME=VALUE", "--set port=443"},
  };
  for (const auto& c : cases) {
    const auto settings = settle(report_with(c.parameter), c.assignments);
    ASSERT_FALSE(settings) << c.why;
    EXPECT_EQ(settings.error().code, ErrorCode::usage) << c.why;
    EXPECT_THAT(settings.error().message, HasSubstr(c.message)) << c.why;
    EXPECT_THAT(settings.error().hint, HasSubstr(c.hint)) << c.why;
  }
}

TEST(SettleReport, FindsThePriceOfTheRegion) {
  const Report report = report_with("region text = us-east-1", "-- prices: cross-az-transfer\n");
  const auto usual = settle(report, {});
  ASSERT_TRUE(usual) << usual.error().message;
  EXPECT_THAT(usual->statements, HasSubstr("SET VARIABLE usd_per_gb = 0.01;\n"));
  EXPECT_THAT(usual->statements, HasSubstr("SET VARIABLE price_bytes = 1000000000;\n"));
  ASSERT_TRUE(usual->price);
  EXPECT_EQ(usual->price->region, "us-east-1");
  const auto other = settle(report, {"region=xx-moon-1"});
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("no price for cross-az-transfer in xx-moon-1"));
  EXPECT_THAT(other.error().hint, HasSubstr("there is one for us-east-1"));
}

}  // namespace
}  // namespace weir::report
