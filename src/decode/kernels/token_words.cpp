// SPDX-License-Identifier: Apache-2.0
// decode: tokens of one field -> words side by side.
#include "decode/kernels/token_words.hpp"

#include <algorithm>
#include <cstring>

namespace weir::decode::kernel {
namespace {

/// A column's pointers in registers: stores through other pointers might change what `tokens` says.
class Edges {
 public:
  Edges(const TokenColumn& tokens, std::size_t row) noexcept
      : first_(tokens.first + row),
        begins_(tokens.positions + tokens.begin_at),
        ends_(tokens.positions + tokens.end_at),
        begin_add_(tokens.begin_add) {}

  std::uint32_t begin(std::size_t i) const noexcept { return begins_[first_[i]] + begin_add_; }
  std::uint32_t end(std::size_t i) const noexcept { return ends_[first_[i]]; }

 private:
  const std::uint32_t* first_;
  const std::uint32_t* begins_;
  const std::uint32_t* ends_;
  std::uint32_t begin_add_;
};

}  // namespace

bool TokenEnds::fetch(const TokenColumn& tokens, std::size_t row, std::size_t count) noexcept {
  const Edges edges(tokens, row);
  const char* const text = tokens.text;
  std::uint32_t longest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t end = edges.end(i);
    const std::uint32_t length = end - edges.begin(i);
    std::memcpy(&last[i], text + end - 8, 8);
    lengths[i] = length;
    longest = std::max(longest, length);
  }
  if (longest <= 8) return false;
  for (std::size_t i = 0; i < count; ++i) std::memcpy(&before[i], text + edges.end(i) - 16, 8);
  return true;
}

void TokenStarts::fetch(const TokenColumn& tokens, std::size_t row, std::size_t count) noexcept {
  const Edges edges(tokens, row);
  const char* const text = tokens.text;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t begin = edges.begin(i);
    std::memcpy(&bytes[i], text + begin, sizeof bytes[i]);
    lengths[i] = std::min(edges.end(i) - begin, kLongest);
  }
}

}  // namespace weir::decode::kernel
