// SPDX-License-Identifier: Apache-2.0
// decode: one line -> its tokens, one after the other. For lines that are looked at one by one;
// line_index.hpp does whole blocks.
#pragma once

#include <string_view>
#include <vector>

namespace weir::decode {

/// Blanks separate fields, in runs of any length (observed by AWS itself: the last TCP-flags
/// example of https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html has
/// two). A carriage return is a blank, so that CRLF needs no care.
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

/// Tokens of a line, counted up to `limit`.
std::size_t count_tokens(std::string_view line, std::size_t limit);

/// Splits a line at blanks into at most `limit` tokens, and returns how many there are.
std::size_t split_tokens(std::string_view line, std::vector<std::string_view>& tokens,
                         std::size_t limit);

}  // namespace weir::decode
