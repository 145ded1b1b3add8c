// SPDX-License-Identifier: Apache-2.0
// render: what goes into a format comes out of it again.
#include "render/escaped_text.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

#include "render/text_buffer.hpp"
#include "weir/names.hpp"

namespace weir::render {
namespace {

template <class Append>
std::string written(Append append) {
  StringSink sink;
  TextBuffer out(sink);
  append(out);
  EXPECT_TRUE(out.flush());
  return sink.text();
}

std::string json(std::string_view text) {
  return written([&](TextBuffer& out) { append_json_string(out, text); });
}
std::string csv(std::string_view text) {
  return written([&](TextBuffer& out) { append_csv_text(out, text); });
}
std::string tsv(std::string_view text) {
  return written([&](TextBuffer& out) { append_tsv_text(out, text); });
}
std::string log_text(std::string_view text, bool encoded) {
  return written([&](TextBuffer& out) { append_log_text(out, text, encoded); });
}

/// What a JSON reader makes of a string.
std::string read_json(const std::string& text) {
  simdjson::dom::parser parser;
  std::string_view value;
  EXPECT_FALSE(parser.parse(text).get(value)) << text;
  return std::string(value);
}

std::string read_tsv(std::string_view cell) {
  std::string text;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '\\') {
      text += cell[i];
      continue;
    }
    const char escaped = cell[++i];
    text += escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
  }
  return text;
}

std::string read_csv(std::string_view cell) {
  if (!cell.starts_with('"')) return std::string(cell);
  std::string text;
  for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
    text += cell[i];
    if (cell[i] == '"') ++i;
  }
  return text;
}

TEST(JsonText, EscapesWhatJsonWants) {
  const struct {
    const char* why;
    std::string text;
    std::string expected;
  } cases[] = {
      {"plain text stays", "eni-0a1b", R"("eni-0a1b")"},
      {"an empty text", "", R"("")"},
      {"a quote and a backslash", R"(a"b\c)", R"("a\"b\\c")"},
      {"short escapes", "\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {"other control bytes", std::string("\0\x1b\x1f", 3), "\"\\u0000\\u001b\\u001f\""},
      {"DEL needs no escape", "\x7f", "\"\x7f\""},
      {"UTF-8 stays as it is", "Zürich 東京 🦆", "\"Zürich 東京 🦆\""},
      {"a lone continuation byte", "a\x80z", "\"a\ufffdz\""},
      {"each byte that begins nothing", "\xff\xfe", "\"\ufffd\ufffd\""},
      {"a character cut short is one mark", "\xe6\x9d", "\"\ufffd\""},
      {"cut short before a quote, which still closes nothing", "\xe6\"", "\"\ufffd\\\"\""},
      {"an overlong slash", "\xc0\xaf", "\"\ufffd\ufffd\""},
      {"a surrogate", "\xed\xa0\x80", "\"\ufffd\ufffd\ufffd\""},
      {"above U+10FFFF", "\xf4\x90\x80\x80", "\"\ufffd\ufffd\ufffd\ufffd\""},
  };
  for (const auto& c : cases) EXPECT_EQ(json(c.text), c.expected) << c.why;
}

TEST(JsonText, IsValidJsonForPairsOfBytes) {
  for (unsigned first = 0; first < 256; ++first) {
    for (const unsigned second : {0x00U, 0x22U, 0x5cU, 0x61U, 0x80U, 0xa0U, 0xc3U, 0xffU}) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      const std::string read = read_json(json(text));
      if (first < 0x80 && second < 0x80) {
        ASSERT_EQ(read, text) << first << ' ' << second;
      }
    }
  }
}

TEST(Texts, RoundTripForRandomBytes) {
  constexpr unsigned seed = 20261122;
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 24, '\0');
    const bool ascii = round % 2 == 0;
    for (char& byte : text) byte = static_cast<char>(random() % (ascii ? 128 : 256));
    const std::string shown = ::testing::PrintToString(text);
    if (ascii) {
      EXPECT_EQ(read_json(json(text)), text) << shown;
    }
    const std::string cell = tsv(text);
    EXPECT_EQ(cell.find_first_of("\t\r\n"), std::string::npos) << shown;
    EXPECT_EQ(read_tsv(cell), text) << shown;
    EXPECT_EQ(read_csv(csv(text)), text) << shown;
    const std::string token = log_text(text, true);
    EXPECT_EQ(token.find_first_of(std::string_view(" \t\r\n\0", 5)), std::string::npos) << shown;
    if (!text.empty()) {
      EXPECT_EQ(percent_decode(token), text) << shown;
    }
  }
}

