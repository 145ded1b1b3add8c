// SPDX-License-Identifier: Apache-2.0
#include "base/hash.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace weir::base {
namespace {

TEST(Hash, ScattersAllBitsAsSplitMix64Does) {
  // SplitMix64 from 1234567, as https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64 has
  // it.
  EXPECT_EQ(scatter_all(1234567 + kGoldenRatio), 6457827717110365317U);
  EXPECT_EQ(scatter_all(1234567 + 2 * kGoldenRatio), 3203168211198807973U);
}

TEST(Hash, FoldsBothHalvesOfAProduct) {
  EXPECT_EQ(folded_product(3, 5), 15U);
  EXPECT_EQ(folded_product(std::uint64_t{1} << 63, 6), 3U) << "2^63 * 6 is 3 * 2^64";
  EXPECT_EQ(folded_product(~std::uint64_t{0}, ~std::uint64_t{0}), ~std::uint64_t{0})
      << "(2^64 - 1)^2 is 2^128 - 2^65 + 1: all bits but one above, one below";
}

TEST(Hash, StepsOfPowersOfTwoFillATable) {
  for (int shift = 0; shift < 48; shift += 4) {
    std::set<std::uint64_t> high;
    std::set<std::uint64_t> low;
    for (std::uint64_t i = 0; i < 1024; ++i) {
      high.insert(scatter_high(i << shift) >> 48);
      WordHash hash;
      hash.add(i << shift);
      hash.add(0);
      low.insert(hash.value() & 0xffff);
    }
    EXPECT_GT(high.size(), 1000U) << shift;
    EXPECT_GT(low.size(), 950U) << shift;
  }
}

TEST(Hash, OfWordsDependsOnTheirOrder) {
  WordHash one;
  one.add(1);
  one.add(2);
  WordHash other;
  other.add(2);
  other.add(1);
  EXPECT_NE(one.value(), other.value());
}

}  // namespace
}  // namespace weir::base
