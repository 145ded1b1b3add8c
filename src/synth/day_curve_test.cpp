// SPDX-License-Identifier: Apache-2.0
#include "synth/day_curve.hpp"

#include <gtest/gtest.h>

namespace weir::synth {
namespace {

TEST(SynthDayCurve, GoesFromMidnightToMidnightAndNeverBack) {
  EXPECT_EQ(second_of_day(0), 0U);
  EXPECT_EQ(second_of_day((std::uint64_t{1} << 32) - 1), 86'399U);
  EXPECT_EQ(second_of_day(std::uint64_t{1} << 32), 86'399U) << "a share above all of it";
  std::uint32_t last = 0;
  for (std::uint64_t share = 0; share < std::uint64_t{1} << 32; share += 9'999'991) {
    const std::uint32_t second = second_of_day(share);
    EXPECT_GE(second, last);
    EXPECT_LT(second - last, 600U) << "no part of the day is left out";
    last = second;
  }
}

TEST(SynthDayCurve, HasMoreTrafficByDay) {
  // A quarter of the records is not yet through at six, three quarters are not at six in the
  // evening.
  EXPECT_GT(second_of_day(std::uint64_t{1} << 30), 6U * 3600);
  EXPECT_GT(second_of_day(std::uint64_t{3} << 30), 17U * 3600);
}

}  // namespace
}  // namespace weir::synth
