// SPDX-License-Identifier: Apache-2.0
// base: the comparison of a few words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir::base {

/// The comparison of arrays would be a call of memcmp().
template <std::size_t Words>
bool same_words(const std::array<std::uint64_t, Words>& a,
                const std::array<std::uint64_t, Words>& b) noexcept {
  std::uint64_t difference = 0;
  for (std::size_t i = 0; i < Words; ++i) difference |= a[i] ^ b[i];
  return difference == 0;
}

}  // namespace weir::base
