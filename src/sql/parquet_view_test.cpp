// SPDX-License-Identifier: Apache-2.0
// Whether DuckDB reads Parquet by itself or the decoder does is not to be seen in an answer.
#include "sql/parquet_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parquet/parquet_testing.hpp"
#include "weir/sql.hpp"

namespace weir::sql {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A condition that holds of every record, so that the decoder reads the objects.
RunOptions by_decoder() {
  RunOptions options;
  options.since = 0;
  return options;
}

/// Records as AWS writes them, but for `changes`: `'x' AS srcaddr` and the like.
std::string records(const std::string& changes = "", int count = 3000) {
  const std::string rows =
      "SELECT 2::INTEGER AS version, 'eni-' || i % 7 AS interface_id, '10.0.' || i % 3 || '.1' AS "
      "srcaddr, CASE WHEN i % 5 > 0 THEN '2001:db8::' || i % 9 + 1 END AS dstaddr, CASE WHEN i % 5 "
      "> 0 THEN (i % 1000)::INTEGER END AS dstport, i * 1000000007 AS bytes, 1661950735::BIGINT + "
      "i // 9 AS start, 1661950795::BIGINT + i // 9 AS \"end\", 'ACCEPT' AS action, 'OK' AS "
      "log_status, i FROM range(" +
      std::to_string(count) + ") t(i)";
  return "SELECT * EXCLUDE (i)" + (changes.empty() ? "" : " REPLACE (" + changes + ")") +
         " FROM (" + rows + ")";
}

class ParquetViewTest : public parquet_testing::ParquetTest {
 protected:
  static std::unique_ptr<SqlSession> open(std::vector<Input> names, RunOptions options = {},
                                          bool safe = false) {
    auto session = SqlSession::open({.tables = {{.name = "flows",
                                                 .inputs = std::move(names),
                                                 .options = std::move(options),
                                                 .before_reading = nullptr}},
                                     .threads = 2,
                                     .memory_bytes = 0,
                                     .temp_directory = testing::TempDir(),
                                     .safe = safe,
                                     .time_zone = "UTC"});
    EXPECT_TRUE(session) << session.error().message;
    return *std::move(session);
  }

