// SPDX-License-Identifier: Apache-2.0
// render: text as a terminal shows it.
#include "render/terminal_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "weir/render.hpp"

namespace weir::render {
namespace {

TEST(DisplayWidth, CountsColumns) {
  const struct {
    const char* why;
    std::string text;
    std::size_t expected;
  } cases[] = {
      {"empty", "", 0},
      {"ASCII", "eni-0a1b", 8},
      {"umlauts take one column", "Zürich", 6},
      {"wide characters take two", "東京", 4},
      {"full-width letters too", "Ａ", 2},
      {"emoji too", "🦆", 2},
      {"a combining accent takes none", "e\u0301", 1},
      {"block elements take one", "█▏…", 3},
      {"colours take none", "\x1b[1;31mred\x1b[0m", 3},
      {"a title sequence takes none", "\x1b]0;title\aend", 3},
      {"a title sequence that ends in ST", "\x1b]0;title\x1b\\end", 3},
      {"a lone escape at the end", "ab\x1b", 2},
      {"an unfinished sequence", "ab\x1b[12", 2},
      {"a broken byte is one mark", "a\xff", 2},
  };
  for (const auto& c : cases) EXPECT_EQ(display_width(c.text), c.expected) << c.why;
}

TEST(CutText, KeepsTheWidth) {
  const struct {
    const char* why;
    const char* text;
    std::size_t width;
    Cut cut;
    bool unicode;
    const char* expected;
  } cases[] = {
      {"fits", "abcdef", 6, Cut::end, true, "abcdef"},
      {"at the end", "abcdef", 5, Cut::end, true, "abcd…"},
      {"in the middle", "abcdefghij", 7, Cut::middle, true, "abc…hij"},
      {"the front gets the odd one", "abcdefghij", 6, Cut::middle, true, "abc…ij"},
      {"three dots", "abcdefghij", 7, Cut::end, false, "abcd..."},
      {"no room for all dots", "abcdefghij", 2, Cut::end, false, ".."},
      {"room for the mark alone", "abcdef", 1, Cut::middle, true, "…"},
      {"no room", "abcdef", 0, Cut::end, true, ""},
      {"a wide character is not split", "東京都", 4, Cut::end, true, "東…"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(cut_text(c.text, c.width, c.cut, c.unicode), c.expected) << c.why;
  }
}

TEST(BarText, DrawsEighths) {
  const struct {
    const char* why;
    double share;
    std::size_t width;
    bool unicode;
    const char* expected;
  } cases[] = {
      {"full", 1, 3, true, "███"},
      {"half", 0.5, 3, true, "█▌"},
      {"an eighth", 0.125, 1, true, "▏"},
      {"something is never nothing", 1e-9, 8, true, "▏"},
      {"nothing", 0, 8, true, ""},
      {"more than all", 7, 2, true, "██"},
      {"less than nothing", -1, 8, true, ""},
      {"no number", std::numeric_limits<double>::quiet_NaN(), 8, true, ""},
      {"infinite", std::numeric_limits<double>::infinity(), 2, true, "██"},
      {"ASCII", 0.5, 8, false, "####"},
      {"ASCII, something", 1e-9, 8, false, "#"},
  };
  for (const auto& c : cases) EXPECT_EQ(bar_text(c.share, c.width, c.unicode), c.expected) << c.why;
}

TEST(WrapText, BreaksAtBlanks) {
  const struct {
    const char* why;
    const char* text;
    std::size_t width;
    std::size_t indent;
    const char* expected;
  } cases[] = {
      {"fits", "one two", 10, 2, "one two"},
      {"breaks and indents", "one two three", 8, 2, "one two\n  three"},
      {"exactly full", "one two three", 7, 0, "one two\nthree"},
      {"a word wider than the line", "abcdefghij", 4, 1, "abcd\n efg\n hij"},
      {"empty", "", 4, 1, ""},
  };
  for (const auto& c : cases) EXPECT_EQ(wrap_text(c.text, c.width, c.indent), c.expected) << c.why;
}

TEST(AppendPainted, IsPlainWithoutColor) {
  std::string out;
  append_painted(out, "REJECT", Paint::rejected, false);
  EXPECT_EQ(out, "REJECT");
  append_painted(out, "x", Paint::rejected, true);
  EXPECT_EQ(out, "REJECT\x1b[31mx\x1b[0m");
}

}  // namespace
}  // namespace weir::render
