// SPDX-License-Identifier: Apache-2.0
// base: numbers as people write them.
#include "base/number_words.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace weir::base {
namespace {

constexpr unsigned __int128 kLargestCount = ~static_cast<unsigned __int128>(0);

TEST(NumberWords, Thousands) {
  const struct {
    unsigned __int128 value;
    const char* expected;
  } cases[] = {
      {0, "0"},
      {999, "999"},
      {1000, "1,000"},
      {4249, "4,249"},
      {123456, "123,456"},
      {1234567, "1,234,567"},
      {kLargestCount, "340,282,366,920,938,463,463,374,607,431,768,211,455"},
  };
  for (const auto& c : cases) EXPECT_EQ(with_thousands(c.value), c.expected);
}

TEST(NumberWords, Nouns) {
  EXPECT_EQ(counted(0, "packet"), "0 packets");
  EXPECT_EQ(counted(1, "packet"), "1 packet");
  EXPECT_EQ(counted(1234, "packet"), "1,234 packets");
  EXPECT_EQ(counted(1, "reply", "replies"), "1 reply");
  EXPECT_EQ(counted(2, "reply", "replies"), "2 replies");
}

TEST(NumberWords, Bytes) {
  constexpr unsigned __int128 kKi = 1024;
  const struct {
    const char* why;
    unsigned __int128 value;
    const char* expected;
  } cases[] = {
      {"nothing", 0, "0 B"},
      {"below one KiB there are no tenths", 999, "999 B"},
      {"the last whole byte", 1023, "1023 B"},
      {"one KiB", 1024, "1.0 KiB"},
      {"a half", 1536, "1.5 KiB"},
      {"rounded down", 1024 + 51, "1.0 KiB"},
      {"rounded up", 1024 + 52, "1.1 KiB"},
      {"just below the next unit", kKi * kKi - 52, "1023.9 KiB"},
      {"what rounds to 1024.0 is the next unit", kKi * kKi - 51, "1.0 MiB"},
      {"one byte less than a MiB", kKi * kKi - 1, "1.0 MiB"},
      {"one byte less than a GiB", kKi * kKi * kKi - 1, "1.0 GiB"},
      {"2^64-1", ~0ULL, "16.0 EiB"},
      {"2^80", static_cast<unsigned __int128>(1) << 80, "1.0 YiB"},
      {"there is no unit after YiB", kLargestCount, "281474976710656.0 YiB"},
  };
  for (const auto& c : cases) EXPECT_EQ(human_bytes(c.value), c.expected) << c.why;
}

TEST(NumberWords, Shares) {
  const struct {
    double value;
    const char* expected;
  } cases[] = {
      {0, "0.0 %"},
      {1, "100.0 %"},
      {0.1234, "12.3 %"},
      {0.0004, "<0.1 %"},
      {0.0005, "0.1 %"},
      {std::numeric_limits<double>::quiet_NaN(), "-"},
      {std::numeric_limits<double>::infinity(), "-"},
  };
  for (const auto& c : cases) EXPECT_EQ(share_text(c.value), c.expected) << c.value;
}

}  // namespace
}  // namespace weir::base
