// SPDX-License-Identifier: Apache-2.0
// render: records for programs.
#include <gtest/gtest.h>
#include <simdjson.h>

#include "render/record_testing.hpp"
#include "weir/render.hpp"

namespace weir::render {
namespace {

const std::vector<std::string> kTwoRecords = {
    "2 012345678901 eni-0a1b2c3d 10.0.0.5 203.0.113.7 49152 443 6 12 4249 1795341600 1795341659 "
    "ACCEPT OK",
    "2 012345678901 eni-0a1b2c3d - - - - - - - 1795341660 1795341719 - NODATA"};

Format format_of(std::string_view text) { return Format::parse(text).value(); }

/// A sink that refuses after a number of bytes.
class FullSink final : public ByteSink {
 public:
  Result<void> write(std::string_view) override {
    return Unexpected({.code = ErrorCode::unreadable, .message = "no space left"});
  }
  Result<void> finish() override { return {}; }
};

struct Written {
  std::string text;
  std::vector<std::string> dropped;
};

Written write(OutputKind kind, std::vector<TestRecords*> batches,
              std::optional<Format> columns = {}) {
  StringSink sink;
  const auto writer = RecordWriter::create(kind, sink, {}, std::move(columns));
  for (TestRecords* records : batches) {
    EXPECT_TRUE(writer->write(records->batch(), records->all()));
  }
  EXPECT_TRUE(writer->finish());
  return {sink.text(), writer->dropped_fields()};
}

TEST(OutputKinds, NamesGoBothWays) {
  for (const char* name : {"table", "csv", "tsv", "json", "ndjson", "flowlog"}) {
    const auto kind = find_output_kind(name);
    ASSERT_TRUE(kind) << name;
    EXPECT_EQ(output_kind_name(*kind), name);
  }
  EXPECT_FALSE(find_output_kind("parquet"));
  EXPECT_FALSE(find_output_kind(""));
}

TEST(RecordWriter, WritesTwoRecordsInEveryKind) {
  TestRecords records(Format::default_vpc(), kTwoRecords);
  const struct {
    OutputKind kind;
    const char* expected;
  } cases[] = {
      {OutputKind::flowlog,
       "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
       "start end action log-status\n"
       "2 012345678901 eni-0a1b2c3d 10.0.0.5 203.0.113.7 49152 443 6 12 4249 1795341600 "
       "1795341659 ACCEPT OK\n"
       "2 012345678901 eni-0a1b2c3d - - - - - - - 1795341660 1795341719 - NODATA\n"},
      {OutputKind::ndjson,
       R"({"version":2,"account_id":"012345678901","interface_id":"eni-0a1b2c3d",)"
       R"("srcaddr":"10.0.0.5","dstaddr":"203.0.113.7","srcport":49152,"dstport":443,)"
       R"("protocol":6,"packets":12,"bytes":4249,"start":1795341600,"end":1795341659,)"
       R"("action":"ACCEPT","log_status":"OK"})"
       "\n"
       R"({"version":2,"account_id":"012345678901","interface_id":"eni-0a1b2c3d",)"
       R"("srcaddr":null,"dstaddr":null,"srcport":null,"dstport":null,)"
       R"("protocol":null,"packets":null,"bytes":null,"start":1795341660,"end":1795341719,)"
       R"("action":null,"log_status":"NODATA"})"
       "\n"},
      {OutputKind::csv,
       "version,account_id,interface_id,srcaddr,dstaddr,srcport,dstport,protocol,packets,bytes,"
       "start,end,action,log_status\n"
       "2,012345678901,eni-0a1b2c3d,10.0.0.5,203.0.113.7,49152,443,6,12,4249,1795341600,"
       "1795341659,ACCEPT,OK\n"
       "2,012345678901,eni-0a1b2c3d,,,,,,,,1795341660,1795341719,,NODATA\n"},
      {OutputKind::tsv,
       "version\taccount_id\tinterface_id\tsrcaddr\tdstaddr\tsrcport\tdstport\tprotocol\tpackets\t"
       "bytes\tstart\tend\taction\tlog_status\n"
       "2\t012345678901\teni-0a1b2c3d\t10.0.0.5\t203.0.113.7\t49152\t443\t6\t12\t4249\t1795341600\t"
       "1795341659\tACCEPT\tOK\n"
       "2\t012345678901\teni-0a1b2c3d\t-\t-\t-\t-\t-\t-\t-\t1795341660\t1795341719\t-\tNODATA\n"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(write(c.kind, {&records}).text, c.expected) << output_kind_name(c.kind);
  }
}

TEST(RecordWriter, JsonIsOneArray) {
  TestRecords records(format_of("srcaddr bytes"), {"2001:DB8:0:0::1 18446744073709551615", "- 0"});
  EXPECT_EQ(write(OutputKind::json, {&records, &records}).text,
            "[\n"
            "{\"srcaddr\":\"2001:db8::1\",\"bytes\":18446744073709551615},\n"
            "{\"srcaddr\":null,\"bytes\":0},\n"
            "{\"srcaddr\":\"2001:db8::1\",\"bytes\":18446744073709551615},\n"
            "{\"srcaddr\":null,\"bytes\":0}\n"
            "]\n");
}

TEST(RecordWriter, SaysSomethingWithoutRecords) {
  const Format chosen = format_of("srcaddr bytes");
  const struct {
    const char* why;
    OutputKind kind;
    bool has_columns;
    const char* expected;
  } cases[] = {
      {"a header needs no record", OutputKind::csv, true, "srcaddr,bytes\n"},
      {"a header needs no record", OutputKind::tsv, true, "srcaddr\tbytes\n"},
      {"a header needs no record", OutputKind::flowlog, true, "srcaddr bytes\n"},
      {"nothing is known", OutputKind::csv, false, ""},
      {"nothing is known", OutputKind::flowlog, false, ""},
      {"an empty array", OutputKind::json, false, "[\n]\n"},
      {"no line", OutputKind::ndjson, true, ""},
      {"no table", OutputKind::table, true, ""},
  };
  for (const auto& c : cases) {
    const std::optional<Format> columns = c.has_columns ? std::optional(chosen) : std::nullopt;
    EXPECT_EQ(write(c.kind, {}, columns).text, c.expected) << c.why << output_kind_name(c.kind);
  }
}

TEST(RecordWriter, AFilterThatLetsNothingPassLeavesTheHeader) {
  TestRecords records(format_of("srcaddr bytes"), {"10.0.0.1 5"});
  for (const OutputKind kind : {OutputKind::csv, OutputKind::flowlog}) {
    StringSink sink;
    const auto writer = RecordWriter::create(kind, sink, {}, {});
    ASSERT_TRUE(writer->write(records.batch(), Selection{}));
    ASSERT_TRUE(writer->finish());
    EXPECT_EQ(sink.text(), kind == OutputKind::csv ? "srcaddr,bytes\n" : "srcaddr bytes\n");
  }
}

TEST(RecordWriter, WritesSelectedRowsOnly) {
  TestRecords records(format_of("dstport"), {"1", "2", "3"});
  Selection selection{};
  selection.rows[0] = 2;
  selection.count = 1;
  StringSink sink;
  const auto writer = RecordWriter::create(OutputKind::ndjson, sink, {}, {});
  ASSERT_TRUE(writer->write(records.batch(), selection));
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(sink.text(), "{\"dstport\":3}\n");
}

TEST(RecordWriter, FollowsFormatsOrFixesColumns) {
  TestRecords first(format_of("srcaddr dstport"), {"10.0.0.1 22"});
  TestRecords second(format_of("dstport tcp-flags"), {"443 18"});
  const Format chosen = format_of("tcp-flags srcaddr");
  const struct {
    const char* why;
    OutputKind kind;
    bool has_columns;
    const char* expected;
    std::vector<std::string> dropped;
  } cases[] = {
      {"each object in its own format",
       OutputKind::ndjson,
       false,
       "{\"srcaddr\":\"10.0.0.1\",\"dstport\":22}\n{\"dstport\":443,\"tcp_flags\":18}\n",
       {}},
      {"a header where the format changes",
       OutputKind::flowlog,
       false,
       "srcaddr dstport\n10.0.0.1 22\ndstport tcp-flags\n443 18\n",
       {}},
      {"the first batch's columns, and what they could not show",
       OutputKind::csv,
       false,
       "srcaddr,dstport\n10.0.0.1,22\n,443\n",
       {"tcp-flags"}},
      {"chosen columns drop what they were meant to drop",
       OutputKind::csv,
       true,
       "tcp_flags,srcaddr\n,10.0.0.1\n18,\n",
       {}},
      {"chosen columns", OutputKind::tsv, true, "tcp_flags\tsrcaddr\n-\t10.0.0.1\n18\t-\n", {}},
      {"chosen columns", OutputKind::flowlog, true, "tcp-flags srcaddr\n- 10.0.0.1\n18 -\n", {}},
      {"chosen columns",
       OutputKind::ndjson,
       true,
       "{\"tcp_flags\":null,\"srcaddr\":\"10.0.0.1\"}\n{\"tcp_flags\":18,\"srcaddr\":null}\n",
       {}},
  };
  for (const auto& c : cases) {
    const std::optional<Format> columns = c.has_columns ? std::optional(chosen) : std::nullopt;
    const Written written = write(c.kind, {&first, &second}, columns);
    EXPECT_EQ(written.text, c.expected) << c.why;
    EXPECT_EQ(written.dropped, c.dropped) << c.why;
  }
}

TEST(RecordWriter, ASecondObjectOfTheSameFormatHasNoSecondHeader) {
  TestRecords first(format_of("srcaddr"), {"10.0.0.1"});
  TestRecords second(format_of("srcaddr"), {"10.0.0.2"});
  EXPECT_EQ(write(OutputKind::flowlog, {&first, &second}).text, "srcaddr\n10.0.0.1\n10.0.0.2\n");
}

TEST(RecordWriter, UndecodedColumnsAreMissing) {
  TestRecords records(format_of("srcaddr dstport"), {"10.0.0.1 22"});
  records.batch().columns[0] = Column{};
  EXPECT_EQ(write(OutputKind::ndjson, {&records}).text, "{\"srcaddr\":null,\"dstport\":22}\n");
}

TEST(RecordWriter, UnknownFieldsKeepTheirNames) {
  const std::string_view names[] = {"srcaddr", "odd-\"field\""};
  TestRecords records(Format::from_names(names).value(), {"10.0.0.1 x"});
  records.set_text(0, "odd-\"field\"", "a b");
  EXPECT_EQ(write(OutputKind::ndjson, {&records}).text,
            "{\"srcaddr\":\"10.0.0.1\",\"odd_\\\"field\\\"\":\"a b\"}\n");
  EXPECT_EQ(write(OutputKind::flowlog, {&records}).text, "srcaddr odd-\"field\"\n10.0.0.1 a%20b\n");
}

TEST(RecordWriter, TagsTravelPercentEncodedInFlowLogTextOnly) {
  TestRecords records(format_of("instance-tag bytes"), {"x 1"});
  records.set_text(0, "instance-tag", "Zürich 100%");
  EXPECT_EQ(write(OutputKind::flowlog, {&records}).text,
            "instance-tag bytes\nZ%C3%BCrich%20100%25 1\n");
  EXPECT_EQ(write(OutputKind::csv, {&records}).text, "instance_tag,bytes\nZürich 100%,1\n");
}

TEST(RecordWriter, ACsvOfOneColumnHasNoBlankLines) {
  TestRecords records(format_of("srcaddr"), {"-", "10.0.0.1"});
  EXPECT_EQ(write(OutputKind::csv, {&records}).text, "srcaddr\n\"\"\n10.0.0.1\n");
}

TEST(RecordWriter, HandsOnWhatTheSinkReports) {
  TestRecords records(Format::default_vpc(), kTwoRecords);
  for (const OutputKind kind : {OutputKind::table, OutputKind::csv, OutputKind::tsv,
                                OutputKind::json, OutputKind::ndjson, OutputKind::flowlog}) {
    FullSink sink;
    const auto writer = RecordWriter::create(kind, sink, {}, {});
    Result<void> written = writer->write(records.batch(), records.all());
    for (int i = 0; i < 10'000 && written; ++i) {
      written = writer->write(records.batch(), records.all());
    }
    ASSERT_FALSE(written) << output_kind_name(kind);
    EXPECT_EQ(written.error().message, "no space left");
  }
}

}  // namespace
}  // namespace weir::render
