// SPDX-License-Identifier: Apache-2.0
#include "weir/pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/scratch_testing.hpp"

namespace weir::pipeline {
namespace {

using testing::ElementsAre;

/// Keeps the destination ports of what it takes.
class PortSink final : public BatchSink {
 public:
  explicit PortSink(std::size_t enough = 1000) : enough_(enough) {}
  Result<bool> take(const Batch& batch, const Selection& selection) override {
    const Column* const column = batch.find(FieldId::dstport);
    for (std::size_t i = 0; i < selection.count; ++i) {
      ports.push_back(column == nullptr ? 0 : column->numbers[selection.rows[i]]);
    }
    return ports.size() < enough_;
  }
  void object_done(const DecodeReport& report) override { objects.push_back(report.records); }

  std::vector<std::uint64_t> ports;
  std::vector<std::uint64_t> objects;

 private:
  std::size_t enough_;
};

class Pipeline : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    return scratch_.write(name, text);
  }
  static RunOptions asking_for(FieldId id) {
    RunOptions options;
    options.decode.fields = FieldSet();
    options.decode.fields.add(id);
    return options;
  }

  const scratch_testing::ScratchDirectory scratch_;
};

/// Keeps the rows of whole batches, those that match in brackets.
class WholeBatchSink final : public BatchSink {
 public:
  Result<bool> take(const Batch& batch, const Selection& selection) override {
    const Column* const column = batch.find(FieldId::dstport);
    std::size_t next = 0;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      const bool matches = next < selection.count && selection.rows[next] == row;
      next += matches ? 1 : 0;
      const std::string port = std::to_string(column->numbers[row]);
      rows.push_back(matches ? '[' + port + ']' : port);
    }
    return true;
  }

  std::vector<std::string> rows;
};

TEST_F(Pipeline, HandsOnRowsThatDoNotMatchWhenTheyAreEvidence) {
  const Input names[] = {
      file("evidence", "dstport start action\n22 10 REJECT\n80 20 ACCEPT\n443 30 REJECT\n"),
      file("unmatched", "dstport start action\n8080 20 ACCEPT\n")};
  RunOptions options = asking_for(FieldId::dstport);
  options.filter = *Filter::parse("rejected");
  options.until = 30;
  options.hand_on_all = true;
  WholeBatchSink sink;
  const RunReport report = run(names, options, sink);
  EXPECT_THAT(sink.rows, ElementsAre("[22]", "80", "443", "8080"));
  EXPECT_EQ(report.matched, 1U);
  EXPECT_EQ(report.records, 4U);
}

TEST_F(Pipeline, ReadsObjectsInOrderAndFilters) {
  const Input names[] = {file("a", "dstport action\n22 REJECT\n80 ACCEPT\n"),
                         file("b", "action dstport\nREJECT 443\n")};
  RunOptions options = asking_for(FieldId::dstport);
  options.filter = *Filter::parse("rejected");
  PortSink sink;
  const RunReport report = run(names, options, sink);
  EXPECT_THAT(sink.ports, ElementsAre(22, 443));
  EXPECT_THAT(sink.objects, ElementsAre(2, 1));
  EXPECT_EQ(report.records, 3U);
  EXPECT_EQ(report.matched, 2U);
  EXPECT_EQ(report.formats.size(), 2U);
  EXPECT_FALSE(report.filter_cannot_match);
}

TEST_F(Pipeline, KeepsTheTimeRange) {
  const Input names[] = {
      file("times", "dstport start log-status\n1 100 OK\n2 200 SKIPDATA\n3 300 OK\n4 - OK\n")};
  RunOptions options = asking_for(FieldId::dstport);
  options.count_skipdata = true;
  options.since = 150;
  options.until = 300;
  PortSink sink;
  const RunReport report = run(names, options, sink);
  EXPECT_THAT(sink.ports, ElementsAre(2)) << "since is in, until is out, unknown is out";
  EXPECT_EQ(report.skipdata, 1U);
}

