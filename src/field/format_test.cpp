// SPDX-License-Identifier: Apache-2.0
#include "weir/format.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace weir::field {
namespace {

TEST(FormatParse, AcceptsEverySpelling) {
  const struct {
    const char* why;
    const char* text;
  } cases[] = {
      {"CreateFlowLogs", "${srcaddr} ${pkt-dstaddr} ${bytes}"},
      {"Terraform", "$${srcaddr} $${pkt-dstaddr} $${bytes}"},
      {"bare names", "srcaddr pkt-dstaddr bytes"},
      {"underscores", "srcaddr pkt_dstaddr bytes"},
      {"commas", "srcaddr, pkt-dstaddr,bytes"},
      {"tabs and a trailing blank", "srcaddr\tpkt-dstaddr\tbytes "},
      {"no blank between", "${srcaddr}${pkt-dstaddr}${bytes}"},
      {"quotes", "\"srcaddr\" \"pkt-dstaddr\" \"bytes\""},
  };
  for (const auto& c : cases) {
    const auto format = Format::parse(c.text);
    ASSERT_TRUE(format) << c.why;
    EXPECT_EQ(format->header(), "srcaddr pkt-dstaddr bytes") << c.why;
  }
}

TEST(FormatParse, NamesTheUnknownFieldAndWhatIsNear) {
  const auto format = Format::parse("${srcaddr} ${foo} ${dstprot}");
  ASSERT_FALSE(format);
  EXPECT_EQ(format.error().message, "unknown field 'foo' in the format");
  EXPECT_EQ(format.error().excerpt, "${srcaddr} ${foo} ${dstprot}\n             ^");
  const auto near = Format::parse("${dstprot}");
  ASSERT_FALSE(near);
  EXPECT_THAT(near.error().hint, testing::HasSubstr("dstport"));
}

TEST(FormatParse, RefusesNoFieldAndAFieldTwice) {
  EXPECT_FALSE(Format::parse(""));
  EXPECT_FALSE(Format::parse(" , "));
  const auto twice = Format::parse("srcaddr bytes srcaddr");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().message, "field 'srcaddr' is listed twice");
}

TEST(FormatFromNames, KeepsUnknownFieldsAsText) {
  const std::string_view names[] = {"version", "colour_of_packet"};
  const auto format = Format::from_names(names);
  ASSERT_TRUE(format);
  EXPECT_EQ(format->header(), "version colour-of-packet");
  EXPECT_EQ(format->fields()[1].type, FieldType::text);
  EXPECT_EQ(format->index_of("colour-of-packet"), 1);
  EXPECT_EQ(format->index_of(FieldId::srcaddr), -1);
}

TEST(KnownFormats, HaveTheFieldCountsOfTheirVersions) {
  std::multiset<std::size_t> counts;
  for (const NamedFormat& known : known_formats()) {
    const bool is_whole =
        known.name.starts_with("default v2") || known.name.starts_with("Transit Gateway") ||
        (known.name.starts_with("v") && known.name.find("and") == std::string::npos);
    if (is_whole) counts.insert(known.format->size());
  }
  EXPECT_EQ(counts, (std::multiset<std::size_t>{14, 14, 21, 21, 25, 25, 29, 29, 36, 36,
                                                39, 39, 40, 40, 41, 41, 42, 42, 54, 54}));
  EXPECT_EQ(
      Format::default_vpc().header(),
      "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
      "start end action log-status");
  EXPECT_EQ(Format::default_vpc().label(), "default v2");
  EXPECT_EQ(Format::default_transit_gateway().size(), 36U);
  EXPECT_TRUE(Format::default_transit_gateway().is_transit_gateway());
  EXPECT_EQ(Format::default_transit_gateway().version(), 6);
  EXPECT_EQ(Format::parse("srcaddr traffic-path")->label(), "custom v5, 2 fields");
}

TEST(DescribeFlowLogs, ReadsWhatTheCliPrints) {
  const auto described = parse_describe_flow_logs(
      R"({"FlowLogs": [
        {"FlowLogId": "fl-1234abcd", "LogGroupName": "vpc", "LogFormat": "${version} ${srcaddr}"},
        {"FlowLogId": "fl-5678abcd", "LogFormat": "${action}"}], "NextToken": null})",
      "flow-logs.json");
  ASSERT_TRUE(described);
  ASSERT_EQ(described->size(), 2U);
  EXPECT_EQ((*described)[0].flow_log_id, "fl-1234abcd");
  EXPECT_EQ((*described)[0].log_group, "vpc");
  EXPECT_EQ((*described)[1].format->header(), "action");
}

TEST(DescribeFlowLogs, NamesTheFileThatIsNone) {
  for (const char* json : {"", "{", "[]", "{}", R"({"FlowLogs": []})", R"({"FlowLogs": [{}]})",
                           R"({"FlowLogs": [{"LogFormat": "${nonsense}"}]})"}) {
    const auto described = parse_describe_flow_logs(json, "flow-logs.json");
    ASSERT_FALSE(described) << json;
    EXPECT_EQ(described.error().where, "flow-logs.json");
  }
}

}  // namespace
}  // namespace weir::field
