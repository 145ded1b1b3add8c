// SPDX-License-Identifier: Apache-2.0
#include "envelope/csv_reader.hpp"

#include <gtest/gtest.h>

namespace weir::envelope {
namespace {

struct Row {
  std::vector<std::string> cells;
  std::uint64_t line = 0;
  std::string problem;
  friend bool operator==(const Row&, const Row&) = default;
};

std::vector<Row> read_rows(std::string_view bytes, std::size_t chunk, CsvDialect dialect) {
  CsvReader reader(dialect);
  CsvRow row;
  std::vector<Row> rows;
  const auto keep = [&] {
    Row kept{.cells = {}, .line = row.origin.line, .problem = row.problem};
    if (row.too_long) kept.problem = "too long";
    if (kept.problem.empty()) {
      for (const CsvRow::Cell& cell : row.cells) kept.cells.emplace_back(cell.text);
    }
    rows.push_back(std::move(kept));
  };
  for (; !bytes.empty(); bytes.remove_prefix(std::min(chunk, bytes.size()))) {
    reader.feed(bytes.substr(0, chunk));
    while (reader.next(row)) keep();
  }
  if (reader.finish(row)) keep();
  return rows;
}

TEST(CsvReader, ReadsRfc4180InAnyCut) {
  const struct {
    const char* why;
    std::string_view bytes;
    std::vector<Row> rows;
    CsvDialect dialect = {};
  } cases[] = {
      {"plain cells", "a,b\nc,d\n", {{{"a", "b"}, 1, {}}, {{"c", "d"}, 2, {}}}},
      {"no final newline", "a,b", {{{"a", "b"}, 1, {}}}},
      {"CR LF", "a,b\r\nc,\"d\"\r\n", {{{"a", "b"}, 1, {}}, {{"c", "d"}, 2, {}}}},
      {"empty cells", ",a,\n,\n", {{{"", "a", ""}, 1, {}}, {{"", ""}, 2, {}}}},
      {"empty cell at the end without newline", "a,", {{{"a", ""}, 1, {}}}},
      {"quotes", "\"a,b\",\"c\"\"d\"\n", {{{"a,b", "c\"d"}, 1, {}}}},
      {"newlines in quotes move the line",
       "\"a\nb\n\",c\nd,e\n",
       {{{"a\nb\n", "c"}, 1, {}}, {{"d", "e"}, 4, {}}}},
      {"a quote inside a bare cell is itself", "a\"b,c\n", {{{"a\"b", "c"}, 1, {}}}},
      {"a CR inside a bare cell is itself", "a\rb,c\n", {{{"a\rb", "c"}, 1, {}}}},
      {"blank lines are no rows", "\n\r\na\n\n", {{{"a"}, 3, {}}}},
      {"a quoted empty cell is a row", "\"\"\n", {{{""}, 1, {}}}},
      {"text after a quote costs its line alone",
       "\"a\"b,c\nd,e\n",
       {{{}, 1, "text after a closing quote"}, {{"d", "e"}, 2, {}}}},
      {"a quote that is never closed",
       "a,b\n\"c,d\n",
       {{{"a", "b"}, 1, {}}, {{}, 2, "a quote is opened and never closed"}}},
      {"tabs", "a\tb,c\n", {{{"a", "b,c"}, 1, {}}}, {.delimiter = '\t', .has_quotes = true}},
      {"a dialect without quotes",
       "\"a\tb\"\n",
       {{{"\"a", "b\""}, 1, {}}},
       {.delimiter = '\t', .has_quotes = false}},
      {"nothing", "", {}},
  };
  for (const auto& c : cases) {
    for (const std::size_t chunk : {1, 2, 3, 7, 100}) {
      EXPECT_EQ(read_rows(c.bytes, chunk, c.dialect), c.rows) << c.why << ", chunks of " << chunk;
    }
  }
}

TEST(CsvReader, KnowsWhereACellStands) {
  CsvReader reader({});
  CsvRow row;
  reader.feed("a,\"b\nc\",d\n");
  ASSERT_TRUE(reader.next(row));
  ASSERT_EQ(row.cells.size(), 3u);
  EXPECT_EQ(row.cells[1].origin.line, 1u);
  EXPECT_EQ(row.cells[1].origin.column, 3u) << "behind the quote";
  EXPECT_EQ(row.cells[2].origin.line, 2u);
  EXPECT_EQ(row.cells[2].origin.column, 3u);
}

TEST(CsvReader, ALongRowIsDroppedInBoundedMemory) {
  CsvReader reader({});
  CsvRow row;
  const std::string piece(std::size_t{64} << 10, 'x');
  reader.feed("a,\"");
  EXPECT_FALSE(reader.next(row));
  for (int i = 0; i < 64; ++i) {
    reader.feed(piece);
    EXPECT_FALSE(reader.next(row));
  }
  reader.feed("\nb,c\n");
  ASSERT_TRUE(reader.next(row));
  EXPECT_TRUE(row.too_long);
  EXPECT_EQ(row.origin.line, 1u);
  EXPECT_EQ(row.raw.size(), 4096u);
  ASSERT_TRUE(reader.next(row));
  EXPECT_FALSE(row.too_long);
  EXPECT_EQ(row.cells[0].text, "b");
  EXPECT_EQ(row.origin.line, 2u);
}

}  // namespace
}  // namespace weir::envelope
