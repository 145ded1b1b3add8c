// SPDX-License-Identifier: Apache-2.0
#include "base/range_set.hpp"

#include <gtest/gtest.h>

#include <random>

namespace weir::base {
namespace {

using Numbers = RangeSet<std::uint64_t>;
constexpr std::uint64_t kLastNumber = std::numeric_limits<std::uint64_t>::max();

TEST(RangeSet, JoinsRangesThatTouchOrOverlap) {
  const struct {
    const char* why;
    std::vector<ValueRange<std::uint64_t>> ranges;
    std::vector<ValueRange<std::uint64_t>> expected;
  } cases[] = {
      {"none", {}, {}},
      {"apart, in any order", {{8, 9}, {1, 2}}, {{1, 2}, {8, 9}}},
      {"neighbours", {{3, 4}, {1, 2}}, {{1, 4}}},
      {"one in another", {{1, 9}, {3, 4}, {10, 10}}, {{1, 10}}},
      {"up to the largest number", {{5, kLastNumber}, {0, 3}, {7, 8}}, {{0, 3}, {5, kLastNumber}}},
      {"everything", {{5, kLastNumber}, {0, 4}}, {{0, kLastNumber}}},
  };
  for (const auto& c : cases) EXPECT_EQ(Numbers(c.ranges).ranges(), c.expected) << c.why;
}

TEST(RangeSet, ContainsWhatOneOfItsRangesContains) {
  std::mt19937_64 random(20261122);
  for (int round = 0; round < 200; ++round) {
    std::vector<ValueRange<std::uint64_t>> ranges;
    for (std::uint64_t i = random() % 20; i > 0; --i) {
      const std::uint64_t low = random() % 200;
      ranges.push_back({low, low + random() % 8});
    }
    const Numbers set(ranges);
    for (std::uint64_t value = 0; value < 220; ++value) {
      bool expected = false;
      for (const auto& [low, high] : ranges) expected |= low <= value && value <= high;
      EXPECT_EQ(set.contains(value), expected) << "round " << round << ", value " << value;
    }
  }
}

TEST(RangeSet, JoinsAddressesAcrossTheLowerHalf) {
  const Ip last{.high = 1, .low = kLastNumber};
  const Ip next{.high = 2, .low = 0};
  const RangeSet<Ip> set({{next, next}, {last, last}});
  ASSERT_EQ(set.ranges().size(), 1U);
  EXPECT_TRUE(set.contains(last));
  EXPECT_TRUE(set.contains(next));
  EXPECT_FALSE(set.contains({.high = 2, .low = 1}));
}

}  // namespace
}  // namespace weir::base
