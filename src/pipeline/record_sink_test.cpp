// SPDX-License-Identifier: Apache-2.0
// pipeline: records that threads rendered come out as if one had written them.
#include "pipeline/record_sink.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "render/random_records_testing.hpp"

namespace weir::pipeline {
namespace {

struct Given {
  Batch batch;
  Selection selection;
};

std::vector<Given> random_batches(render::RandomRecords& random) {
  const auto vpc = std::make_shared<const Format>(Format::default_vpc());
  const auto other = std::make_shared<const Format>(Format::parse("bytes instance-id").value());
  std::vector<Given> batches;
  for (int i = 0; i < 40; ++i) {
    const FormatPtr& format = random.below(8) == 0 ? other : vpc;
    const std::size_t rows = 1 + random.below(50);
    Given given{random.batch(format, rows), random.selection(rows)};
    // A run hands on no empty selection.
    if (given.selection.count > 0) batches.push_back(std::move(given));
  }
  return batches;
}

struct Written {
  std::string text;
  std::vector<std::string> dropped;
  friend bool operator==(const Written&, const Written&) = default;
};

Written write_in_order(OutputKind kind, const std::vector<Given>& batches) {
  StringSink text;
  const auto writer = RecordWriter::create(kind, text, {}, {});
  RecordSink sink(*writer, false, RecordSink::kAllRecords);
  for (const Given& given : batches) EXPECT_TRUE(sink.take(given.batch, given.selection).value());
  EXPECT_TRUE(writer->finish());
  return {text.text(), writer->dropped_fields()};
}

/// Two threads render every other block; blocks are committed in order, those of a round together,
/// so that both threads are at work before the first is written.
Written write_with_threads(OutputKind kind, const std::vector<Given>& batches) {
  StringSink text;
  const auto writer = RecordWriter::create(kind, text, {}, {});
  RecordSink sink(*writer, false, RecordSink::kAllRecords);
  const std::unique_ptr<SinkPart> parts[] = {sink.part(), sink.part()};
  for (std::size_t next = 0; next < batches.size(); next += 2) {
    std::unique_ptr<SinkPiece> pieces[2];
    std::thread threads[2];
    for (std::size_t i = 0; i < 2 && next + i < batches.size(); ++i) {
      threads[i] = std::thread([&, i] {
        parts[i]->take(batches[next + i].batch, batches[next + i].selection);
        pieces[i] = parts[i]->end_block();
      });
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (threads[i].joinable()) threads[i].join();
    }
    for (std::unique_ptr<SinkPiece>& piece : pieces) {
      EXPECT_TRUE(sink.commit(std::move(piece)).value());
    }
  }
  EXPECT_TRUE(writer->finish());
  return {text.text(), writer->dropped_fields()};
}

TEST(RecordSink, ThreadsWriteWhatOneWouldWrite) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    render::RandomRecords random(seed);
    const std::vector<Given> batches = random_batches(random);
    for (const OutputKind kind : {OutputKind::csv, OutputKind::tsv, OutputKind::json,
                                  OutputKind::ndjson, OutputKind::flowlog}) {
      EXPECT_TRUE(write_with_threads(kind, batches) == write_in_order(kind, batches))
          << output_kind_name(kind) << ", seed " << seed;
    }
  }
}

TEST(RecordSink, HasNoPartsWhereOrderMatters) {
  StringSink text;
  const auto lines = RecordWriter::create(OutputKind::ndjson, text, {}, {});
  const auto table = RecordWriter::create(OutputKind::table, text, {}, {});
  EXPECT_NE(RecordSink(*lines, false, RecordSink::kAllRecords).part(), nullptr);
  EXPECT_EQ(RecordSink(*lines, false, 10).part(), nullptr) << "which ten depends on the order";
  EXPECT_EQ(RecordSink(*table, true, RecordSink::kAllRecords).part(), nullptr);
}

TEST(RecordSink, StopsAtItsLimit) {
  StringSink text;
  const auto writer = RecordWriter::create(OutputKind::ndjson, text, {}, {});
  RecordSink sink(*writer, false, 3);
  render::RandomRecords random(1);
  const auto format = std::make_shared<const Format>(Format::parse("bytes").value());
  const Batch batch = random.batch(format, 2);
  Selection selection;
  selection.select_all(2);
  EXPECT_TRUE(sink.take(batch, selection).value());
  EXPECT_FALSE(sink.take(batch, selection).value());
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(std::count(text.text().begin(), text.text().end(), '\n'), 3);
}

}  // namespace
}  // namespace weir::pipeline
