// SPDX-License-Identifier: Apache-2.0
// Sessions over small files. Where DuckDB is not installed there is nothing to test; ./test
// installs it. A build for ThreadSanitizer leaves them out: it would take DuckDB's own locks, which
// were not built for it, for races.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <thread>

#include "base/scratch_testing.hpp"
#include "duckdb/duckdb_testing.hpp"
#include "weir/source.hpp"
#include "weir/sql.hpp"

namespace weir {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

class SqlSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = duckdb_testing::reason_to_skip()) GTEST_SKIP() << *reason;
  }

  std::string file(const std::string& name, const std::string& text) const {
    return scratch_.write(name, text);
  }

  void open(std::vector<SqlTable> tables, bool safe = false, std::size_t threads = 2) {
    auto session = SqlSession::open({.tables = std::move(tables),
                                     .threads = threads,
                                     .memory_bytes = 0,
                                     .temp_directory = scratch_.path(),
                                     .safe = safe,
                                     .time_zone = "UTC"});
    ASSERT_TRUE(session) << session.error().message;
    session_ = *std::move(session);
  }
  void open_flows(std::vector<Input> names, RunOptions options = {}) {
    open({{.name = "flows",
           .inputs = std::move(names),
           .options = std::move(options),
           .before_reading = nullptr}});
  }

  /// The answer as lines of JSON, or the message of its failure.
  std::string ask(const std::string& sql) {
    auto answer = session_->run(sql);
    if (!answer) return failure_of(answer.error());
    if ((*answer)->columns().empty()) return "";
    StringSink sink;
    const auto writer = ResultWriter::create((*answer)->columns(), OutputKind::ndjson, sink);
    std::vector<Cell> row;
    while (true) {
      const auto more = (*answer)->next(row);
      if (!more) return failure_of(more.error());
      if (!*more) break;
      EXPECT_TRUE((*writer)->write(row));
    }
    EXPECT_TRUE((*writer)->finish());
    return sink.text();
  }
  std::string failure_of(const Error& error) {
    error_ = error;
    return "error: " + error.message;
  }

  const scratch_testing::ScratchDirectory scratch_;
  std::unique_ptr<SqlSession> session_;
  Error error_;  // of the last question that failed
};

constexpr const char* kTwo =
    "srcaddr dstport bytes start end action\n"
    "10.0.0.1 443 100 1795168800 1795168860 ACCEPT\n"
    "2001:db8::0001 - 18446744073709551615 1795168801 - REJECT\n";

TEST_F(SqlSessionTest, ColumnsHaveAwsNamesAndTypesAndOthersThatAreMadeOfThem) {
  open_flows({file("a", kTwo)});
  const auto columns = session_->describe("flows");
  ASSERT_TRUE(columns);
  std::vector<std::string> shown;
  for (const SqlColumn& column : *columns) shown.push_back(column.name + ' ' + column.type);
  EXPECT_THAT(shown, ElementsAre("srcaddr VARCHAR", "dstport INTEGER", "bytes BIGINT",
                                 "start BIGINT", "end BIGINT", "action VARCHAR",
                                 "start_time TIMESTAMPTZ", "end_time TIMESTAMPTZ", "date DATE",
                                 "source_file VARCHAR", "line_number BIGINT"));
}

TEST_F(SqlSessionTest, FieldsThatNoObjectHasAreNullIfTheyAreAskedFor) {
  open({{.name = "flows",
         .inputs = {file("a", kTwo)},
         .options = {},
         .more_fields = {"tcp-flags", "bytes", "tcp-flags", "vpc-id"},
         .before_reading = nullptr}});
  const auto columns = session_->describe("flows");
  ASSERT_TRUE(columns);
  std::vector<std::string> absent;
  for (const SqlColumn& column : *columns) {
    if (column.is_absent) absent.push_back(column.name + ' ' + column.type);
  }
  EXPECT_THAT(absent, ElementsAre("tcp_flags INTEGER", "vpc_id VARCHAR"));
  EXPECT_EQ(ask("SELECT count(*) AS n, count(tcp_flags) AS flags, count(vpc_id) AS vpcs, "
                "count(bytes) > 0 AS has_bytes FROM flows"),
            "{\"n\":2,\"flags\":0,\"vpcs\":0,\"has_bytes\":true}\n");
}

