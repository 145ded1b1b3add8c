// SPDX-License-Identifier: Apache-2.0
// base: UTF-8 one character at a time, broken bytes included.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir::base {

/// What stands in for bytes that are no UTF-8 (Unicode 15.0, section 3.9).
inline constexpr char32_t kReplacementCharacter = 0xfffd;

struct CodePoint {
  char32_t value = kReplacementCharacter;
  std::size_t length = 1;  ///< bytes taken, never 0
  bool valid = false;
};

/// Decodes the first character of a text that is not empty. Broken bytes are taken in the longest
/// piece that could have begun a character, so that each gives one replacement character.
CodePoint decode_utf8(std::string_view text) noexcept;

}  // namespace weir::base
