// SPDX-License-Identifier: Apache-2.0
#include "policy/json_scanner.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

#include "policy/text_encoding.hpp"

namespace weir::policy {
namespace {

TEST(JsonScanner, FindsTheEndOfAValue) {
  const struct {
    const char* why;
    const char* text;
    std::size_t end;
  } cases[] = {
      {"an object", R"({"a": 1} rest)", 8},
      {"nested", R"([{"a": [1, {}]}, []]{"b": 2})", 20},
      {"brackets in a string", R"(["}]", "\"]"]x)", 13},
      {"escapes", R"(["\u00e9\\\n"])", 14},
      {"words and numbers", "[true, false, null, -0, 1.5e+10]", 32},
      {"nothing in it", "{}", 2},
      {"blanks", "[ \t\r\n1 \n ] ", 10},
  };
  for (const auto& c : cases) {
    std::size_t offset = 0;
    const auto mistake = skip_json_value(c.text, offset);
    EXPECT_FALSE(mistake) << c.why << ": " << mistake.value_or(JsonMistake{}).problem;
    EXPECT_EQ(offset, c.end) << c.why;
  }
}

TEST(JsonScanner, SaysWhereTheMistakeIs) {
  const struct {
    const char* why;
    const char* text;
    std::size_t offset;
    const char* problem;
  } cases[] = {
      {"cut behind a value", R"({"a": [1)", 8, "the text ends here, before the value does"},
      {"cut behind a key", R"({"a")", 4, "the text ends here, before the value does"},
      {"cut in a string", R"({"a": "b)", 8, "the text ends here, inside a string"},
      {"cut in an escape", R"({"a": "b\)", 9, "the text ends here, inside a string"},
      {"cut in a code point", R"({"a": "\u00)", 11, "the text ends here, inside a string"},
      {"AWS's own examples have this", R"({"a": [1, 2,]})", 12,
       "a comma stands before this closing bracket, and nothing between them"},
      {"a comma at an object's end", R"({"a": 1,})", 8,
       "a comma stands before this closing bracket, and nothing between them"},
      {"and this", R"({"a": 'pool'})", 6, "strings stand in double quotes"},
      {"no comma", R"({"a": 1 "b": 2})", 8, "a comma or a closing bracket is missing before this"},
      {"no colon", R"({"a" 1})", 5, "a colon is missing before this"},
      {"no key", "{1: 2}", 1, "a key in double quotes is missing here"},
      {"no value", R"({"a": })", 6, "a value is missing before this"},
      {"the wrong bracket", "[1}", 2, "a closing bracket without its opening one"},
      {"a line end in a string", "[\"a\nb\"]", 1, "this string has no closing quote in its line"},
      {"a zero in a string", "[\"a\x01\"]", 3, "a control character in a string"},
      {"an escape that JSON lacks", R"(["\x41"])", 2, "JSON has no such escape"},
      {"no digits", R"(["\u00g0"])", 2, "four hexadecimal digits belong behind \\u"},
      {"a leading zero", "[012]", 1, "this is not JSON number"},
      {"a sign alone", "[-]", 1, "this is not JSON number"},
      {"no digit behind the point", "[1.]", 1, "this is not JSON number"},
      {"a word", "[None]", 1, "this is not JSON value"},
      {"a longer word", "[trues]", 5, "a comma or a closing bracket is missing before this"},
  };
  for (const auto& c : cases) {
    std::size_t offset = 0;
    const auto mistake = skip_json_value(c.text, offset);
    ASSERT_TRUE(mistake) << c.why;
    EXPECT_EQ(mistake->offset, c.offset) << c.why;
    EXPECT_EQ(mistake->problem, c.problem) << c.why;
  }
}

TEST(JsonScanner, DeepNestingIsAMistake) {
  const std::string deep(1'000'000, '[');
  std::size_t offset = 0;
  const auto mistake = skip_json_value(deep, offset);
  ASSERT_TRUE(mistake);
  EXPECT_EQ(mistake->problem, "this is nested too deeply");
  EXPECT_EQ(mistake->offset, 1000U);
}

TEST(JsonScanner, TooManyValuesAreAMistake) {
  constexpr std::string_view kText = R"({"a": [1, 2], "b": 3})";
  std::size_t offset = 0;
  EXPECT_FALSE(skip_json_value(kText, offset, 5)) << "two brackets and three numbers";
  offset = 0;
  const auto mistake = skip_json_value(kText, offset, 4);
  ASSERT_TRUE(mistake);
  EXPECT_EQ(mistake->problem, "this holds more values than any answer of AWS");
  EXPECT_EQ(mistake->offset, 19U);
}

// What it takes, the parser takes, and the other way round.
TEST(JsonScanner, AgreesWithTheParser) {
  constexpr std::string_view kBytes = "{}[]\",:\\ \n01-.eE+untrfalsu\t'x";
  constexpr std::string_view kSeeds[] = {R"({"a": [1, -2.5e3, "x\n\u00e9"], "b": {}})",
                                         R"([true, false, null, [], [[]], {"": ""}])"};
  std::mt19937 random(20261125);
  simdjson::dom::parser parser;
  int valid = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text(kSeeds[random() % std::size(kSeeds)]);
    for (auto changes = random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = kBytes[random() % kBytes.size()];
      } else {
        text.erase(at, 1);
      }
    }
    std::size_t offset = 0;
    const bool good =
        !skip_json_value(text, offset) && skip_between_values(text, offset) == text.size();
    const bool parsed = parser.parse(simdjson::padded_string(text)).error() == simdjson::SUCCESS;
    EXPECT_EQ(good, parsed) << text;
    valid += good ? 1 : 0;
  }
  EXPECT_GT(valid, 5'000);
  EXPECT_LT(valid, 15'000);
}

TEST(ErrorAt, ShowsTheLine) {
  const std::string_view text = "{\n  \"a\": 'x'\n}\n";
  const Error error = error_at("f.json", text, 9, 3);
  EXPECT_EQ(error.where, "f.json:2:8");
  EXPECT_EQ(error.excerpt, "  \"a\": 'x'\n       ^~~");
}

TEST(ErrorAt, ShowsWhatBreaksOff) {
  const Error error = error_at("f.json", "{\n  \"a\": [\n\n", 12, 1);
  EXPECT_EQ(error.where, "f.json:2:9");
  EXPECT_EQ(error.excerpt, "  \"a\": [\n        ^");
}

TEST(ToUtf8, ReadsWhatShellsWrite) {
  using namespace std::string_literals;
  const struct {
    const char* why;
    std::string bytes;
    std::string text;
  } cases[] = {
      {"plain", "{}", "{}"},
      {"nothing", "", ""},
      {"a mark of byte order", "\xef\xbb\xbf{}", "{}"},
      {"UTF-8", "\"\u00fc\U0001F600\"", "\"\u00fc\U0001F600\""},
      {"an old code page", "B\xfcro \xe2\x82", "B?ro ??"},
      {"UTF-16, little end first", "\xff\xfe{\0\xfc\0\x3d\xd8\x00\xde"s, "{\u00fc\U0001F600"},
      {"UTF-16, big end first", "\xfe\xff\0{\x20\xac"s, "{\u20ac"},
      {"half of a pair", "\xff\xfe\x3d\xd8x\0"s, "?x"},
      {"half of a pair at the end", "\xff\xfe\x3d\xd8"s, "?"},
      {"half of a unit at the end", "\xff\xfe{\0}"s, "{"},
  };
  for (const auto& c : cases) EXPECT_EQ(to_utf8(c.bytes), c.text) << c.why;
}

}  // namespace
}  // namespace weir::policy
