// SPDX-License-Identifier: Apache-2.0
// decode: what turning lines and rows into batches has in common.
#include "decode/batch_maker.hpp"

#include <algorithm>

#include "decode/kernels/kernels.hpp"

namespace weir::decode {

BatchMaker::BatchMaker() : converter_(kernel::table_of(base::chosen_kernel())) {}

BlockOutcome& BatchMaker::outcome() {
  outcome_.millisecond_times += converter_.millisecond_times();
  converter_.reset_millisecond_times();
  std::stable_sort(outcome_.rejects.begin(), outcome_.rejects.end(),
                   [](const Reject& a, const Reject& b) { return a.line < b.line; });
  return outcome_;
}

}  // namespace weir::decode
