// SPDX-License-Identifier: Apache-2.0
// base: this machine's CPU -> the set of instructions that the fast loops use.
#include "base/cpu.hpp"

#include <cstdlib>

#include "base/enum_table.hpp"

namespace weir::base {
namespace {

#if defined(__x86_64__)
bool has_avx2() noexcept {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

bool has_avx512() noexcept {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
}
#endif

Kernel best_kernel() noexcept {
  for (const Kernel kernel : {Kernel::avx512, Kernel::avx2, Kernel::neon}) {
    if (can_run(kernel)) return kernel;
  }
  return Kernel::scalar;
}

constexpr NameRow<Kernel> kNames[] = {
    {Kernel::scalar, "scalar"},
    {Kernel::avx2, "avx2"},
    {Kernel::avx512, "avx512"},
    {Kernel::neon, "neon"},
};
static_assert(names_all<kNames>());

}  // namespace

std::string_view kernel_name(Kernel kernel) noexcept { return name_in(kNames, kernel); }

bool can_run(Kernel kernel) noexcept {
  switch (kernel) {
    case Kernel::scalar:
      return true;
#if defined(__x86_64__)
    case Kernel::avx2:
      return has_avx2();
    case Kernel::avx512:
      return has_avx512();
    case Kernel::neon:
      return false;
#elif defined(__aarch64__)
    case Kernel::neon:
      return true;
    case Kernel::avx2:
    case Kernel::avx512:
      return false;
#else
    case Kernel::avx2:
    case Kernel::avx512:
    case Kernel::neon:
      return false;
#endif
  }
  return false;
}

Kernel choose_kernel(std::string_view wished) noexcept {
  for (const Kernel kernel : kAllKernels) {
    if (kernel_name(kernel) == wished && can_run(kernel)) return kernel;
  }
  return best_kernel();
}

Kernel chosen_kernel() noexcept {
  static const Kernel kChosen = [] {
    const char* const wished = std::getenv("WEIR_KERNEL");  // NOLINT(concurrency-mt-unsafe)
    return choose_kernel(wished == nullptr ? "" : wished);
  }();
  return kChosen;
}

}  // namespace weir::base
