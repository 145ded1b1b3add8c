// SPDX-License-Identifier: Apache-2.0
// batch: selected rows -> a batch that may be kept.
#pragma once

#include <memory>

#include "weir/batch.hpp"

namespace weir::batch {

/// Rows of a batch with texts of their own, valid as long as it lives.
struct BatchCopy {
  Batch batch;
  std::unique_ptr<char[]> texts;
};

/// Copies the selected rows; they are all the rows of the copy.
BatchCopy copy_rows(const Batch& batch, const Selection& selection);

}  // namespace weir::batch