TEST(CsvText, QuotesOnlyWhereNeeded) {
  const struct {
    const char* why;
    const char* text;
    const char* expected;
  } cases[] = {
      {"plain", "eni-0a1b", "eni-0a1b"},
      {"a blank needs none", "my web tier", "my web tier"},
      {"a comma", "a,b", "\"a,b\""},
      {"a quote is doubled", "say \"hi\"", "\"say \"\"hi\"\"\""},
      {"a line end", "a\nb", "\"a\nb\""},
      {"empty is not missing", "", "\"\""},
      {"a lone hyphen is a text like any other", "-", "-"},
  };
  for (const auto& c : cases) EXPECT_EQ(csv(c.text), c.expected) << c.why;
}

TEST(TsvText, KeepsRowsAndCellsApart) {
  const struct {
    const char* why;
    const char* text;
    const char* expected;
  } cases[] = {
      {"plain", "eni-0a1b", "eni-0a1b"},
      {"tab, line ends, backslash", "a\tb\nc\rd\\e", R"(a\tb\nc\rd\\e)"},
      {"a lone hyphen is not missing", "-", R"(\-)"},
      {"a hyphen among others", "a-b", "a-b"},
      {"empty", "", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(tsv(c.text), c.expected) << c.why;
}

TEST(LogText, EncodesWhatWouldBreakTheLine) {
  const struct {
    const char* why;
    const char* text;
    bool encoded;
    const char* expected;
  } cases[] = {
      {"plain", "ACCEPT", false, "ACCEPT"},
      {"a percent sign of a field that is not encoded stays", "100%20", false, "100%20"},
      {"a percent sign of a tag", "100%", true, "100%25"},
      {"a blank anywhere", "web tier", false, "web%20tier"},
      {"a blank in a tag", "web tier", true, "web%20tier"},
      {"bytes outside ASCII in a tag", "Zürich", true, "Z%C3%BCrich"},
      {"bytes outside ASCII elsewhere", "Zürich", false, "Zürich"},
      {"a line end", "a\nb", false, "a%0Ab"},
      {"a lone hyphen is a value, not missing", "-", false, "%2D"},
      {"a lone hyphen in a tag", "-", true, "%2D"},
      {"an empty text has no spelling", "", true, "-"},
  };
  for (const auto& c : cases) EXPECT_EQ(log_text(c.text, c.encoded), c.expected) << c.why;
}

TEST(TextBuffer, WritesEveryDigit) {
  const struct {
    const char* why;
    unsigned __int128 value;
    const char* expected;
  } cases[] = {
      {"zero", 0, "0"},
      {"one digit", 9, "9"},
      {"two digits", 10, "10"},
      {"an odd number of digits", 12345, "12345"},
      {"beyond a double's 2^53", (1ULL << 53) + 1, "9007199254740993"},
      {"2^64-1", ~0ULL, "18446744073709551615"},
      {"2^64", static_cast<unsigned __int128>(1) << 64, "18446744073709551616"},
      {"zeros in the middle", static_cast<unsigned __int128>(1'000'000'000'000'000'000) * 1000 + 7,
       "1000000000000000000007"},
      {"2^128-1", ~static_cast<unsigned __int128>(0), "340282366920938463463374607431768211455"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(written([&](TextBuffer& out) { append_number(out, c.value); }), c.expected) << c.why;
    if (c.value > ~0ULL) continue;
    const auto narrow = static_cast<std::uint64_t>(c.value);
    EXPECT_EQ(written([&](TextBuffer& out) { append_number(out, narrow); }), c.expected) << c.why;
  }
}

TEST(TextBuffer, KeepsOrderWhenItGrowsAndFlushes) {
  StringSink sink;
  TextBuffer out(sink);
  std::string expected;
  for (std::size_t i = 0; i < 400; ++i) {
    const std::string piece(i * 37 % 5000, static_cast<char>('a' + i % 26));
    out.append(piece);
    expected += piece;
    ASSERT_TRUE(out.flush_when_full());
  }
  const std::string huge(3 << 20, 'z');
  out.append(huge);
  expected += huge;
  ASSERT_TRUE(out.flush());
  EXPECT_TRUE(sink.text() == expected);
}

}  // namespace
}  // namespace weir::render
