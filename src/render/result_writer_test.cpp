// SPDX-License-Identifier: Apache-2.0
// render: finished answers for programs and for people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "weir/render.hpp"

namespace weir::render {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Undoes the line breaks of notes.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char byte : text) {
    if (byte == '\n' || byte == ' ') {
      if (!line.ends_with(' ')) line += ' ';
    } else {
      line += byte;
    }
  }
  return line;
}

constexpr unsigned __int128 kLargest = ~static_cast<unsigned __int128>(0);

unsigned __int128 number(std::uint64_t value) { return value; }

Style style_of(std::size_t width, bool color = false, bool unicode = true) {
  return {.color = color, .width = width, .unicode = unicode, .zone = {}};
}

std::string write(const ResultTable& table, OutputKind kind, const Style& style = {}) {
  StringSink sink;
  EXPECT_TRUE(write_result(table, kind, sink, style));
  return sink.text();
}

/// The busiest sources, as `weir top srcaddr dstport` gives them.
ResultTable top_table() {
  ResultTable table;
  table.columns = {{"srcaddr", CellKind::field, FieldId::srcaddr},
                   {"dstport", CellKind::field, FieldId::dstport},
                   {"protocol", CellKind::field, FieldId::protocol},
                   {"flows", CellKind::count},
                   {"bytes", CellKind::byte_count},
                   {"last", CellKind::time},
                   {"share", CellKind::share},
                   {"", CellKind::bar}};
  table.rows = {{Ip::from_ipv4(0x0a000005), number(443), number(6), number(12345), kLargest,
                 number(1795341600), 0.75, 1.0},
                {Cell(), number(22), number(6), number(7), number(1536), Cell(), 0.25, 0.25}};
  table.notes = {"2 of 9 groups"};
  return table;
}

TEST(ResultWriter, IsExactForPrograms) {
  const struct {
    OutputKind kind;
    const char* expected;
  } cases[] = {
      {OutputKind::csv,
       "srcaddr,dstport,protocol,flows,bytes,last,share\n"
       "10.0.0.5,443,6,12345,340282366920938463463374607431768211455,2026-11-22T10:00:00Z,0.75\n"
       ",22,6,7,1536,,0.25\n"},
      {OutputKind::tsv,
       "srcaddr\tdstport\tprotocol\tflows\tbytes\tlast\tshare\n"
       "10.0.0.5\t443\t6\t12345\t340282366920938463463374607431768211455\t2026-11-22T10:00:00Z\t"
       "0.75\n"
       "-\t22\t6\t7\t1536\t-\t0.25\n"},
      {OutputKind::ndjson,
       R"({"srcaddr":"10.0.0.5","dstport":443,"protocol":6,"flows":12345,)"
       R"("bytes":340282366920938463463374607431768211455,"last":"2026-11-22T10:00:00Z",)"
       R"("share":0.75})"
       "\n"
       R"({"srcaddr":null,"dstport":22,"protocol":6,"flows":7,"bytes":1536,"last":null,)"
       R"("share":0.25})"
       "\n"},
  };
  for (const auto& c : cases) {
    Style style;
    style.zone = TimeZone::find("+05:30").value();  // machines get UTC all the same
    EXPECT_EQ(write(top_table(), c.kind, style), c.expected) << output_kind_name(c.kind);
  }
}

TEST(ResultWriter, JsonIsOneArray) {
  ResultTable table;
  table.columns = {{"name"}};
  EXPECT_EQ(write(table, OutputKind::json), "[\n]\n");
  table.rows = {{std::string("a\"b")}, {std::string()}};
  EXPECT_EQ(write(table, OutputKind::json), "[\n{\"name\":\"a\\\"b\"},\n{\"name\":\"\"}\n]\n");
  EXPECT_EQ(write(table, OutputKind::csv), "name\n\"a\"\"b\"\n\"\"\n");
}

