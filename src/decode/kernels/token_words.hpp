// SPDX-License-Identifier: Apache-2.0
// decode: tokens of one field, scattered over the text -> words side by side.
//
// Tokens lie a line apart. Fetching each takes three dependent loads and some arithmetic that no
// vector instruction shortens; what is made of them does not depend on the neighbours. So the two
// are apart: plain loads fetch a block of tokens into an array, and then whole registers of them
// are converted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "decode/kernels/kernels.hpp"

namespace weir::decode::kernel {

/// Tokens in a block: a bit each of a 64-bit word says which of them are exceptions.
inline constexpr std::size_t kBlockTokens = 64;

/// The last sixteen bytes of tokens in two words, the one that comes first in the text in the
/// lowest byte. Bytes before a token are those of other fields.
struct TokenEnds {
  alignas(64) std::array<std::uint64_t, kBlockTokens> last{};
  alignas(64) std::array<std::uint64_t, kBlockTokens> before{};  ///< only where some are long
  alignas(64) std::array<std::uint64_t, kBlockTokens> lengths{};

  /// Fetches `count` tokens from a row on; returns true if one has more than eight bytes.
  bool fetch(const TokenColumn& tokens, std::size_t row, std::size_t count) noexcept;
};

/// The first sixteen bytes of tokens. Bytes behind a token are those of other fields.
struct TokenStarts {
  static constexpr std::uint32_t kLongest = 31;

  alignas(64) std::array<std::array<std::uint64_t, 2>, kBlockTokens> bytes{};
  alignas(64) std::array<std::uint32_t, kBlockTokens> lengths{};  ///< up to kLongest

  void fetch(const TokenColumn& tokens, std::size_t row, std::size_t count) noexcept;
};

/// The lowest `count` bits, up to all 64.
constexpr std::uint64_t first_bits(std::size_t count) noexcept {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// Lists the rows of set bits, the lowest of which is `row`; returns how many they are.
inline std::size_t list_rows(std::uint64_t bits, std::size_t row, std::uint16_t* rows) noexcept {
  std::size_t count = 0;
  for (; bits != 0; bits &= bits - 1) {
    rows[count++] =
        static_cast<std::uint16_t>(row + static_cast<std::size_t>(__builtin_ctzll(bits)));
  }
  return count;
}

}  // namespace weir::decode::kernel