TEST_F(SqlSessionTest, AnAnswerThatIsNotReadToItsEndReportsWhatItsTablesMet) {
  open_flows({file("a", std::string(kTwo) + "rubbish\n")});
  {
    auto answer = session_->run("SELECT srcaddr FROM flows ORDER BY srcaddr");
    ASSERT_TRUE(answer) << answer.error().message;
    std::vector<Cell> row;
    const auto more = (*answer)->next(row);
    ASSERT_TRUE(more && *more);
  }
  const auto report = session_->report("flows");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rejected, 1U);
}

TEST_F(SqlSessionTest, RowsHoldWhatTheLogHolds) {
  open_flows({file("a", kTwo)});
  EXPECT_EQ(ask("SELECT * EXCLUDE (source_file, bytes) FROM flows"),
            R"({"srcaddr":"10.0.0.1","dstport":443,"start":1795168800,"end":1795168860,)"
            R"("action":"ACCEPT","start_time":"2026-11-20T10:00:00Z",)"
            R"("end_time":"2026-11-20T10:01:00Z","date":"2026-11-20","line_number":2})"
            "\n"
            R"({"srcaddr":"2001:db8::1","dstport":null,"start":1795168801,"end":null,)"
            R"("action":"REJECT","start_time":"2026-11-20T10:00:01Z","end_time":null,)"
            R"("date":"2026-11-20","line_number":3})"
            "\n");
}

TEST_F(SqlSessionTest, NumbersBeyondTheTypeAreNullAndCounted) {
  open_flows({file("a", kTwo)});
  EXPECT_EQ(ask("SELECT bytes FROM flows ORDER BY ALL"), "{\"bytes\":100}\n{\"bytes\":null}\n");
  EXPECT_EQ(session_->unfit_numbers("flows"), 1U);
}

TEST_F(SqlSessionTest, ColumnsAreThoseOfAllInputs) {
  open_flows({file("a", "srcaddr bytes\n10.0.0.1 1\n"), file("b", "bytes vpc-id\n2 vpc-1\n")});
  EXPECT_EQ(ask("SELECT srcaddr, bytes, vpc_id FROM flows ORDER BY bytes"),
            "{\"srcaddr\":\"10.0.0.1\",\"bytes\":1,\"vpc_id\":null}\n"
            "{\"srcaddr\":null,\"bytes\":2,\"vpc_id\":\"vpc-1\"}\n");
}

TEST_F(SqlSessionTest, FieldsThatAppearLaterAreTold) {
  open_flows({file("a", "srcaddr bytes\n10.0.0.1 1\nbytes vpc-id\n2 vpc-1\n")});
  EXPECT_EQ(ask("SELECT sum(bytes) AS s FROM flows"), "{\"s\":3}\n");
  EXPECT_THAT(session_->late_fields("flows"), ElementsAre("vpc-id"));
}

TEST_F(SqlSessionTest, UnknownFieldsAreColumnsAndNamesThatDifferInCaseStayApart) {
  open_flows({file("a", "srcaddr dstaddr srcport my-field date\n10.0.0.1 10.0.0.2 3 x y\n")});
  EXPECT_EQ(ask("SELECT my_field, date FROM flows"), "{\"my_field\":\"x\",\"date\":\"y\"}\n");
}

TEST_F(SqlSessionTest, RecordsAreDroppedBeforeSqlSeesThem) {
  RunOptions options;
  options.filter = *Filter::parse("rejected");
  options.since = 1'795'168'801;
  open_flows({file("a", kTwo)}, options);
  EXPECT_EQ(ask("SELECT count(*) AS n, min(srcaddr) AS s FROM flows"),
            "{\"n\":1,\"s\":\"2001:db8::1\"}\n");
}

TEST_F(SqlSessionTest, MalformedLinesAreCountedOnceHoweverOftenATableIsRead) {
  open_flows({file("a", "srcaddr bytes\n10.0.0.1 1\nrubbish\n10.0.0.2 x\n")});
  EXPECT_EQ(ask("SELECT count(*) AS n FROM flows a JOIN flows b ON a.bytes = b.bytes"),
            "{\"n\":1}\n");
  const auto report = session_->report("flows");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->records, 1U);
  EXPECT_EQ(report->rejected, 2U);
  EXPECT_EQ(report->rejects.front().line, 3U);
}

