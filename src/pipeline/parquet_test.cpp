// SPDX-License-Identifier: Apache-2.0
// Runs over Parquet objects: in parts, in order, and only what is needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "parquet/parquet_testing.hpp"
#include "pipeline/peek_formats.hpp"
#include "pipeline/pulled_run.hpp"
#include "source/archive_testing.hpp"
#include "weir/pipeline.hpp"

namespace weir::pipeline {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

struct BytesPiece final : SinkPiece {
  std::vector<std::uint64_t> bytes;
};

/// The field `bytes` of the rows that match, in order.
class BytesSink final : public BatchSink {
 public:
  Result<bool> take(const Batch& batch, const Selection& selection) override {
    add(batch, selection, bytes);
    return true;
  }
  std::unique_ptr<SinkPart> part() override { return std::make_unique<Part>(); }
  Result<bool> commit(std::unique_ptr<SinkPiece> piece) override {
    const auto& more = static_cast<BytesPiece&>(*piece).bytes;
    bytes.insert(bytes.end(), more.begin(), more.end());
    return true;
  }
  void object_done(const DecodeReport& report) override { objects.push_back(report); }

  std::vector<std::uint64_t> bytes;
  std::vector<DecodeReport> objects;

 private:
  class Part final : public SinkPart {
   public:
    void take(const Batch& batch, const Selection& selection) override {
      if (!piece_) piece_ = std::make_unique<BytesPiece>();
      add(batch, selection, piece_->bytes);
    }
    std::unique_ptr<SinkPiece> end_block() override { return std::move(piece_); }

