// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/report.hpp"

namespace weir::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Report report_that_needs(const std::string& needs) {
  return *parse_report("r", "-- T\n-- group: cost\n-- needs: " + needs +
                                "\n-- better with: type vpc-id, to see\n-- read: It.\nSELECT 1\n");
}

TEST(CheckReportFields, NamesFieldVersionAndWayOut) {
  const std::vector<SqlColumn> columns = {
      {.name = "srcaddr", .type = "VARCHAR"},
      {.name = "flow_direction", .type = "VARCHAR"},
      {.name = "vpc_id", .type = "VARCHAR", .is_absent = true},
  };
  const struct {
    const char* why;
    const char* needs;
    const char* message;  // null: nothing is missing
    const char* hint;
  } cases[] = {
      {"all there", "srcaddr flow-direction", nullptr, ""},
      {"one of two is enough", "instance-tag|srcaddr", nullptr, ""},
      {"one is missing", "srcaddr encryption-status",
       "the report r needs encryption-status (version 10), and no input has it",
       "whose format has ${encryption-status}"},
      {"two are missing", "bytes az-id",
       "needs bytes (version 2), az-id (version 4), and no input has them", "${bytes} ${az-id}"},
      {"none of several", "instance-tag|vpc-id",
       "needs instance-tag (version 11) or vpc-id (version 3)", "${instance-tag}"},
      {"another kind of log", "tgw-id", "needs tgw-id (version 6)", "Transit Gateways"},
  };
  for (const auto& c : cases) {
    const Result<void> checked = check_report_fields(report_that_needs(c.needs), columns);
    ASSERT_EQ(checked.has_value(), c.message == nullptr) << c.why;
    if (checked) continue;
    EXPECT_EQ(checked.error().code, ErrorCode::usage) << c.why;
    EXPECT_THAT(checked.error().message, HasSubstr(c.message)) << c.why;
    EXPECT_THAT(checked.error().hint, HasSubstr(c.hint)) << c.why;
  }
  EXPECT_THAT(missing_better_fields(report_that_needs("bytes"), columns),
              ElementsAre(FieldId::type, FieldId::vpc_id));
}

}  // namespace
}  // namespace weir::report
