// SPDX-License-Identifier: Apache-2.0
// decode: values of one column -> tokens.
#include "decode/token_buffer.hpp"

#include <numeric>

namespace weir::decode {

TokenBuffer::TokenBuffer()
    : text_(2 * kTextPadding + kBatchRows * (kLongestToken + 1), '\n'),
      positions_(1 + kBatchRows + kernel::kArraySlack),
      first_(kBatchRows + kernel::kArraySlack) {
  positions_[0] = ~std::uint32_t{0};  // a newline before the first token
  std::iota(first_.begin(), first_.end(), 0);
}

kernel::TokenColumn TokenBuffer::column() const {
  return {.text = text_.data() + kTextPadding,
          .positions = positions_.data() + 1,
          .first = first_.data(),
          .rows = tokens_,
          .begin_at = -1,
          .begin_add = 1,
          .end_at = 0};
}

}  // namespace weir::decode