TEST_F(SqlSessionTest, ColumnsThatNobodyNamesAreNotLookedAt) {
  open_flows({file("a", "srcaddr bytes\n10.0.0.1 x\n")});
  EXPECT_EQ(ask("SELECT srcaddr FROM flows"), "{\"srcaddr\":\"10.0.0.1\"}\n");
  EXPECT_EQ(session_->report("flows")->rejected, 0U);
}

TEST_F(SqlSessionTest, StrictEndsAtTheFirstBadLine) {
  RunOptions options;
  options.decode.strict = true;
  open_flows({file("a", "srcaddr bytes\n10.0.0.1 1\nrubbish\n")}, options);
  ask("SELECT count(*) FROM flows");
  EXPECT_EQ(error_.code, ErrorCode::malformed);
  EXPECT_THAT(error_.where, HasSubstr("/a:3"));
}

TEST_F(SqlSessionTest, AnswersDoNotDependOnThreads) {
  std::string text = "srcaddr bytes\n";
  for (int i = 0; i < 50'000; ++i) {
    text += "10.0." + std::to_string(i % 7) + ".1 " + std::to_string(i) + '\n';
  }
  const std::string name = file("a", text);
  std::vector<std::string> answers;
  for (const std::size_t threads : {1, 2, 4}) {
    open({{.name = "flows", .inputs = {name}, .options = {}, .before_reading = nullptr}}, false,
         threads);
    answers.push_back(
        ask("SELECT srcaddr, sum(bytes) AS b, count(*) AS n FROM flows GROUP BY 1 ORDER BY 1"));
    answers.back() += ask("SELECT line_number FROM flows LIMIT 3 OFFSET 40000");
    session_.reset();
  }
  EXPECT_EQ(answers[0], answers[1]);
  EXPECT_EQ(answers[0], answers[2]);
  EXPECT_THAT(answers[0], HasSubstr("{\"line_number\":40002}\n"));
}

TEST_F(SqlSessionTest, AnswersThatAreLeftEarlyHoldNothingUp) {
  std::string text = "bytes\n";
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + '\n';
  open_flows({file("a", text), file("b", text)});
  for (int i = 0; i < 3; ++i) {
    const auto answer = session_->run("SELECT bytes FROM flows");
    ASSERT_TRUE(answer);
    std::vector<Cell> row;
    ASSERT_TRUE((*answer)->next(row));
  }
  EXPECT_EQ(ask("SELECT count(*) AS n FROM flows"), "{\"n\":200000}\n");
}

TEST_F(SqlSessionTest, EveryTypeIsWrittenExactly) {
  open({});
  const struct {
    const char* why;
    const char* value;
    const char* json;
  } cases[] = {
      {"null", "NULL", "null"},
      {"truth", "true", "true"},
      {"the smallest", "(-128)::TINYINT", "-128"},
      {"unsigned", "18446744073709551615::UBIGINT", "18446744073709551615"},
      {"the largest integer", "170141183460469231731687303715884105727::HUGEINT",
       "170141183460469231731687303715884105727"},
      {"the smallest integer", "(-170141183460469231731687303715884105728)::HUGEINT",
       "-170141183460469231731687303715884105728"},
      {"beyond", "340282366920938463463374607431768211455::UHUGEINT",
       "340282366920938463463374607431768211455"},
      {"decimal", "(-0.05)::DECIMAL(4,2)", "-0.05"},
      {"wide decimal", "12345678901234567890.123::DECIMAL(38,3)", "12345678901234567890.123"},
      {"float", "0.1::FLOAT", "0.1"},
      {"double", "0.1::DOUBLE", "0.1"},
      {"no number", "'nan'::DOUBLE", "null"},
      {"text", "'a\"b'", "\"a\\\"b\""},
      {"bytes", "'\\xAA\\x41'::BLOB", "\"\\\\xAAA\""},
      {"date", "DATE '2026-11-20'", "\"2026-11-20\""},
      {"time", "TIME '10:00:33.25'", "\"10:00:33.25\""},
      {"timestamp", "TIMESTAMP '1969-12-31 23:59:59.5'", "\"1969-12-31 23:59:59.5\""},
      {"instant", "TIMESTAMPTZ '2026-11-20 10:00:33+02'", "\"2026-11-20T08:00:33Z\""},
      {"a part of a second", "TIMESTAMPTZ '2026-11-20 10:00:33.25+00'",
       "\"2026-11-20T10:00:33.25Z\""},
      {"interval", "INTERVAL '14 months 3 days 01:00:00'", "\"1 year 2 months 3 days 01:00:00\""},
      {"list", "[1, NULL, 3]", "[1,null,3]"},
      {"list within", "[[1], []]", "[[1],[]]"},
      {"struct", "{'a': 1, 'b': 'x'}", "{\"a\":1,\"b\":\"x\"}"},
      {"map", "MAP {'k': 1.5}", "{\"k\":1.5}"},
      {"array", "[1, 2]::INTEGER[2]", "[1,2]"},
      {"enum", "'b'::ENUM('a', 'b')", "\"b\""},
      {"uuid", "'01234567-89ab-cdef-0123-456789abcdef'::UUID",
       "\"01234567-89ab-cdef-0123-456789abcdef\""},
      {"bits", "'0101'::BIT", "\"0101\""},
      {"JSON", "'{\"a\": 1}'::JSON", "\"{\\\"a\\\": 1}\""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ask(std::string("SELECT ") + c.value + " AS v"),
              std::string("{\"v\":") + c.json + "}\n")
        << c.why;
  }
}

