// SPDX-License-Identifier: Apache-2.0
// render: text that grows.
#include <algorithm>
#include <cstring>

#include "weir/render.hpp"

namespace weir {

void TextBlock::grow(std::size_t count) {
  constexpr std::size_t least = 4096;
  const std::size_t capacity = std::max(least, (size_ + count) * 2);
  std::unique_ptr<char[]> bytes(new char[capacity]);
  if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

}  // namespace weir
