// SPDX-License-Identifier: Apache-2.0
// decode: kernel -> its loops.
#include "decode/kernels/kernels.hpp"

namespace weir::decode::kernel {

const Table& table_of(base::Kernel kernel) noexcept {
  switch (kernel) {
#if defined(__x86_64__)
    case base::Kernel::avx512:
      return avx512::kTable;
    case base::Kernel::avx2:
      return avx2::kTable;
#endif
#if defined(__aarch64__)
    case base::Kernel::neon:
      return neon::kTable;
#endif
    default:
      return scalar::kTable;
  }
}

}  // namespace weir::decode::kernel
