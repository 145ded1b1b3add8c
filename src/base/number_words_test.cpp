// SPDX-License-Identifier: Apache-2.0
// base: numbers as people write them.
#include "base/number_words.hpp"

#include <gtest/gtest.h>

namespace weir::base {
namespace {

constexpr unsigned __int128 kLargest = ~static_cast<unsigned __int128>(0);

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
      {kLargest, "340,282,366,920,938,463,463,374,607,431,768,211,455"},
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

}  // namespace
}  // namespace weir::base