   private:
    std::unique_ptr<BytesPiece> piece_;
  };
  static void add(const Batch& batch, const Selection& selection,
                  std::vector<std::uint64_t>& bytes) {
    const Column* const column = batch.find(FieldId::bytes);
    for (std::size_t i = 0; i < selection.count; ++i) {
      bytes.push_back(column->numbers[selection.rows[i]]);
    }
  }
};

constexpr std::uint64_t kRows = 900'000;

class ParquetRun : public parquet_testing::ParquetTest {
 protected:
  /// Rows numbered by `bytes`, a second each a hundred, over three parts. Row i is odd where i is a
  /// multiple of 100,003.
  std::string write_large() {
    return write("large.parquet",
                 "SELECT '10.0.0.' || (i % 200) AS srcaddr, i AS bytes, CASE WHEN i % 100003 = 0 "
                 "THEN 'odd' ELSE (i * 7919 % 60000)::VARCHAR END AS dstport, 1000000 + i // 100 "
                 "AS start, md5(i::VARCHAR) AS instance_id FROM range(1, " +
                     std::to_string(kRows + 1) + ") t(i)",
                 "FORMAT parquet, ROW_GROUP_SIZE 20480");
  }
  static RunOptions asking_for_bytes() {
    RunOptions options;
    options.decode.fields = FieldSet();
    options.decode.fields.add(FieldId::bytes);
    return options;
  }
  /// Overwrites the pages of columns.
  void damage(const std::string& path, const std::string& condition) {
    auto rows = writer_->query(
        "SELECT coalesce(dictionary_page_offset, data_page_offset)::BIGINT, "
        "total_compressed_size::BIGINT FROM parquet_metadata(" +
        duckdb::quoted_text(path) + ") WHERE " + condition);
    ASSERT_TRUE(rows) << rows.error().message;
    const auto chunk = (*rows)->take();
    ASSERT_TRUE(chunk && *chunk != nullptr);
    const duckdb::Api& api = writer_->api();
    const auto numbers = [&](duckdb::Index column) {
      return static_cast<const std::int64_t*>(
          api.vector_get_data(api.data_chunk_get_vector(chunk->get(), column)));
    };
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (duckdb::Index row = 0; row < api.data_chunk_get_size(chunk->get()); ++row) {
      file.seekp(numbers(0)[row]);
      file << std::string(static_cast<std::size_t>(numbers(1)[row]), '\xff');
    }
  }
};

TEST_F(ParquetRun, IsTheSameInAnArchiveAndPacked) {
  const std::string large = scratch_testing::read_file(write_large());
  const std::string text = "bytes dstport srcaddr\n7 80 10.0.0.1\n";
  const std::string archive = scratch_.write(
      "x.tar", archive_testing::pack(archive_testing::kTar, {{.name = "1.log", .bytes = text},
                                                             {.name = "2.parquet", .bytes = large},
                                                             {.name = "3.parquet", .bytes = large},
                                                             {.name = "4.log", .bytes = text}}));
  const std::string packed = scratch_.write("x.parquet.bz2", archive_testing::bzip2(large));
  std::vector<std::uint64_t> rows;
  for (std::uint64_t i = 1; i <= kRows; ++i) rows.push_back(i);
  std::vector<std::uint64_t> expected = {7};
  for (int i = 0; i < 2; ++i) expected.insert(expected.end(), rows.begin(), rows.end());
  expected.push_back(7);
  RunOptions options = asking_for_bytes();
  options.threads = 3;
  BytesSink sink;
  const Input input = archive;
  const RunReport report = run(std::span(&input, 1), options, sink);
  EXPECT_TRUE(sink.bytes == expected);
  EXPECT_EQ(report.objects, 4U);
  EXPECT_THAT(report.failures, SizeIs(0));
  BytesSink alone;
  const Input one = packed;
  run(std::span(&one, 1), options, alone);
  EXPECT_TRUE(alone.bytes == rows);
  EXPECT_EQ(alone.objects.at(0).shape, "Parquet in bzip2");
}

TEST_F(ParquetRun, IsTheSameForAnyNumberOfThreads) {
  const Input names[] = {write_large()};
  RunOptions options = asking_for_bytes();
  options.decode.fields.add(FieldId::dstport);
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 1; i <= kRows; ++i) {
    if (i % 100'003 != 0) expected.push_back(i);
  }
  for (const std::size_t threads : {1, 2, 5}) {
    SCOPED_TRACE(threads);
    options.threads = threads;
    Progress progress;
    options.progress = &progress;
    BytesSink sink;
    const RunReport report = run(names, options, sink);
    EXPECT_TRUE(sink.bytes == expected);
    EXPECT_THAT(report.failures, SizeIs(0));
    EXPECT_EQ(report.objects, 1U);
    EXPECT_EQ(report.records, expected.size());
    EXPECT_EQ(report.rejected, 8U);
    EXPECT_EQ(report.unpacked_bytes, std::filesystem::file_size(names[0].name));
    EXPECT_EQ(progress.state().done, report.unpacked_bytes);
    ASSERT_EQ(sink.objects.size(), 1U);
    ASSERT_EQ(sink.objects[0].samples.size(), 3U);
    EXPECT_EQ(sink.objects[0].samples[0].line, 100'003U);
    EXPECT_EQ(sink.objects[0].samples[2].line, 300'009U);
    ASSERT_EQ(sink.objects[0].formats.size(), 1U);
    EXPECT_EQ(sink.objects[0].formats[0].records, expected.size());
  }
}

TEST_F(ParquetRun, KnowsTheRowWhateverIsLeftOut) {
  RunOptions options = asking_for_bytes();
  options.since = 1'004'000;
  options.until = 1'006'000;
  PulledRun pulled({write_large()}, options);
  const auto reader = pulled.reader();
  std::uint64_t rows = 0;
  while (reader->next()) {
    const Column* const bytes = reader->batch().find(FieldId::bytes);
    for (std::size_t i = 0; i < reader->selection().count; ++i) {
      const std::size_t row = reader->selection().rows[i];
      ASSERT_EQ(reader->line_number(row), bytes->numbers[row]);
      ++rows;
    }
  }
  EXPECT_EQ(rows, 200'000U);
}

TEST_F(ParquetRun, DoesNotReadColumnsThatNobodyAsksFor) {
  const std::string path = write_large();
  damage(path, "path_in_schema = 'instance_id' AND row_group_id < 2000");
  const Input names[] = {path};
  BytesSink sink;
  const RunReport report = run(names, asking_for_bytes(), sink);
  EXPECT_THAT(report.failures, SizeIs(0));
  EXPECT_EQ(sink.bytes.size(), kRows);
  RunOptions options = asking_for_bytes();
  options.decode.fields.add(FieldId::instance_id);
  EXPECT_FALSE(run(names, options, sink).failures.empty());
}

TEST_F(ParquetRun, DoesNotReadRowGroupsOfAnotherTime) {
  const std::string path = write_large();
  damage(path, "row_group_id NOT BETWEEN 10 AND 20 AND path_in_schema IN ('bytes', 'srcaddr')");
  const Input names[] = {path};
  RunOptions options = asking_for_bytes();
  options.since = 1'003'000;
  options.until = 1'003'500;
  BytesSink sink;
  RunReport report = run(names, options, sink);
  EXPECT_THAT(report.failures, SizeIs(0));
  EXPECT_EQ(sink.bytes.size(), 50'000U);
  options.until = 1'009'000;
  report = run(names, options, sink);
  ASSERT_FALSE(report.failures.empty());
  for (const Error& failure : report.failures) {
    EXPECT_EQ(failure.code, ErrorCode::damaged);
    EXPECT_EQ(failure.where, path);
  }
}

TEST_F(ParquetRun, FindsTimesInMillisecondsToo) {
  const Input names[] = {
      write("milliseconds.parquet",
            "SELECT '10.0.0.1' AS srcaddr, i AS bytes, (1661950000 + i) * 1000 + 5 AS start FROM "
            "range(10000) t(i)")};
  RunOptions options = asking_for_bytes();
  options.since = 1'661'950'100;
  options.until = 1'661'950'103;
  BytesSink sink;
  run(names, options, sink);
  EXPECT_THAT(sink.bytes, ElementsAre(100, 101, 102));
}

TEST_F(ParquetRun, MixesWithText) {
  const Input names[] = {
      scratch_.write("a.log", "srcaddr bytes\n10.0.0.1 1\n10.0.0.2 2\n"),
      write("b.parquet", "SELECT 3 AS bytes, '10.0.0.3' AS srcaddr UNION ALL SELECT 4, '10.0.0.4'"),
      scratch_.write("c.parquet", "srcaddr bytes\n10.0.0.5 5\n"),  // by its bytes, not its name
      write("d.log", "SELECT '10.0.0.6' AS srcaddr, '6' AS bytes")};
  RunOptions options = asking_for_bytes();
  options.filter = *Filter::parse("srcaddr != 10.0.0.4");
  BytesSink sink;
  const RunReport report = run(names, options, sink);
  EXPECT_THAT(sink.bytes, ElementsAre(1, 2, 3, 5, 6));
  EXPECT_EQ(report.objects, 4U);
  EXPECT_EQ(report.matched, 5U);
  parquet::Engine engine;
  const PeekedFormats peeked = peek_formats(names, {}, 10, engine);
  EXPECT_FALSE(peeked.failure);
  EXPECT_THAT(peeked.formats, SizeIs(2));
}

TEST_F(ParquetRun, CountsWhatHasNoColumnThatIsAskedFor) {
  const Input names[] = {
      write("few.parquet", "SELECT '10.0.0.1' AS srcaddr, 'SKIPDATA' AS log_status FROM range(5)")};
  RunOptions options;
  options.decode.fields = FieldSet();
  options.count_skipdata = true;
  class NoSink final : public BatchSink {
   public:
    Result<bool> take(const Batch& batch, const Selection& selection) override {
      for (const Column& column : batch.columns) EXPECT_FALSE(column.decoded);
      rows += selection.count;
      return true;
    }
    std::size_t rows = 0;
  } counter;
  const RunReport report = run(names, options, counter);
  EXPECT_EQ(counter.rows, 5U);
  EXPECT_EQ(report.skipdata, 5U);
  options.only_traffic = true;
  NoSink none;
  EXPECT_EQ(run(names, options, none).left_out_skipdata, 5U);
  EXPECT_EQ(none.rows, 0U);
}

}  // namespace
}  // namespace weir::pipeline
