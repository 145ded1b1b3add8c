// SPDX-License-Identifier: Apache-2.0
// base: this machine's CPU -> the set of instructions that the fast loops use.
//
// The program is built for a plain CPU. A loop that gains from newer instructions has a twin for
// each kernel that pays, named on the function with [[gnu::target]], and picks one at run time.
#pragma once

#include <array>
#include <string_view>

namespace weir::base {

enum class Kernel {
  scalar,  ///< what every CPU of the architecture has
  avx2,    ///< AVX2, BMI1, BMI2, POPCNT
  avx512,  ///< what avx2 has, and AVX-512 F, BW, VL, DQ, VBMI, VBMI2 (Ice Lake, Zen 4 and later)
  neon,    ///< every 64-bit ARM
};

inline constexpr std::array<Kernel, 4> kAllKernels{Kernel::scalar, Kernel::avx2, Kernel::avx512,
                                                   Kernel::neon};

/// As it is written in the environment variable WEIR_KERNEL.
std::string_view kernel_name(Kernel kernel) noexcept;

/// Whether this CPU can run a kernel; it can always run `scalar`.
bool can_run(Kernel kernel) noexcept;

/// The kernel with this name, or the best one that this CPU can run if there is no kernel of that
/// name or the CPU cannot run it.
Kernel choose_kernel(std::string_view wished) noexcept;

/// What choose_kernel() makes of the environment variable WEIR_KERNEL. Always the same answer.
/// Threads: may be called by any.
Kernel chosen_kernel() noexcept;

}  // namespace weir::base