/// DuckDB's own texts are the oracle.
TEST_F(SqlSessionTest, TextsAreThoseOfDuckdb) {
  open({});
  const char* const values[] = {
      "DATE '1970-01-01' + (hash(i) % 4000000)::INTEGER - 2000000",
      "TIME '00:00:00' + to_microseconds((hash(i) % 86400000000)::BIGINT)",
      "make_timestamp((hash(i) % 8000000000000000)::BIGINT - 4000000000000000)",
      "make_timestamp(((hash(i) % 8000000000)::BIGINT - 4000000000) * 1000000)",
      ("to_months((hash(i) % 5000)::INTEGER) + to_days((hash(i + 9) % 100)::INTEGER) + "
       "to_microseconds((hash(i + 7) % 90000000000)::BIGINT)"),
      "((hash(i) % 2000000)::BIGINT - 1000000)::DECIMAL(18,4) * 0.125",
      "hash(i)::HUGEINT * (hash(i + 1) % 1000000007) - hash(i + 2)::HUGEINT * 2000000000",
      "md5(i::VARCHAR)::UUID",
      "(hash(i) % 1000)::INTEGER::BIT",
      "unhex(md5(i::VARCHAR))",
  };
  for (const char* const value : values) {
    const auto answer = session_->run(std::string("SELECT v, v::VARCHAR AS t FROM (SELECT ") +
                                      value + " AS v FROM range(500) r(i))");
    ASSERT_TRUE(answer) << value << ": " << answer.error().message;
    StringSink typed;
    std::vector<ResultColumn> columns = (*answer)->columns();
    const auto writer = ResultWriter::create({{.name = "v"}}, OutputKind::csv, typed);
    StringSink plain;
    const auto oracle = ResultWriter::create({{.name = "v"}}, OutputKind::csv, plain);
    std::vector<Cell> row;
    std::size_t rows = 0;
    for (; *(*answer)->next(row); ++rows) {
      EXPECT_TRUE((*writer)->write({row[0]}));
      EXPECT_TRUE((*oracle)->write({row[1]}));
    }
    EXPECT_TRUE((*writer)->finish());
    EXPECT_TRUE((*oracle)->finish());
    EXPECT_EQ(rows, 500U) << value;
    EXPECT_EQ(typed.text(), plain.text()) << value;
  }
}

