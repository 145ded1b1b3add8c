// SPDX-License-Identifier: Apache-2.0
#include "base/cpu.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace weir::base {
namespace {

TEST(Cpu, EveryKernelThatRunsCanBeWished) {
  for (const Kernel kernel : kAllKernels) {
    if (can_run(kernel)) {
      EXPECT_EQ(choose_kernel(kernel_name(kernel)), kernel) << kernel_name(kernel);
    } else {
      EXPECT_EQ(choose_kernel(kernel_name(kernel)), choose_kernel("")) << kernel_name(kernel);
    }
  }
}

TEST(Cpu, ScalarRunsEverywhere) { EXPECT_TRUE(can_run(Kernel::scalar)); }

TEST(Cpu, NoCpuIsOfTwoArchitectures) {
  EXPECT_FALSE(can_run(Kernel::neon) && can_run(Kernel::avx2));
}

TEST(Cpu, TheBestKernelIsChosenWhateverElseIsWished) {
  const Kernel best = choose_kernel("");
  EXPECT_TRUE(can_run(best));
  EXPECT_EQ(choose_kernel("sse9"), best);
  EXPECT_EQ(choose_kernel("SCALAR"), best) << "names are written in lower case";
  EXPECT_EQ(best == Kernel::avx512, can_run(Kernel::avx512));
  EXPECT_EQ(best == Kernel::neon, can_run(Kernel::neon));
  EXPECT_EQ(best == Kernel::scalar, !can_run(Kernel::avx2) && !can_run(Kernel::neon));
}

TEST(Cpu, TheEnvironmentIsHonoured) {
  const char* const wished = std::getenv("WEIR_KERNEL");
  EXPECT_EQ(chosen_kernel(), choose_kernel(wished == nullptr ? "" : wished));
}

}  // namespace
}  // namespace weir::base