TEST(ResultWriter, HandlesOddCells) {
  ResultTable table;
  table.columns = {{"share", CellKind::share}, {"time", CellKind::time}, {"text"}};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const struct {
    const char* why;
    std::vector<Cell> row;
    const char* expected;
  } cases[] = {
      {"six digits of a share", {1.0 / 3, Cell(), Cell()}, "0.333333,,\n"},
      {"no number", {nan, Cell(), nan}, ",,\n"},
      {"the epoch", {Cell(), number(0), Cell()}, ",1970-01-01T00:00:00Z,\n"},
      {"a time beyond the calendar",
       {Cell(), ~number(0), Cell()},
       ",340282366920938463463374607431768211455,\n"},
      {"a double of SQL in full", {Cell(), Cell(), 0.1}, ",,0.1\n"},
      {"a row that is too short", {0.5}, "0.5,,\n"},
  };
  for (const auto& c : cases) {
    table.rows = {c.row};
    EXPECT_EQ(write(table, OutputKind::csv), std::string("share,time,text\n") + c.expected)
        << c.why;
    EXPECT_NE(write(table, OutputKind::table), "") << c.why;
  }
}

TEST(ResultWriter, RefusesFlowLogText) {
  StringSink sink;
  const Result<void> written = write_result(top_table(), OutputKind::flowlog, sink, {});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::usage);
  EXPECT_THAT(written.error().hint, HasSubstr("ndjson"));
}

