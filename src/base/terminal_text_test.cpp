// SPDX-License-Identifier: Apache-2.0
// base: text of others as a terminal may show it.
#include "base/terminal_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/excerpt.hpp"

namespace weir::base {
namespace {

TEST(Printable, DefusesWhatMovesTheCursor) {
  const struct {
    const char* why;
    std::string text;
    const char* expected;
  } cases[] = {
      {"plain text stays", "web tier", "web tier"},
      {"UTF-8 stays", "Zürich 東京", "Zürich 東京"},
      {"what combines stays", "e\u0301", "e\u0301"},
      {"what stands beside the hidden ones stays", "\u00a0\u2010\u2027\u202f",
       "\u00a0\u2010\u2027\u202f"},
      {"an escape sequence", "\x1b[31mred", R"(\x1b[31mred)"},
      {"line end, carriage return and tab", "a\nb\r\t", R"(a\x0ab\x0d\x09)"},
      {"NUL and DEL", std::string("\0\x7f", 2), R"(\x00\x7f)"},
      {"a C1 control in UTF-8", "\u009b31m", R"(\u009b31m)"},
      {"a C1 control as a byte", "\x9b[31m", R"(\x9b[31m)"},
      {"right-to-left override", "a\u202eb", R"(a\u202eb)"},
      {"an isolate", "\u2066", R"(\u2066)"},
      {"a line separator", "\u2028", R"(\u2028)"},
      {"a zero-width space", "10.0.0\u200b.1", R"(10.0.0\u200b.1)"},
      {"a byte order mark", "\ufeffversion", R"(\ufeffversion)"},
      {"a tag", "\U000e0041", R"(\U000e0041)"},
      {"bytes that are no UTF-8", "a\xff\x9b", R"(a\xff\x9b)"},
      {"a character that is cut off", "a\xe6\x9d", R"(a\xe6\x9d)"},
      {"an overlong form", "\xc0\x9b", R"(\xc0\x9b)"},
      {"half of a surrogate pair", "\xed\xa0\x80", R"(\xed\xa0\x80)"},
  };
  for (const auto& c : cases) EXPECT_EQ(printable(c.text), c.expected) << c.why;
  EXPECT_EQ(printable("Zü🦆", false), R"(Z\u00fc\U0001f986)") << "a terminal without UTF-8";
}

std::string utf8_of(char32_t point) {
  std::string bytes;
  const auto add = [&bytes](unsigned byte) { bytes += static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xc0 | point >> 6);
    add(0x80 | (point & 0x3f));
  } else {
    add(0xe0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3f));
    add(0x80 | (point & 0x3f));
  }
  return bytes;
}

TEST(Printable, SpellsEveryCharacterThatATerminalObeysOrHides) {
  std::vector<char32_t> hidden = {0x7f, 0xad, 0x61c, 0x180e, 0xfeff};
  const struct {
    char32_t first, last;
  } ranges[] = {{0, 0x1f},        {0x80, 0x9f},     {0x200b, 0x200f},
                {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfff9, 0xfffb}};
  for (const auto& range : ranges) {
    for (char32_t point = range.first; point <= range.last; ++point) hidden.push_back(point);
  }
  for (const char32_t point : hidden) {
    const auto value = static_cast<unsigned>(point);
    const std::string spelled =
        value < 0x80 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{:04x}", value);
    EXPECT_EQ(printable("a" + utf8_of(point) + "b"), "a" + spelled + "b");
    EXPECT_EQ(printable("a" + utf8_of(point) + "b", false), "a" + spelled + "b");
  }
  for (unsigned byte = 0x80; byte < 0x100; ++byte) {
    const std::string spelled = fmt::format("a\\x{:02x}b", byte);
    EXPECT_EQ(printable(std::string("a") + static_cast<char>(byte) + "b"), spelled);
  }
}

TEST(Printable, LeavesNoControlByteOfAnyText) {
  constexpr unsigned seed = 4711;
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 16, '\0');
    for (char& byte : text) byte = static_cast<char>(random() % 256);
    const std::string shown = printable(text, round % 2 == 0);
    for (const char byte : shown) {
      ASSERT_TRUE(static_cast<unsigned char>(byte) >= 0x20 && byte != '\x7f') << seed;
    }
    ASSERT_EQ(printable(shown), shown) << "what is printable stays";
  }
}

TEST(DrawExcerpt, PutsTheCaretUnderWhatIsShown) {
  const struct {
    const char* why;
    std::string text;
    Place place;
    const char* expected;
  } cases[] = {
      {"plain", "tcp adn udp", {4, 7}, "tcp adn udp\n    ^~~"},
      {"behind an escape", "\x1b[0m adn", {5, 8}, "\\x1b[0m adn\n        ^~~"},
      {"behind a wide character", "東 adn", {4, 7}, "東 adn\n   ^~~"},
      {"tabs and line ends are blanks", "a\tb\nc", {4, 5}, "a b c\n    ^"},
      {"under what is spelled", "a\u202eb", {1, 4}, "a\\u202eb\n ^~~~~~"},
      {"under a broken byte", "a\xff", {1, 2}, "a\\xff\n ^~~~"},
  };
  for (const auto& c : cases) EXPECT_EQ(draw_excerpt(c.text, c.place), c.expected) << c.why;
}

}  // namespace
}  // namespace weir::base
