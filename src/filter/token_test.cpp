// SPDX-License-Identifier: Apache-2.0
#include "filter/token.hpp"

#include <gtest/gtest.h>

namespace weir::filter {
namespace {

TEST(FilterQuotes, ReadBackWhatWasWritten) {
  for (const std::string text : {"", "web tier", "it's", "say \"x\"", "\\", "\\\\", "\\\\\\",
                                 "a\\\"", "^10\\.", "\\d\\'", "tab\t", "\xc3\xa4\xff"}) {
    const std::string quoted = quote_text(text);
    std::size_t at = 0;
    std::string content;
    ASSERT_TRUE(read_quoted(quoted, at, content)) << quoted;
    EXPECT_EQ(content, text) << quoted;
    EXPECT_EQ(at, quoted.size()) << quoted;
  }
}

TEST(FilterQuotes, LeaveBackslashesOfPatternsAlone) {
  EXPECT_EQ(quote_text("^10\\.0\\."), "\"^10\\.0\\.\"");
  std::size_t at = 0;
  std::string content;
  ASSERT_TRUE(read_quoted("'\\d+\\\\\\''", at, content));
  EXPECT_EQ(content, "\\d+\\'");
}

TEST(FilterTokens, KnowTheirPlaces) {
  const auto tokens = tokenize_filter("srcaddr!=10.0.0.0/8 &&@'a b'");
  ASSERT_TRUE(tokens);
  const struct {
    FilterTokenKind kind;
    const char* text;
    std::size_t begin, end;
  } expected[] = {
      {FilterTokenKind::word, "srcaddr", 0, 7},     {FilterTokenKind::not_equal, "!=", 7, 9},
      {FilterTokenKind::word, "10.0.0.0/8", 9, 19}, {FilterTokenKind::both, "&&", 20, 22},
      {FilterTokenKind::list_file, "a b", 22, 28},  {FilterTokenKind::end, "", 28, 28},
  };
  ASSERT_EQ(tokens->size(), std::size(expected));
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    EXPECT_EQ((*tokens)[i].kind, expected[i].kind) << i;
    EXPECT_EQ((*tokens)[i].text, expected[i].text) << i;
    EXPECT_EQ((*tokens)[i].place.begin, expected[i].begin) << i;
    EXPECT_EQ((*tokens)[i].place.end, expected[i].end) << i;
  }
}

}  // namespace
}  // namespace weir::filter
