// SPDX-License-Identifier: Apache-2.0
#include "source/wildcard.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::source {
namespace {

TEST(Wildcard, Matches) {
  const struct {
    const char* why;
    const char* pattern;
    const char* name;
    bool expected;
  } cases[] = {
      {"itself", "flow.log", "flow.log", true},
      {"no part of itself", "flow", "flow.log", false},
      {"case counts", "Flow.log", "flow.log", false},
      {"any run", "*.log", "flow.log", true},
      {"an empty run", "flow*.log", "flow.log", true},
      {"two runs that have to be shared out", "*a*b", "aXbXaXb", true},
      {"two runs, wrong end", "*a*b", "aXbXaX", false},
      {"stars alone", "***", "", true},
      {"nothing matches only nothing", "", "a", false},
      {"one character", "202?", "2024", true},
      {"one character is not none", "202?", "202", false},
      {"one character of two bytes", "?", "\xc3\xa9", true},
      {"one byte that is no UTF-8", "?", "\xff", true},
      {"a sequence that is cut", "??", "\xe2\x82", true},
      {"a set", "[abc]x", "bx", true},
      {"not in the set", "[abc]x", "dx", false},
      {"a range", "2024-[0-9][0-9]", "2024-07", true},
      {"a range includes both ends", "[0-9]", "9", true},
      {"a range of characters of two bytes", "[\xc3\xa0-\xc3\xaf]", "\xc3\xa9", true},
      {"outside with !", "[!0-9]", "7", false},
      {"outside with ^", "[^0-9]", "x", true},
      {"a bracket that comes first is in the set", "[]x]", "]", true},
      {"a bracket that comes first after !", "[!]x]", "]", false},
      {"a hyphen that comes last is in the set", "[a-]", "-", true},
      {"a hyphen that comes first is in the set", "[-a]", "-", true},
      {"a set that nothing closes is itself", "[ab", "[ab", true},
      {"a set that nothing closes is no set", "[ab", "a", false},
      {"the set is retried at every place", "*[0-9].gz", "a1b2.gz", true},
      {"a leading dot is hidden from a star", "*", ".hidden", false},
      {"a leading dot is hidden from a question mark", "?hidden", ".hidden", false},
      {"a leading dot is hidden from a set", "[.]hidden", ".hidden", false},
      {"a leading dot that is written out", ".*", ".hidden", true},
      {"a dot inside is like any other", "a*", "a.b", true},
  };
  for (const auto& c : cases) EXPECT_EQ(matches_wildcard(c.pattern, c.name), c.expected) << c.why;
}

TEST(Wildcard, ManyStarsStayCheap) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*a";
  EXPECT_FALSE(matches_wildcard(pattern + "b", std::string(250, 'a')));
}

TEST(Wildcard, HasWildcard) {
  EXPECT_TRUE(has_wildcard("a*"));
  EXPECT_TRUE(has_wildcard("?"));
  EXPECT_TRUE(has_wildcard("a[b"));
  EXPECT_FALSE(has_wildcard("a]b-c.log"));
}

}  // namespace
}  // namespace weir::source
