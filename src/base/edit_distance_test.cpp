// SPDX-License-Identifier: Apache-2.0
#include "base/edit_distance.hpp"

#include <gtest/gtest.h>

namespace weir::base {
namespace {

TEST(EditDistance, CountsEachKindOfSlipOnce) {
  EXPECT_EQ(edit_distance("limit", "limit"), 0U);
  EXPECT_EQ(edit_distance("lmit", "limit"), 1U);
  EXPECT_EQ(edit_distance("limiit", "limit"), 1U);
  EXPECT_EQ(edit_distance("lomit", "limit"), 1U);
  EXPECT_EQ(edit_distance("ilmit", "limit"), 1U);
  EXPECT_EQ(edit_distance("", "limit"), 5U);
  EXPECT_EQ(edit_distance("limit", ""), 5U);
}

}  // namespace
}  // namespace weir::base
