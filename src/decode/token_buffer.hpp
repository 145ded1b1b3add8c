// SPDX-License-Identifier: Apache-2.0
// decode: values of one column -> tokens, as if they stood in a log one a line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decode/kernels/kernels.hpp"

namespace weir {

/// Threads: one at a time.
class TokenBuffer {
 public:
  TokenBuffer();

  void clear();
  /// The text that the next token ends with: append to it, then call end_token().
  std::string& text() { return text_; }
  void end_token() {
    positions_.push_back(static_cast<std::uint32_t>(text_.size() - kTextPadding));
    text_ += '\n';
  }
  void add(std::string_view token) {
    text_ += token;
    end_token();
  }
  /// Valid until the next token is added.
  kernel::TokenColumn column();

 private:
  std::string text_;                      // with padding in front
  std::vector<std::uint32_t> positions_;  // where each token ends; the first stands before all
  std::vector<std::uint32_t> first_;      // 0, 1, 2, ...
};

}  // namespace weir
