// SPDX-License-Identifier: Apache-2.0
// decode: kernel -> its loops.
#include "decode/kernels/kernels.hpp"

namespace weir::kernel {

const Table& table_of(Kernel kernel) noexcept {
  switch (kernel) {
#if defined(__x86_64__)
    case Kernel::avx512:
      return kAvx512Table;
    case Kernel::avx2:
      return kAvx2Table;
#endif
#if defined(__aarch64__)
    case Kernel::neon:
      return kNeonTable;
#endif
    default:
      return kScalarTable;
  }
}

}  // namespace weir::kernel
