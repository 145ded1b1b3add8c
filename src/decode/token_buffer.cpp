// SPDX-License-Identifier: Apache-2.0
// decode: values of one column -> tokens.
#include "decode/token_buffer.hpp"

#include <numeric>

#include "weir/batch.hpp"

namespace weir {

TokenBuffer::TokenBuffer() : first_(kBatchRows + kernel::kArraySlack) {
  std::iota(first_.begin(), first_.end(), 0);
  clear();
}

void TokenBuffer::clear() {
  text_.assign(kTextPadding, '\n');
  positions_.assign(1, ~std::uint32_t{0});  // a newline before the first token
}

kernel::TokenColumn TokenBuffer::column() {
  const std::size_t tokens = positions_.size() - 1;
  text_.append(kTextPadding, '\n');
  positions_.resize(positions_.size() + kernel::kArraySlack);
  return {.text = text_.data() + kTextPadding,
          .positions = positions_.data() + 1,
          .first = first_.data(),
          .rows = tokens,
          .begin_at = -1,
          .begin_add = 1,
          .end_at = 0};
}

}  // namespace weir
