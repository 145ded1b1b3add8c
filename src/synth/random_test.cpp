// SPDX-License-Identifier: Apache-2.0
#include "synth/random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace weir::synth {
namespace {

TEST(SynthRandom, AgreesWithTheReferenceGenerators) {
  // SplitMix64 from 1234567, as https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64 has
  // it.
  EXPECT_EQ(scatter(1234567), 6457827717110365317U);
  EXPECT_EQ(scatter(1234567 + base::kGoldenRatio), 3203168211198807973U);
  // xoshiro256++ from {1, 2, 3, 4}: by hand from its definition, rotl(1 + 4, 23) + 1 and so on.
  Random random(std::array<std::uint64_t, 4>{1, 2, 3, 4});
  EXPECT_EQ(random.next(), (std::uint64_t{5} << 23) + 1);
  EXPECT_EQ(random.next(), 58720359U);
  EXPECT_EQ(random.next(), 3588806011781223U);
}

TEST(SynthRandom, StreamsDiffer) {
  Random one(1, 1);
  Random two(1, 2);
  Random other(2, 1);
  Random again(1, 1);
  const std::uint64_t first = one.next();
  EXPECT_EQ(first, again.next());
  EXPECT_NE(first, two.next());
  EXPECT_NE(first, other.next());
}

TEST(SynthRandom, StaysInItsRange) {
  Random random(3);
  for (const std::uint32_t count : {1U, 2U, 3U, 5U, 16U, 600U, 1U << 21}) {
    for (int i = 0; i < 2000; ++i) {
      EXPECT_LT(random.below(count), count);
      EXPECT_LT(random.skewed_below(count), count);
      const std::uint32_t drawn = random.between(count, count + 2);
      EXPECT_TRUE(drawn >= count && drawn <= count + 2) << drawn;
    }
  }
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t drawn = random.magnitude(10);
    EXPECT_TRUE(drawn >= 1 && drawn < 2048) << drawn;
  }
}

TEST(SynthRandom, SkewedMeansThatFewAreDrawnOften) {
  Random random(4);
  constexpr std::uint32_t count = 1024;
  std::vector<int> drawn(count);
  for (int i = 0; i < 100'000; ++i) ++drawn[random.skewed_below(count)];
  int first_ten = 0;
  int different = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i < 10) first_ten += drawn[i];
    if (drawn[i] > 0) ++different;
  }
  EXPECT_GT(first_ten, 25'000);
  EXPECT_LT(first_ten, 40'000);
  EXPECT_GT(different, 1000) << "the tail is drawn too";
}

}  // namespace
}  // namespace weir::synth