  static std::string ask(SqlSession& session, const std::string& sql) {
    auto answer = session.run(sql);
    if (!answer) return "error: " + answer.error().message;
    StringSink sink;
    const auto writer = ResultWriter::create((*answer)->columns(), OutputKind::ndjson, sink);
    std::vector<Cell> row;
    while (true) {
      const auto more = (*answer)->next(row);
      if (!more) return "error: " + more.error().message;
      if (!*more) break;
      EXPECT_TRUE((*writer)->write(row));
    }
    EXPECT_TRUE((*writer)->finish());
    return sink.text();
  }
  static std::string plan(SqlSession& session) { return ask(session, "EXPLAIN FROM flows"); }
};

TEST_F(ParquetViewTest, AnswersAreThoseOfTheDecoder) {
  const struct {
    const char* why;
    const char* changes;
  } cases[] = {
      {"sound", ""},
      {"missing texts", "CASE i WHEN 7 THEN '-' WHEN 8 THEN '' ELSE action END AS action"},
      {"missing addresses", "CASE i WHEN 7 THEN '-' WHEN 8 THEN '' ELSE srcaddr END AS srcaddr"},
      {"addresses in other forms",
       "CASE i WHEN 7 THEN '2001:DB8:0::1' WHEN 8 THEN '::ffff:10.0.0.1' ELSE srcaddr END AS "
       "srcaddr"},
      {"no address", "CASE WHEN i IN (7, 2900) THEN '10.0.0' ELSE srcaddr END AS srcaddr"},
      {"no address in either column", "'x' AS srcaddr, 'y' AS dstaddr"},
      {"negative", "CASE i WHEN 7 THEN -1 ELSE bytes END AS bytes"},
      {"negative port", "CASE i WHEN 7 THEN -1 ELSE dstport END AS dstport"},
      {"no numbers at all", "NULL::INTEGER AS dstport"},
      {"milliseconds", "start * 1000 AS start"},
      {"other integers", "dstport::USMALLINT AS dstport, version::BIGINT AS version"},
      {"too large for its type", "CASE i WHEN 7 THEN 4294967296 ELSE dstport END AS dstport"},
      {"beyond 63 bits", "18446744073709551615::UBIGINT AS bytes"},
      {"numbers as text", "dstport::VARCHAR AS dstport"},
      {"times as timestamps", "make_timestamp(start * 1000000) AS start"},
  };
  const char* const questions[] = {
      "DESCRIBE flows",
      "SELECT count(*) FROM flows",
      "SELECT count(*), count(action), min(action) FROM flows",
      "SELECT srcaddr, sum(bytes), count(*) FROM flows GROUP BY ALL ORDER BY ALL",
      "SELECT dstport, action, max(dstaddr) FROM flows GROUP BY ALL ORDER BY ALL LIMIT 20",
      "SELECT count(*) FROM flows WHERE dstport > 500 OR srcaddr = '10.0.1.1'",
      "SELECT count(*) FROM flows WHERE dstport IS NULL AND action = 'ACCEPT'",
      "SELECT CASE WHEN dstport > 500 THEN srcaddr END AS a, count(*) FROM flows GROUP BY ALL "
      "ORDER BY ALL",
      "SELECT min(start), max(\"end\"), min(start_time), max(end_time), min(date) FROM flows",
      "SELECT srcaddr, line_number, source_file FROM flows ORDER BY bytes DESC, line_number LIMIT "
      "5",
      "SELECT count(*) FROM flows a JOIN flows b USING (bytes) WHERE a.dstport = 80",
      "SELECT * FROM flows ORDER BY line_number LIMIT 10",
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const std::string path = write("case.parquet", records(c.changes));
    const auto direct = open({path});
    const auto decoded = open({path}, by_decoder());
    for (const char* const question : questions) {
      SCOPED_TRACE(question);
      EXPECT_EQ(ask(*direct, question), ask(*decoded, question));
      const auto a = direct->report("flows");
      const auto b = decoded->report("flows");
      ASSERT_EQ(a.has_value(), b.has_value());
      if (!a) continue;
      EXPECT_EQ(a->rejected, b->rejected);
      EXPECT_EQ(direct->unfit_numbers("flows"), decoded->unfit_numbers("flows"));
      EXPECT_EQ(a->rejects.size(), b->rejects.size());
    }
  }
}

TEST_F(ParquetViewTest, BadValuesAreCountedAndShown) {
  const auto session = open({write("bad.parquet", records("CASE i WHEN 1234 THEN 'x' ELSE srcaddr "
                                                          "END AS srcaddr"))});
  EXPECT_THAT(plan(*session), HasSubstr("READ_PARQUET"));
  EXPECT_EQ(ask(*session, "SELECT count(*) AS n FROM flows"), "{\"n\":3000}\n");
  EXPECT_EQ(session->report("flows")->rejected, 0U);  // nobody named the column
  EXPECT_EQ(ask(*session, "SELECT count(srcaddr) AS n FROM flows"), "{\"n\":2999}\n");
  const auto report = session->report("flows");
  EXPECT_EQ(report->rejected, 1U);
  ASSERT_EQ(report->rejects.size(), 1U);
  EXPECT_EQ(report->rejects.front().line, 1235U);
  EXPECT_EQ(report->rejects.front().detail, "srcaddr: 'x' is not an address");
}

/// Its first rows would have been handed out before the bad one is met.
TEST_F(ParquetViewTest, LongAnswersLackTheBadRowAlone) {
  const auto session =
      open({write("long.parquet",
                  records("CASE i WHEN 199999 THEN 'x' ELSE srcaddr END AS srcaddr", 200'000))});
  const std::string rows = ask(*session, "SELECT srcaddr FROM flows");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 199'999);
  EXPECT_EQ(session->report("flows")->rejected, 1U);
}

TEST_F(ParquetViewTest, TypesAndNullsStay) {
  const auto session = open({write("types.parquet", records())});
  EXPECT_THAT(plan(*session), HasSubstr("READ_PARQUET"));
  EXPECT_EQ(ask(*session,
                "SELECT typeof(version) AS v, typeof(dstport) AS p, typeof(bytes) AS b, "
                "typeof(srcaddr) AS s, typeof(start_time) AS t, typeof(date) AS d, "
                "typeof(line_number) AS l FROM flows LIMIT 1"),
            "{\"v\":\"INTEGER\",\"p\":\"INTEGER\",\"b\":\"BIGINT\",\"s\":\"VARCHAR\","
            "\"t\":\"TIMESTAMP WITH TIME ZONE\",\"d\":\"DATE\",\"l\":\"BIGINT\"}\n");
  EXPECT_EQ(ask(*session,
                "SELECT count(*) AS n FROM flows WHERE dstport IS NULL AND dstaddr IS "
                "NULL"),
            "{\"n\":600}\n");
}

TEST_F(ParquetViewTest, SeveralObjectsAreOneTable) {
  const std::vector<Input> names = {write("a.parquet", records()),
                                    write("b.parquet", records("'10.9.9.9' AS srcaddr", 10))};
  const char* const question =
      "SELECT source_file, srcaddr, max(line_number), count(*) FROM flows GROUP BY ALL ORDER BY "
      "ALL";
  const auto session = open(names);
  EXPECT_THAT(plan(*session), HasSubstr("READ_PARQUET"));
  EXPECT_EQ(ask(*session, question), ask(*open(names, by_decoder()), question));
  EXPECT_EQ(session->report("flows")->records, 3010U);
  EXPECT_EQ(session->report("flows")->objects, 2U);
}

TEST_F(ParquetViewTest, TheDecoderReadsWhatDuckdbCannot) {
  const std::string sound = write("sound.parquet", records());
  const std::string text = scratch_.write("text.log", "srcaddr dstport\n10.0.0.1 22\n");
  RunOptions strict;
  strict.decode.strict = true;
  const struct {
    const char* why;
    std::vector<Input> names;
    RunOptions options;
  } cases[] = {
      {"a filter", {sound}, by_decoder()},
      {"strict", {sound}, strict},
      {"text beside", {sound, text}, {}},
      {"other columns beside",
       {sound, write("less.parquet", "SELECT '10.0.0.1' AS srcaddr, 22 AS dstport")},
       {}},
      {"a number as text", {write("text.parquet", records("bytes::VARCHAR AS bytes"))}, {}},
      {"a pattern in its name", {write("a[b].parquet", records())}, {}},
      {"a name of DuckDB's own",
       {write("name.parquet",
              "SELECT '10.0.0.1' AS srcaddr, '10.0.0.2' AS dstaddr, 22 AS dstport, "
              "7 AS bytes, 'x' AS \"Filename\"")},
       {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_THAT(plan(*open(c.names, c.options)), HasSubstr("WEIR_FLOWS"));
  }
  EXPECT_EQ(ask(*open({sound}, {}, true), "SELECT count(*) AS n FROM flows"), "{\"n\":3000}\n");
}

TEST_F(ParquetViewTest, ABadValueDoesNotEndATransaction) {
  const auto session = open({write("bad.parquet", records("'x' AS srcaddr", 10))});
  EXPECT_EQ(ask(*session, "BEGIN"), "");
  EXPECT_EQ(ask(*session, "SELECT max(srcaddr) AS a FROM flows"), "{\"a\":null}\n");
  EXPECT_EQ(ask(*session, "SELECT 1 AS one"), "{\"one\":1}\n");
}

TEST_F(ParquetViewTest, AFileThatChangesIsReadAsItIs) {
  const std::string path = write("changes.parquet", records());
  const auto session = open({path});
  EXPECT_EQ(ask(*session, "SELECT count(bytes) AS n FROM flows"), "{\"n\":3000}\n");
  write("changes.parquet", records("-1 - i AS bytes", 20));
  EXPECT_THAT(plan(*session), Not(HasSubstr("READ_PARQUET")));
  EXPECT_EQ(ask(*session, "SELECT count(bytes) AS n FROM flows"), "{\"n\":0}\n");
}

}  // namespace
}  // namespace weir::sql
