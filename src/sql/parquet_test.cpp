// SPDX-License-Identifier: Apache-2.0
// Files written and read again by DuckDB. Where it is not installed there is nothing to test.
#include "weir/parquet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/scratch_testing.hpp"
#include "duckdb/duckdb_testing.hpp"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ParquetTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = duckdb_testing::reason_to_skip()) GTEST_SKIP() << *reason;
    fs::create_directory(out());
  }

  std::string file(const std::string& name, const std::string& text) const {
    return scratch_.write(name, text);
  }
  std::string out(const std::string& name = "") const { return scratch_.path("out/" + name); }

  void open(std::vector<Input> names, RunOptions options = {}, std::size_t threads = 2) {
    session_.reset();
    auto session = SqlSession::open({.tables = {{.name = "flows",
                                                 .inputs = std::move(names),
                                                 .options = std::move(options),
                                                 .before_reading = nullptr}},
                                     .threads = threads,
                                     .memory_bytes = 0,
                                     .temp_directory = scratch_.path(),
                                     .safe = false,
                                     .time_zone = "UTC"});
    ASSERT_TRUE(session) << session.error().message;
    session_ = *std::move(session);
  }

  ParquetOptions to(const std::string& path) {
    ParquetOptions options;
    options.path = path;
    return options;
  }

  /// The rows of an answer, cells separated by blanks.
  std::vector<std::string> ask(const std::string& sql) {
    auto answer = session_->run(sql);
    if (!answer) return {"error: " + answer.error().message};
    StringSink sink;
    const auto writer = ResultWriter::create((*answer)->columns(), OutputKind::tsv, sink);
    std::vector<Cell> row;
    while (*(*answer)->next(row)) EXPECT_TRUE((*writer)->write(row));
    EXPECT_TRUE((*writer)->finish());
    std::vector<std::string> lines;
    std::string line;
    for (const char c : sink.text()) {
      if (c == '\n') {
        lines.push_back(std::exchange(line, ""));
      } else {
        line += c == '\t' ? ' ' : c;
      }
    }
    lines.erase(lines.begin());  // the names
    return lines;
  }
  std::vector<std::string> rows_of(const std::string& path) {
    return ask("SELECT * FROM read_parquet('" + path + "', hive_partitioning = false)");
  }
  std::vector<std::string> columns_of(const std::string& path) {
    return ask("SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet('" + path + "'))");
  }

  /// What is below out/, hidden or not, sorted.
  std::vector<std::string> files() {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(out())) {
      if (entry.is_regular_file()) {
        found.push_back(entry.path().lexically_relative(out()).string());
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  const scratch_testing::ScratchDirectory scratch_;
  std::unique_ptr<SqlSession> session_;
};

TEST_F(ParquetTest, ColumnsHaveAwsNamesAndTypesInTheOrderOfTheFormat) {
  open({file("a",
             "version account-id srcaddr dstport bytes start end instance-tag new-field\n"
             "2 001234567890 2001:DB8::0001 443 9223372036854775807 1795168800 - a%20b x\n"
             "2 - - - - 1795168801 1795168802 - -\n")});
  ASSERT_TRUE(write_parquet(*session_, "flows", to(out("a.parquet"))));
  EXPECT_THAT(columns_of(out("a.parquet")),
              ElementsAre("version INTEGER", "account_id VARCHAR", "srcaddr VARCHAR",
                          "dstport INTEGER", "bytes BIGINT", "start BIGINT", "end BIGINT",
                          "instance_tag VARCHAR", "new_field VARCHAR"));
  EXPECT_THAT(rows_of(out("a.parquet")),
              ElementsAre("2 001234567890 2001:db8::1 443 9223372036854775807 1795168800 - a%20b x",
                          "2 - - - - 1795168801 1795168802 - -"))
      << "tags as the log has them";
}

TEST_F(ParquetTest, RowsAreOrderedByTimeAndThenAsInTheInput) {
  // More than a block of text, so that several threads have a part.
  std::string first = "start srcport\n";
  for (int i = 0; i < 60'000; ++i) {
    first += std::to_string(1'795'168'800 + i % 3) + ' ' + std::to_string(i) + '\n';
  }
  const std::vector<Input> names = {
      file("z", first), file("a", "srcport start\n65000 1795168800\n65001 -\n65002 1795168799\n")};
  for (const std::size_t threads : {1, 2, 4}) {
    open(names, {}, threads);
    ASSERT_TRUE(write_parquet(*session_, "flows", to(out("a.parquet"))));
    const auto rows = rows_of(out("a.parquet"));
    ASSERT_EQ(rows.size(), 60'003U);
    EXPECT_EQ(rows.front(), "1795168799 65002");
    for (std::size_t i = 0; i < 20'000; ++i) {
      ASSERT_EQ(rows[1 + i], "1795168800 " + std::to_string(3 * i)) << threads << " threads";
    }
    EXPECT_EQ(rows[20'001], "1795168800 65000") << "behind those of the first input";
    EXPECT_EQ(rows[20'002], "1795168801 1");
    EXPECT_EQ(rows.back(), "- 65001") << "records without a time come last";
  }
}

TEST_F(ParquetTest, WithoutATimeTheOrderIsThatOfTheInput) {
  open({file("b", "srcport\n2\n1\n"), file("a", "srcport\n3\n0\n")});
  ASSERT_TRUE(write_parquet(*session_, "flows", to(out("a.parquet"))));
  EXPECT_THAT(rows_of(out("a.parquet")), ElementsAre("2", "1", "3", "0"));
}

TEST_F(ParquetTest, ColumnsAreThoseOfAllInputsAlsoOfFieldsThatAppearLater) {
  open({file("a", "srcaddr bytes\n10.0.0.1 1\nbytes vpc-id\n2 vpc-1\n"),
        file("b", "region bytes\neu-west-1 3\n")});
  ASSERT_TRUE(write_parquet(*session_, "flows", to(out("a.parquet"))));
  EXPECT_THAT(columns_of(out("a.parquet")),
              ElementsAre("srcaddr VARCHAR", "bytes BIGINT", "region VARCHAR", "vpc_id VARCHAR"));
  EXPECT_THAT(rows_of(out("a.parquet")),
              ElementsAre("10.0.0.1 1 - -", "- 2 - vpc-1", "- 3 eu-west-1 -"));
  EXPECT_THAT(session_->late_fields("flows"), IsEmpty()) << "nothing is missing";
}

TEST_F(ParquetTest, FieldsFilterAndLimitSelect) {
  RunOptions options;
  options.filter = *Filter::parse("bytes > 1");
  open({file("a", "srcaddr bytes start\n10.0.0.1 1 3\n10.0.0.2 2 3\n10.0.0.3 3 2\n10.0.0.4 4 1\n")},
       options);
  ParquetOptions parquet = to(out("a.parquet"));
  parquet.fields = *Format::parse("bytes,srcaddr");
  parquet.limit = 2;
  ASSERT_TRUE(write_parquet(*session_, "flows", parquet));
  EXPECT_THAT(rows_of(out("a.parquet")), ElementsAre("3 10.0.0.3", "2 10.0.0.2"))
      << "the first two of the input, in the order of time";

  parquet.fields = *Format::parse("bytes,vpc-id");
  const auto written = write_parquet(*session_, "flows", parquet);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "no input has the field vpc-id, which version 3 introduced");
}

TEST_F(ParquetTest, PartitionsAreLaidOutAsAwsDoes) {
  const std::string name = file("a",
                                "account-id region start bytes\n"
                                "123456789010 eu-west-1 1795168800 1\n"
                                "123456789010 eu-west-1 1795172400 2\n"
                                "- eu-west-1 1795168799 3\n"
                                "123456789010 eu-west-1 1795168799 4\n"
                                "123456789010 eu-west-1 - 5\n"
                                "123456789010 eu-west-1 1795255200 6\n");
  const std::string here = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/";
  const std::string nowhere = "__HIVE_DEFAULT_PARTITION__";
  const struct {
    ParquetPartition partition;
    std::vector<std::string> folders;
  } cases[] = {
      {ParquetPartition::account_id,
       {here + "aws-region=eu-west-1",
        "AWSLogs/aws-account-id=" + nowhere + "/aws-service=vpcflowlogs/aws-region=eu-west-1"}},
      {ParquetPartition::day,
       {here + "aws-region=eu-west-1/year=2026/month=11/day=20",
        here + "aws-region=eu-west-1/year=2026/month=11/day=21",
        here + "aws-region=eu-west-1/year=" + nowhere + "/month=" + nowhere + "/day=" + nowhere,
        "AWSLogs/aws-account-id=" + nowhere +
            "/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=11/day=20"}},
  };
  for (const auto& c : cases) {
    open({name});
    ParquetOptions parquet = to(out());
    parquet.partition = c.partition;
    ASSERT_TRUE(write_parquet(*session_, "flows", parquet));
    ASSERT_TRUE(write_parquet(*session_, "flows", parquet)) << "the same once more";
    std::vector<std::string> folders;
    for (const std::string& each : files()) {
      EXPECT_THAT(each, testing::MatchesRegex(".*/flows_[0-9a-f]{16}\\.parquet"));
      folders.push_back(fs::path(each).parent_path().string());
    }
    EXPECT_EQ(folders, c.folders) << "each file is there once";
    EXPECT_THAT(ask("SELECT sum(bytes)::BIGINT FROM read_parquet('" + out("**/*.parquet") + "')"),
                ElementsAre("21"));
    fs::remove_all(out("AWSLogs"));
  }
  EXPECT_TRUE(find_parquet_partition("hour"));
  EXPECT_FALSE(find_parquet_partition("none"));
}

TEST_F(ParquetTest, PartitionsKeepTheOrderOfTime) {
  std::string text = "start srcport\n";
  for (std::int64_t i = 0; i < 300'000; ++i) {
    text += std::to_string(1'795'219'200 + i * 7'919 % 43'200) + ' ' + std::to_string(i % 65'536) +
            '\n';
  }
  open({file("a", text)});
  ParquetOptions parquet = to(out());
  parquet.partition = ParquetPartition::hour;
  ASSERT_TRUE(write_parquet(*session_, "flows", parquet));
  EXPECT_EQ(files().size(), 12U);
  for (const std::string& name : files()) {
    EXPECT_THAT(ask("SELECT bool_and(start >= before) FROM (SELECT start, lag(start, 1, 0) OVER "
                    "(ORDER BY file_row_number) AS before FROM read_parquet('" +
                    out(name) + "', file_row_number = true))"),
                ElementsAre("true"));
  }
}

TEST_F(ParquetTest, NothingGetsItsNameUnlessAllIsWell) {
  const std::string before = "what was there before";
  std::ofstream(out("a.parquet")) << before;
  const std::string left = out(".weir-unfinished-killed");
  fs::create_directory(left);
  std::ofstream(left + "/lock").flush();
  std::ofstream(left + "/growing") << "half a file";

  open({file("a", "srcaddr bytes\n10.0.0.1 1\n")});
  ParquetOptions parquet = to(out("a.parquet"));
  parquet.before_naming = []() -> Result<void> {
    return Unexpected({ErrorCode::usage, "no", {}, {}, {}});
  };
  const auto refused = write_parquet(*session_, "flows", parquet);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "no");
  EXPECT_THAT(files(), ElementsAre("a.parquet")) << "what a killed process left is gone, too";
  EXPECT_EQ(fs::file_size(out("a.parquet")), before.size());

  parquet.before_naming = nullptr;
  ASSERT_TRUE(write_parquet(*session_, "flows", parquet));
  EXPECT_THAT(files(), ElementsAre("a.parquet"));
  EXPECT_THAT(rows_of(out("a.parquet")), ElementsAre("10.0.0.1 1"));
}

TEST_F(ParquetTest, WhatCannotBeWrittenIsTold) {
  open({file("a", "srcaddr bytes\n10.0.0.1 1\n")});
  const struct {
    std::string path;
    ErrorCode code;
    std::string_view message;
  } cases[] = {
      {out("absent/a.parquet"), ErrorCode::unreadable, "no folder can be made there"},
      {"/dev/null", ErrorCode::usage, "this is not a file that a new one can replace"},
      {file("plain", "") + "/", ErrorCode::unreadable, "the directory cannot be made"},
  };
  for (const auto& c : cases) {
    const auto written = write_parquet(*session_, "flows", to(c.path));
    ASSERT_FALSE(written) << c.path;
    EXPECT_EQ(written.error().code, c.code) << c.path;
    EXPECT_THAT(written.error().message, HasSubstr(c.message)) << c.path;
  }
  ParquetOptions parquet = to(out());
  parquet.partition = ParquetPartition::day;
  const auto written = write_parquet(*session_, "flows", parquet);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "no input has the field start, which tells the partition");
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(ParquetTest, AnswersAndLinesOfJsonBecomeFiles) {
  open({file("a", "srcaddr bytes\n10.0.0.1 1\n10.0.0.2 2\n10.0.0.1 3\n")});
  ParquetOptions parquet = to(out());
  ASSERT_TRUE(write_parquet_answer(
      *session_, "SELECT srcaddr, sum(bytes)::BIGINT AS b FROM flows GROUP BY 1 ORDER BY 2 DESC",
      parquet));
  EXPECT_THAT(rows_of(out("answer.parquet")), ElementsAre("10.0.0.1 4", "10.0.0.2 2"));
  parquet.limit = 1;
  ASSERT_TRUE(write_parquet_answer(*session_, "SELECT 1 AS a UNION ALL SELECT 2 -- two", parquet));
  EXPECT_THAT(rows_of(out("answer.parquet")), ElementsAre("1"));

  auto sink = open_parquet_sink(out("lines.parquet"));
  ASSERT_TRUE(sink);
  ASSERT_TRUE(
      (*sink)->write("{\"account_id\":\"001\",\"flows\":1,\"first\":\"2026-11-20T10:00:00Z\"}\n"));
  ASSERT_TRUE((*sink)->write("{\"account_id\":null,\"flows\":9223372036854775807}\n"));
  EXPECT_FALSE(fs::exists(out("lines.parquet"))) << "not before it is whole";
  ASSERT_TRUE((*sink)->finish());
  EXPECT_THAT(columns_of(out("lines.parquet")),
              ElementsAre("account_id VARCHAR", "flows BIGINT", "first TIMESTAMP"));
  sink = open_parquet_sink(out("none.parquet"));
  ASSERT_TRUE(sink);
  EXPECT_FALSE((*sink)->finish());
  sink = open_parquet_sink(out("none.parquet"));
  EXPECT_FALSE(fs::exists(out("none.parquet")));
}

}  // namespace
}  // namespace weir
