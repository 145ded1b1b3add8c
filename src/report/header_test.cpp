// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/report.hpp"

namespace weir::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kWhole =
    "-- Who receives most on a port\n"
    "-- group: traffic\n"
    "-- needs: dstaddr bytes\n"
    "--   instance-tag|interface-tag\n"
    "-- better with: flow-direction tcp-flags, to tell: sent, and received\n"
    "-- prices: nat-gateway-processing\n"
    "-- parameter: port number = 443; the port: any\n"
    "-- parameter: address address e.g. 10.0.0.5; the address that is\n"
    "--   asked for\n"
    "-- read: One sentence.\n"
    "--   Another one.\n"
    "SELECT 1; -- needs: nothing\n";

TEST(ParseReport, TakesEveryLineOfTheHead) {
  const Result<Report> report = parse_report("receivers", kWhole);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->name, "receivers");
  EXPECT_EQ(report->title, "Who receives most on a port");
  EXPECT_EQ(report->group, "traffic");
  EXPECT_THAT(report->needs,
              ElementsAre(ElementsAre(FieldId::dstaddr), ElementsAre(FieldId::bytes),
                          ElementsAre(FieldId::instance_tag, FieldId::interface_tag)));
  EXPECT_THAT(report->better_with, ElementsAre(FieldId::flow_direction, FieldId::tcp_flags));
  EXPECT_EQ(report->better_because, "to tell: sent, and received");
  EXPECT_EQ(report->price_item, "nat-gateway-processing");
  ASSERT_EQ(report->parameters.size(), 2U);
  EXPECT_EQ(report->parameters[0].name, "port");
  EXPECT_EQ(report->parameters[0].kind, ReportValueKind::number);
  EXPECT_EQ(report->parameters[0].value, "443");
  EXPECT_EQ(report->parameters[0].meaning, "the port: any");
  EXPECT_EQ(report->parameters[1].kind, ReportValueKind::address);
  EXPECT_EQ(report->parameters[1].value, "");
  EXPECT_EQ(report->parameters[1].example, "10.0.0.5");
  EXPECT_EQ(report->parameters[1].meaning, "the address that is asked for");
  EXPECT_EQ(report->reading, "One sentence. Another one.");
  EXPECT_EQ(report->sql, kWhole);
  EXPECT_EQ(report->version(), 11);
  EXPECT_THAT(report->optional_fields(),
              ElementsAre("flow-direction", "tcp-flags", "instance-tag", "interface-tag"));
}

TEST(ParseReport, SaysWhatIsWrongAndWhere) {
  const struct {
    const char* why;
    const char* text;
    const char* where;
    const char* message;
  } cases[] = {
      {"no head at all", "SELECT 1;\n", "r:0", "no title"},
      {"an unknown field", "-- T\n-- group: cost\n-- needs: srcadr\n", "r:3", "'srcadr'"},
      {"an unknown group", "-- T\n-- group: fun\n", "r:2", "'fun'"},
      {"an unknown line", "-- T\n-- color: red\n", "r:2", "'color'"},
      {"a line without a name", "-- T\n-- and more\n", "r:2", "''"},
      {"a parameter without meaning", "-- T\n-- parameter: port number = 443\n", "r:2", "MEANING"},
      {"a parameter of no kind", "-- T\n-- parameter: port colour = red; it\n", "r:2", "'colour'"},
      {"better without a reason", "-- T\n-- better with: type\n", "r:2", "reason"},
      {"no sentence to read", "-- T\n-- group: cost\n-- needs: bytes\nSELECT 1", "r:3", "no read"},
      {"no fields", "-- T\n-- group: cost\n-- read: It.\n", "r:3", "no needs"},
  };
  for (const auto& c : cases) {
    const Result<Report> report = parse_report("r", c.text);
    ASSERT_FALSE(report) << c.why;
    EXPECT_EQ(report.error().code, ErrorCode::malformed) << c.why;
    EXPECT_EQ(report.error().where, c.where) << c.why;
    EXPECT_THAT(report.error().message, HasSubstr(c.message)) << c.why;
  }
}

}  // namespace
}  // namespace weir::report
