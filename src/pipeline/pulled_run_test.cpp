// SPDX-License-Identifier: Apache-2.0
// Batches that are asked for are those that run() would have handed out, whoever asks and however
// long some stay away.
#include "pipeline/pulled_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/scratch_testing.hpp"

namespace weir::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PulledRunTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    return scratch_.write(name, text);
  }
  /// Ports from `begin` to below `end`, a line each: enough for several blocks and ranges.
  static std::string ports(std::uint64_t begin, std::uint64_t end) {
    std::string text = "dstport action\n";
    for (std::uint64_t port = begin; port < end; ++port) {
      text += std::to_string(port) + (port % 3 == 0 ? " REJECT\n" : " ACCEPT\n");
    }
    return text;
  }
  static RunOptions asking_for_ports() {
    RunOptions options;
    options.decode.fields = FieldSet();
    options.decode.fields.add(FieldId::dstport);
    return options;
  }
  static void take(const BatchReader& reader, std::vector<std::uint64_t>& ports) {
    const Column& column = *reader.batch().find(FieldId::dstport);
    for (std::size_t i = 0; i < reader.selection().count; ++i) {
      ports.push_back(column.numbers[reader.selection().rows[i]]);
    }
  }
  static std::vector<std::uint64_t> all_of(PulledRun& run) {
    std::vector<std::uint64_t> ports;
    const auto reader = run.reader();
    while (reader->next()) take(*reader, ports);
    return ports;
  }

  const scratch_testing::ScratchDirectory scratch_;
};

TEST_F(PulledRunTest, ASingleReaderGetsBatchesInOrder) {
  PulledRun run({file("a", ports(0, 60'000)), file("b", ports(60'000, 60'003))},
                asking_for_ports());
  const std::vector<std::uint64_t> got = all_of(run);
  ASSERT_EQ(got.size(), 60'003U);
  EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
  const RunReport report = run.report();
  EXPECT_EQ(report.records, 60'003U);
  EXPECT_EQ(report.objects, 2U);
}

TEST_F(PulledRunTest, ReadersShareTheBlocks) {
  PulledRun run({file("a", ports(0, 60'000)), file("b", ports(60'000, 65'000))},
                asking_for_ports());
  std::vector<std::vector<std::uint64_t>> parts(4);
  std::vector<std::thread> threads;
  for (auto& part : parts) {
    threads.emplace_back([&run, &part] {
      const auto reader = run.reader();
      while (reader->next()) take(*reader, part);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::uint64_t> got;
  for (const auto& part : parts) got.insert(got.end(), part.begin(), part.end());
  std::sort(got.begin(), got.end());
  ASSERT_EQ(got.size(), 65'000U);
  for (std::uint64_t port = 0; port < got.size(); ++port) ASSERT_EQ(got[port], port);
  EXPECT_EQ(run.report().records, 65'000U);
}

TEST_F(PulledRunTest, AReaderThatStaysAwayHoldsUpNoOther) {
  PulledRun run({file("a", ports(0, 65'000))}, asking_for_ports());
  const auto idle = run.reader();
  ASSERT_TRUE(idle->next());
  std::vector<std::uint64_t> got;
  take(*idle, got);
  const std::vector<std::uint64_t> rest = all_of(run);
  while (idle->next()) take(*idle, got);
  EXPECT_EQ(got.size() + rest.size(), 65'000U);
}

TEST_F(PulledRunTest, AReaderThatGoesGivesItsBlockBack) {
  PulledRun run({file("a", ports(0, 65'000)), file("b", ports(0, 10))}, asking_for_ports());
  ASSERT_TRUE(run.reader()->next());
  all_of(run);
  EXPECT_EQ(run.report().objects, 2U);
}

TEST_F(PulledRunTest, StopsWhenItIsTold) {
  PulledRun run({file("a", ports(0, 65'000))}, asking_for_ports());
  const auto reader = run.reader();
  ASSERT_TRUE(reader->next());
  run.stop();
  EXPECT_FALSE(reader->next());
  EXPECT_THAT(all_of(run), IsEmpty());
}

TEST_F(PulledRunTest, FiltersAndKnowsWhereRecordsStand) {
  RunOptions options = asking_for_ports();
  options.filter = *Filter::parse("rejected and dstport < 7");
  PulledRun run({file("a", "\n" + ports(0, 20))}, options);
  const auto reader = run.reader();
  ASSERT_TRUE(reader->next());
  std::vector<std::uint64_t> lines;
  for (std::size_t i = 0; i < reader->selection().count; ++i) {
    lines.push_back(reader->line_number(reader->selection().rows[i]));
  }
  EXPECT_THAT(lines, ElementsAre(3, 6, 9));
  EXPECT_EQ(reader->matched(), 3U);
  EXPECT_THAT(reader->object_name(), testing::EndsWith("/a"));
}

TEST_F(PulledRunTest, LinesAreCountedAcrossRangesAndBadLines) {
  std::string text = ports(0, 50'000);
  text += "rubbish\n";
  text += "7 ACCEPT\n";
  PulledRun run({file("a", text)}, asking_for_ports());
  const auto reader = run.reader();
  std::uint64_t last = 0;
  while (reader->next()) {
    last = reader->line_number(reader->selection().rows[reader->selection().count - 1]);
  }
  EXPECT_EQ(last, 50'003U);
}

TEST_F(PulledRunTest, ReportsWhatCannotBeRead) {
  PulledRun run({scratch_.path("absent"), file("a", ports(0, 3))}, asking_for_ports());
  EXPECT_EQ(all_of(run).size(), 3U);
  const RunReport report = run.report();
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.failures[0].code, ErrorCode::not_found);
}

TEST_F(PulledRunTest, StrictSaysWhatEndedIt) {
  RunOptions options = asking_for_ports();
  options.decode.strict = true;
  PulledRun run({file("a", "dstport action\n22 ACCEPT\nrubbish\n")}, options);
  all_of(run);
  ASSERT_TRUE(run.fatal());
  EXPECT_EQ(run.fatal()->code, ErrorCode::malformed);
}

}  // namespace
}  // namespace weir::pipeline
