// SPDX-License-Identifier: Apache-2.0
// decode: kernel -> its loops.
#include "decode/kernels/kernels.hpp"

namespace weir::decode::kernel {

const Table& table_of(base::Kernel kernel) noexcept {
  switch (kernel) {
#if defined(__x86_64__)
    case base::Kernel::avx512:
      return kAvx512Table;
    case base::Kernel::avx2:
      return kAvx2Table;
#endif
#if defined(__aarch64__)
    case base::Kernel::neon:
      return kNeonTable;
#endif
    default:
      return kScalarTable;
  }
}

}  // namespace weir::decode::kernel
