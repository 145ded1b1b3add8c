// SPDX-License-Identifier: Apache-2.0
// decode: values of one column -> tokens, as if they stood in a log, one per line.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "decode/kernels/kernels.hpp"
#include "weir/batch.hpp"

namespace weir::decode {

/// Up to kBatchRows tokens.
/// Threads: one at a time.
class TokenBuffer {
 public:
  /// Longer ones hold no number, time or address; what is behind is cut off.
  static constexpr std::size_t kLongestToken = 255;

  TokenBuffer();

  void clear() { tokens_ = 0; }
  void add(std::string_view token) {
    const std::size_t length = token.size() < kLongestToken ? token.size() : kLongestToken;
    const std::size_t begin = end();
    char* const at = text_.data() + kTextPadding + begin;
    copy(token.data(), length, at);
    at[length] = '\n';
    positions_[++tokens_] = static_cast<std::uint32_t>(begin + length);
  }
  /// Valid until the next token is added.
  kernel::TokenColumn column() const;

 private:
  /// Most tokens are addresses of some ten bytes, for which a call of memcpy() is a detour.
  static void copy(const char* from, std::size_t length, char* to) {
    constexpr std::size_t kStep = sizeof(std::uint64_t);
    if (length < kStep) {
      for (std::size_t i = 0; i < length; ++i) to[i] = from[i];
      return;
    }
    for (std::size_t i = 0; i + kStep < length; i += kStep) std::memcpy(to + i, from + i, kStep);
    std::memcpy(to + length - kStep, from + length - kStep, kStep);
  }
  /// Where the next token begins.
  std::uint32_t end() const { return positions_[tokens_] + 1; }

  std::vector<char> text_;                // with padding around
  std::vector<std::uint32_t> positions_;  // where each token ends; the first stands before all
  std::vector<std::uint32_t> first_;      // 0, 1, 2, ...
  std::size_t tokens_ = 0;
};

}  // namespace weir::decode