TEST_F(SqlSessionTest, FunctionsKnowAddressesAndNames) {
  open({});
  const struct {
    const char* call;
    const char* json;
  } cases[] = {
      {"cidr_contains('10.0.0.0/8', '10.1.2.3')", "true"},
      {"cidr_contains('10.0.0.0/8', '11.0.0.0')", "false"},
      {"cidr_contains('2001:db8::/32', '2001:db8::1')", "true"},
      {"cidr_contains('0.0.0.0/0', '::1')", "false"},
      {"cidr_contains('10.0.0.1', '10.0.0.1')", "true"},
      {"cidr_contains(NULL, '10.0.0.1')", "null"},
      {"cidr_contains('10.0.0.0/8', NULL)", "null"},
      {"is_private('172.31.255.255')", "true"},
      {"is_private('172.32.0.0')", "false"},
      {"is_private('fd00::1')", "true"},
      {"is_private('2001:db8::1')", "false"},
      {"is_private(NULL)", "null"},
      {"is_private('100.64.0.1')", "true"},
      {"is_private('198.19.0.1')", "true"},
      {"is_private('224.0.0.1')", "false"},
      {"is_public('203.0.113.5')", "true"},
      {"is_public('100.64.0.1')", "false"},
      {"is_public('224.0.0.1')", "false"},
      {"is_public(NULL)", "null"},
      {"protocol_name(6)", "\"TCP\""},
      {"protocol_name(6::TINYINT)", "\"TCP\""},
      {"protocol_name(-1)", "null"},
      {"protocol_name(300)", "null"},
      {"port_name(22, 6)", "\"ssh\""},
      {"port_name(22)", "\"ssh\""},
      {"port_name(22, NULL)", "null"},
      {"port_name(61000, 6)", "null"},
      {"tcp_flags_text(18)", "\"SYN-ACK\""},
      {"tcp_flags_text(NULL)", "null"},
      {"traffic_path_text(8)", "\"an internet gateway\""},
      {"traffic_path_text(99)", "null"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ask(std::string("SELECT ") + c.call + " AS v"),
              std::string("{\"v\":") + c.json + "}\n")
        << c.call;
  }
}

TEST_F(SqlSessionTest, FunctionsWorkOnColumnsWithNulls) {
  open_flows({file("a", "srcaddr protocol\n10.0.0.1 6\n- 17\n192.0.2.1 -\n")});
  EXPECT_EQ(ask("SELECT is_private(srcaddr) AS p, protocol_name(protocol) AS n FROM flows "
                "ORDER BY line_number"),
            "{\"p\":true,\"n\":\"TCP\"}\n{\"p\":null,\"n\":\"UDP\"}\n{\"p\":false,\"n\":null}\n");
}

