// SPDX-License-Identifier: Apache-2.0
#include "weir/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::compute {
namespace {

using testing::HasSubstr;

TEST(Checker, CountsFilesThatChangedAndMembersThatWereLeftOut) {
  Checker checker;
  checker.file_changed({.message = "grew while it was read", .where = "a.log"});
  checker.members_left_out(3);
  checker.members_left_out(0);
  checker.other_log("CloudTrail", 2);
  std::vector<std::string> told;
  for (const Finding& finding : checker.findings()) {
    told.push_back(finding.topic + " " + finding.subject + " " + std::to_string(finding.count));
  }
  EXPECT_THAT(told, testing::IsSupersetOf({"changed a.log 1", "other-logs CloudTrail 2",
                                           "left-out hidden names and metadata of macOS 3"}));
}

/// The findings about one object's text.
std::vector<Finding> check(std::string_view text) {
  Checker checker;
  auto decoder = Decoder::open(Object::from_memory("test.log", text), {});
  if (!decoder) {
    checker.object_failed(decoder.error());
    return checker.findings();
  }
  Batch batch;
  while (true) {
    const Result<bool> more = (*decoder)->next(batch);
    if (!more || !*more) break;
    checker.add(batch);
  }
  checker.object_done((*decoder)->report());
  return checker.findings();
}

const Finding* find(const std::vector<Finding>& findings, std::string_view topic,
                    std::string_view subject = {}) {
  for (const Finding& finding : findings) {
    if (finding.topic == topic && (subject.empty() || finding.subject == subject)) return &finding;
  }
  return nullptr;
}

constexpr const char* kHeader = "interface-id srcaddr start end action log-status\n";

TEST(Checker, TellsHowAFormatIsKnown) {
  const auto headed =
      check(std::string(kHeader) + "eni-1 10.0.0.1 1000000000 1000000060 ACCEPT OK\n");
  ASSERT_NE(find(headed, "formats"), nullptr);
  EXPECT_THAT(find(headed, "formats")->detail, HasSubstr("header; 1 record"));
  EXPECT_EQ(find(headed, "formats")->severity, Severity::note);
  EXPECT_EQ(find(headed, "samples")->detail, "eni-1 10.0.0.1 1000000000 1000000060 ACCEPT OK");

  const auto inferred = check(
      "2 123456789012 eni-1a2b3c4d 192.168.0.1 203.0.113.12 1024 80 6 10 5000 1620140661 "
      "1620140721 "
      "SUCCESS OK\n");
  EXPECT_THAT(find(inferred, "formats")->detail, HasSubstr("confidence 93 %"));
  EXPECT_EQ(find(inferred, "formats")->severity, Severity::warning) << "less than sure";
}

TEST(Checker, CountsWhatWeakensTotals) {
  const auto findings = check(std::string(kHeader) +
                              "eni-1 10.0.0.1 1000000000 1000000060 ACCEPT OK\n"
                              "eni-1 10.0.0.1 1000000000 1000000060 ACCEPT OK\n"
                              "eni-1 - 1000000060 1000000120 - SKIPDATA\n"
                              "eni-2 - 1000000000 1000000060 - NODATA\n"
                              "eni-2 10.0.0.2 1000003600 1000003660 REJECT OK\n"
                              "eni-2 nowhere 1000003600 1000003660 REJECT OK\n"
                              "too short\n");
  ASSERT_NE(find(findings, "duplicates"), nullptr);
  EXPECT_EQ(find(findings, "duplicates")->count, 1U);
  ASSERT_NE(find(findings, "skipdata", "eni-1"), nullptr);
  EXPECT_EQ(find(findings, "skipdata")->first, 1000000060);
  ASSERT_NE(find(findings, "nodata", "eni-2"), nullptr);
  ASSERT_NE(find(findings, "gaps", "eni-2"), nullptr);
  EXPECT_EQ(find(findings, "gaps")->detail, "longest 3540 s");
  EXPECT_EQ(find(findings, "gaps", "eni-1"), nullptr) << "SKIPDATA still covers its window";
  EXPECT_EQ(find(findings, "malformed", "address")->count, 1U);
  EXPECT_EQ(find(findings, "malformed", "field-count")->count, 1U);
  EXPECT_EQ(find(findings, "malformed-samples", "test.log:7")->detail,
            "srcaddr: 'nowhere' is not an address: eni-2 nowhere 1000003600 1000003660 REJECT OK");
  EXPECT_EQ(find(findings, "time", "range")->first, 1000000000);
  EXPECT_EQ(find(findings, "time", "range")->last, 1000003660);
  EXPECT_EQ(find(findings, "interfaces", "eni-1")->count, 3U);
}

TEST(Checker, ShowsValuesThatAwsDoesNotDocument) {
  const auto findings = check(
      "srcport protocol start end action log-status\n"
      "65535 255 1000000060 1000000000 SUCCESS OK\n"
      "1 6 1512564058000 1512564059000 ACCEPT NODATA\n"
      "# a comment\n");
  for (const char* subject :
       {"start after end", "action SUCCESS", "ACCEPT with log-status NODATA", "comment lines"}) {
    EXPECT_NE(find(findings, "odd-values", subject), nullptr) << subject;
  }
  EXPECT_EQ(find(findings, "time", "milliseconds")->count, 2U);
}

TEST(Checker, ReportsObjectsThatCouldNotBeRead) {
  const auto findings = check("Dear reader\n");
  ASSERT_NE(find(findings, "unreadable", "test.log"), nullptr);
}

}  // namespace
}  // namespace weir::compute
