// SPDX-License-Identifier: Apache-2.0
// policy: JSON text -> where each of its values ends, and where it is wrong.
//
// The parser of simdjson says what is wrong, but not where; and a person wants to see the place.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "weir/result.hpp"

namespace weir::policy {

/// What is wrong with JSON text, and the byte at which it is.
struct JsonMistake {
  std::size_t offset = 0;
  std::string_view problem;
};

/// Skips blanks and what may stand between values that follow each other.
std::size_t skip_between_values(std::string_view text, std::size_t offset) noexcept;

/// Values in one that the parser may be given: of each it makes up to 24 bytes.
inline constexpr std::size_t kMaxJsonValues = std::size_t{1} << 24;

/// Moves `offset` from the first byte of a value behind the last one, or says what is wrong. More
/// than `most` values in it are wrong, too.
///
/// Memory: a byte for each bracket that is open, of which there may be a thousand.
std::optional<JsonMistake> skip_json_value(std::string_view text, std::size_t& offset,
                                           std::size_t most = kMaxJsonValues);

/// The place as a person reads it: `name:line:column`, and the line with a caret under the place.
/// `length` bytes from there on are marked.
Error error_at(std::string_view name, std::string_view text, std::size_t offset,
               std::size_t length);

}  // namespace weir::policy