TEST(ResultTable, IsReadableForPeople) {
  ResultTable table = top_table();
  table.rows[0][4] = number(1'288'490'189);
  EXPECT_EQ(write(table, OutputKind::table, style_of(100)),
            "srcaddr   dstport    protocol   flows    bytes  last (UTC)            share\n"
            "10.0.0.5  443 https  TCP       12,345  1.2 GiB  2026-11-22 10:00:00  75.0 %  "
            "███████████████████████\n"
            "-          22 ssh    TCP            7  1.5 KiB  -                    25.0 %  █████▊\n"
            "\n"
            "2 of 9 groups\n");
  EXPECT_EQ(write(table, OutputKind::table, style_of(90, false, false)),
            "srcaddr   dstport    protocol   flows    bytes  last (UTC)            share\n"
            "10.0.0.5  443 https  TCP       12,345  1.2 GiB  2026-11-22 10:00:00  75.0 %  "
            "#############\n"
            "-          22 ssh    TCP            7  1.5 KiB  -                    25.0 %  ###\n"
            "\n"
            "2 of 9 groups\n");
}

TEST(ResultTable, TitlesStandOverTheirOwnColumn) {
  ResultTable table;
  table.columns = {
      {"shape"}, {"objects", CellKind::count}, {"a_long_title"}, {"n", CellKind::count}};
  table.rows = {{std::string("CloudWatch Logs FilterLogEvents JSON"), number(1), std::string("x"),
                 number(12)}};
  EXPECT_EQ(write(table, OutputKind::table, style_of(80)),
            "shape                                 objects  a_long_title   n\n"
            "CloudWatch Logs FilterLogEvents JSON        1  x             12\n");
}

TEST(ResultTable, NamesWhatItLeavesOut) {
  const std::string narrow = write(top_table(), OutputKind::table, style_of(60));
  EXPECT_THAT(narrow, HasSubstr("not shown: "));
  EXPECT_THAT(narrow, HasSubstr("share"));
  ResultTable paths;
  paths.columns = {{"object"}, {"lines", CellKind::count}};
  paths.rows = {{std::string(70, 'a') + ".log.gz", number(1)}};
  const std::string cut = write(paths, OutputKind::table, style_of(40));
  EXPECT_THAT(cut, HasSubstr("aaa…aaa")) << "both ends of a path tell it apart";
  EXPECT_THAT(cut, HasSubstr("values with … are cut"));
  EXPECT_THAT(write(paths, OutputKind::table, style_of(100)), Not(HasSubstr("cut")));
}

TEST(ResultTable, GoesOnBelowWhereProseIsTooLong) {
  ResultTable table;
  table.columns = {{"field"}, {"meaning"}};
  table.rows = {
      {std::string("dstport"), std::string("the port to which the packets of a flow went")}};
  EXPECT_EQ(write(table, OutputKind::table, style_of(40)),
            "field    meaning\n"
            "dstport  the port to which the packets\n"
            "         of a flow went\n");
}

TEST(ResultTable, TitlesFieldsAsAwsWritesThem) {
  ResultTable table;
  table.columns = {{"tcp_flags", CellKind::field, FieldId::tcp_flags},
                   {"client_port", CellKind::field, FieldId::srcport},
                   {"traffic_path", CellKind::field, FieldId::traffic_path}};
  table.rows = {{number(18), number(50000), number(8)}};
  EXPECT_EQ(write(table, OutputKind::table, style_of(80)),
            "tcp-flags  client_port  traffic-path\n"
            "SYN-ACK    50000        8 an internet gateway\n");
}

TEST(ResultTable, ColorsActionsAndPrintsNoControlBytes) {
  ResultTable table;
  table.columns = {{"action", CellKind::field, FieldId::action}, {"text"}};
  table.rows = {{std::string("REJECT"), std::string("\x1b[2Jgone")}};
  const std::string shown = write(table, OutputKind::table, style_of(80, true));
  EXPECT_THAT(shown, HasSubstr("\x1b[31mREJECT\x1b[0m"));
  EXPECT_THAT(shown, HasSubstr("\\x1b[2Jgone"));
  EXPECT_THAT(shown, Not(HasSubstr("\x1b[2J")));
}

// ---- random answers: no line is wider than the terminal ----

class RandomTables {
 public:
  explicit RandomTables(unsigned seed) : random_(seed) {}

  ResultTable make() {
    ResultTable table;
    for (std::size_t i = 1 + below(10); i > 0; --i) {
      const auto kind = static_cast<CellKind>(below(7));
      const auto field = static_cast<FieldId>(below(kFieldCount + 1));
      table.columns.push_back({std::string(below(50), 'n'), kind, field});
    }
    for (std::size_t rows = below(8); rows > 0; --rows) {
      auto& row = table.rows.emplace_back();
      for (std::size_t i = below(table.columns.size() + 1); i > 0; --i) row.push_back(cell());
    }
    if (below(2) == 0) table.notes.emplace_back(below(120), below(2) == 0 ? 'x' : '\x1b');
    return table;
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  Cell cell() {
    switch (below(6)) {
      case 0:
        return kLargest >> below(128);
      case 1:
        return static_cast<double>(random_()) / static_cast<double>(1 + random_() % 5000);
      case 2:
        return Ip{.high = random_(), .low = random_()};
      case 3:
        return std::string(below(90), 'x');
      case 4:
        return std::string("many words \x1b[31m and 東京 go on and on until the line is full");
      default:
        return {};
    }
  }

  std::mt19937 random_;
};

TEST(ResultTable, IsNeverWiderThanTheTerminal) {
  constexpr unsigned seed = 1848;
  RandomTables random(seed);
  for (int round = 0; round < 2000; ++round) {
    const ResultTable table = random.make();
    const Style style{.color = round % 2 == 0,
                      .width = 40 + random.below(181),
                      .unicode = round % 3 != 0,
                      .zone = {}};
    std::string_view shown;
    const std::string text = write(table, OutputKind::table, style);
    for (shown = text; !shown.empty();) {
      const std::size_t end = shown.find('\n');
      ASSERT_NE(end, std::string_view::npos);
      ASSERT_LE(display_width(shown.substr(0, end)), style.width)
          << "seed " << seed << ", round " << round << "\n"
          << text;
      shown.remove_prefix(end + 1);
    }
    if (style.color) continue;
    ASSERT_EQ(text.find('\x1b'), std::string::npos) << "round " << round;
    std::string words = one_line(text);
    const std::string mark = style.unicode ? "…" : "...";
    const std::size_t note = words.find("values with " + mark + " are cut");
    if (note != std::string::npos) words.resize(note);
    ASSERT_EQ(words.find(mark) != std::string::npos, note != std::string::npos)
        << "seed " << seed << ", round " << round << "\n"
        << text;
  }
}

}  // namespace
}  // namespace weir::render