TEST_F(SqlSessionTest, MistakesTeach) {
  open_flows({file("a", kTwo)});
  const struct {
    const char* why;
    const char* sql;
    const char* message;
    const char* hint;
  } cases[] = {
      {"a near name", "SELECT dstprt FROM flows", "there is no column dstprt",
       "did you mean dstport"},
      {"the log's spelling", "SELECT \"dst-port\" FROM flows", "there is no column dst-port",
       "did you mean dstport"},
      {"a field of a later version", "SELECT reject_reason FROM flows",
       "no input has the field reject-reason, which version 8 introduced", "weir check"},
      {"a word of SQL", "SELECT end FROM flows", "syntax error at or near \"end\"",
       "\"end\", in double quotes"},
      {"no such table", "SELECT 1 FROM flow", "there is no table flow", "flows"},
      {"a prefix that is none", "SELECT cidr_contains('10.0.0.0/33', srcaddr) FROM flows",
       "cidr_contains: '10.0.0.0/33' is not a prefix", ""},
      {"no such function", "SELECT cidr_contain('a', 'b')", "cidr_contain", "cidr_contains"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(ask(c.sql), HasSubstr(c.message)) << c.why;
    EXPECT_THAT(error_.hint, HasSubstr(c.hint)) << c.why;
    EXPECT_EQ(error_.code, ErrorCode::usage) << c.why;
  }
}

TEST_F(SqlSessionTest, SafeSessionsReachNothingButTheirTables) {
  const std::string name = file("a", kTwo);
  const std::string csv = file("b.csv", "a,b\n1,2\n");
  open({{.name = "flows", .inputs = {name}, .options = {}, .before_reading = nullptr}}, true);
  EXPECT_EQ(ask("SELECT count(*) AS n FROM flows"), "{\"n\":2}\n");
  EXPECT_THAT(ask("DESCRIBE flows"), HasSubstr("\"srcaddr\""));
  EXPECT_THAT(ask("WITH f AS (FROM flows) SELECT count(*) AS n FROM f"), HasSubstr("\"n\":2"));
  const std::string out = scratch_.path("out");
  const std::string attempts[] = {
      "COPY flows TO '" + out + "'",
      "COPY (SELECT 1) TO '" + out + "' (FORMAT parquet)",
      "ATTACH '" + out + "' AS other",
      "INSTALL httpfs",
      "LOAD httpfs",
      "CREATE TABLE t (a INTEGER)",
      "CREATE VIEW v AS SELECT 1",
      "SET threads = 1",
      "SET enable_external_access = true",
      "PRAGMA enable_profiling",
      "EXPORT DATABASE '" + out + "'",
      "SELECT * FROM '" + csv + "'",
      "SELECT * FROM read_csv('" + csv + "')",
      "SELECT * FROM read_text('/etc/passwd')",
      "SELECT * FROM read_blob('/etc/passwd')",
      "SELECT * FROM glob('/etc/*')",
      "EXPLAIN ANALYZE COPY (SELECT 1) TO '" + out + "'",
  };
  for (const std::string& attempt : attempts) {
    EXPECT_THAT(ask(attempt), HasSubstr("error: ")) << attempt;
  }
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(SqlSessionTest, OtherSessionsReadFilesByName) {
  open_flows({file("a", kTwo)});
  const std::string csv = file("names.csv", "address,owner\n10.0.0.1,web\n");
  EXPECT_EQ(ask("SELECT owner FROM flows JOIN '" + csv + "' ON srcaddr = address"),
            "{\"owner\":\"web\"}\n");
}

TEST_F(SqlSessionTest, ObjectsThatAreNoFlowLogsAreSaid) {
  open_flows({file("a", "hello\n")});
  ask("SELECT count(*) FROM flows");
  EXPECT_EQ(error_.code, ErrorCode::no_flow_log);
  EXPECT_THAT(error_.where, HasSubstr("/a"));
}

TEST_F(SqlSessionTest, EndsWithinATenthOfASecond) {
  open({});
  std::atomic<bool> ended{false};
  std::thread interrupter([&] {
    while (!ended) {
      session_->interrupt();
      std::this_thread::yield();
    }
  });
  const std::string said =
      ask("SELECT count(*) FROM range(100000000000) a(i) WHERE hash(i) % 10 = 3");
  ended = true;
  interrupter.join();
  EXPECT_THAT(said, AnyOf(HasSubstr("Interrupted"), HasSubstr("INTERRUPT")));
}

/// tests/check_memory.py looks at what it really takes.
TEST_F(SqlSessionTest, MemoryIsSharedBetweenDuckdbAndWeir) {
  const struct {
    const char* why;
    std::uint64_t mebibytes;
    const char* threads;
  } cases[] = {
      {"little is left for one thread", 64, "1"},
      {"threads need room to spill", 512, "1"},
      {"and have it here", 2048, "2"},
  };
  for (const auto& c : cases) {
    auto session = SqlSession::open({.tables = {},
                                     .threads = 2,
                                     .memory_bytes = c.mebibytes << 20,
                                     .temp_directory = scratch_.path(),
                                     .safe = false,
                                     .time_zone = "UTC"});
    ASSERT_TRUE(session) << c.why;
    session_ = *std::move(session);
    EXPECT_EQ(ask("SELECT current_setting('threads') AS n"),
              std::string("{\"n\":") + c.threads + "}\n")
        << c.why;
    EXPECT_EQ(ask("SELECT current_setting('memory_limit') LIKE '%iB' AS ok"), "{\"ok\":true}\n")
        << c.why;
  }
}

TEST_F(SqlSessionTest, WhatHasNoRoomSaysHowToGetIt) {
  auto session = SqlSession::open({.tables = {},
                                   .threads = 1,
                                   .memory_bytes = std::uint64_t{1} << 20,
                                   .temp_directory = scratch_.path(),
                                   .safe = false,
                                   .time_zone = "UTC"});
  ASSERT_TRUE(session);
  session_ = *std::move(session);
  EXPECT_THAT(ask("SELECT list(i) AS l FROM range(30000000) t(i)"), HasSubstr("error: "));
  EXPECT_THAT(error_.hint, HasSubstr("--memory"));
}

}  // namespace
}  // namespace weir