TEST_F(Pipeline, LeavesOutWindowsWithoutTraffic) {
  const Input names[] = {
      file("windows", "dstport log-status\n1 OK\n2 NODATA\n3 SKIPDATA\n4 -\n5 NODATA\n"),
      file("bare", "dstport\n6\n")};
  RunOptions options = asking_for(FieldId::dstport);
  options.only_traffic = true;
  for (const bool counts : {false, true}) {
    options.count_skipdata = counts;
    PortSink sink;
    const RunReport report = run(names, options, sink);
    EXPECT_THAT(sink.ports, ElementsAre(1, 4, 6)) << "without a status nothing speaks against it";
    EXPECT_EQ(report.records, 6U);
    EXPECT_EQ(report.matched, 3U);
    EXPECT_EQ(report.left_out_nodata, 2U);
    EXPECT_EQ(report.left_out_skipdata, 1U);
  }
  options.filter = *Filter::parse("dstport != 5");
  PortSink sink;
  EXPECT_EQ(run(names, options, sink).left_out_nodata, 1U) << "only what is asked for is left out";
}

TEST_F(Pipeline, CountsWhatLacksANeededField) {
  const Input names[] = {
      file("whole", "dstport vpc-id packets bytes log-status\n1 vpc-1 2 30 OK\n2 - 4 50 OK\n"),
      file("poor", "dstport packets bytes log-status\n3 7 900 OK\n4 1 10 OK\n- - - NODATA\n"),
      file("bare", "dstport\n5\n")};
  RunOptions options = asking_for(FieldId::dstport);
  options.decode.fields.add(FieldId::packets);
  options.decode.fields.add(FieldId::bytes);
  options.needs = {{FieldId::dstport}, {FieldId::vpc_id, FieldId::subnet_id}};
  options.filter = *Filter::parse("dstport != 4 or dstport is null");
  options.count_covered = true;
  PortSink sink;
  const FieldCoverage all = run(names, options, sink).coverage;
  EXPECT_EQ(all.covered.flows, 2U) << "a missing value in a format that has the field counts";
  EXPECT_TRUE(all.covered.packets == 6 && all.covered.bytes == 80);
  EXPECT_EQ(all.lacking.flows, 2U) << "without the window and what the filter drops";
  EXPECT_TRUE(all.lacking.packets == 7 && all.lacking.bytes == 900);
  EXPECT_THAT(all.fields, ElementsAre(FieldId::vpc_id, FieldId::subnet_id));
  options.count_covered = false;
  PortSink again;
  const FieldCoverage lacking = run(names, options, again).coverage;
  EXPECT_EQ(lacking.covered.flows, 0U);
  EXPECT_EQ(lacking.lacking.flows, 2U);
}

TEST_F(Pipeline, TellsWhenAFieldIsNowhere) {
  const Input names[] = {file("v2", "dstport action\n22 REJECT\n")};
  RunOptions options = asking_for(FieldId::dstport);
  options.filter = *Filter::parse("reject-reason = BPA");
  PortSink sink;
  RunReport report = run(names, options, sink);
  EXPECT_TRUE(report.filter_cannot_match);
  EXPECT_THAT(report.absent_fields, ElementsAre("reject-reason"));
  options.filter = *Filter::parse("rejected or reject-reason = BPA");
  report = run(names, options, sink);
  EXPECT_FALSE(report.filter_cannot_match);
  EXPECT_THAT(report.absent_fields, ElementsAre("reject-reason"));
}

TEST_F(Pipeline, GoesOnAfterABadObjectButNotUnderStrict) {
  const Input names[] = {scratch_.path("none"), file("prose", "Dear reader\n"),
                         file("bad", "dstport\nx\n1\n"), file("good", "dstport\n2\n")};
  RunOptions options = asking_for(FieldId::dstport);
  PortSink sink;
  RunReport report = run(names, options, sink);
  EXPECT_THAT(sink.ports, ElementsAre(1, 2));
  ASSERT_EQ(report.failures.size(), 2U);
  EXPECT_EQ(report.failures[0].code, ErrorCode::not_found);
  EXPECT_EQ(report.failures[1].code, ErrorCode::no_flow_log);
  EXPECT_EQ(report.rejected, 1U);

  options.decode.strict = true;
  PortSink strict;
  report = run(names, options, strict);
  ASSERT_TRUE(report.fatal);
  EXPECT_EQ(report.fatal->code, ErrorCode::malformed);
  EXPECT_TRUE(strict.ports.empty());
}

TEST_F(Pipeline, StopsWhenTheSinkHasEnough) {
  const Input names[] = {file("first", "dstport\n1\n2\n"), file("second", "dstport\n3\n")};
  PortSink sink(1);
  const RunReport report = run(names, asking_for(FieldId::dstport), sink);
  EXPECT_THAT(sink.ports, ElementsAre(1, 2));
  EXPECT_EQ(report.objects, 1U);
}

}  // namespace
}  // namespace weir::pipeline
