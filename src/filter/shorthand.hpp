// SPDX-License-Identifier: Apache-2.0
// filter: the words that are a condition by themselves: `tcp`, `rejected`, `syn`.
#pragma once

#include <string_view>
#include <vector>

#include "filter/expression.hpp"

namespace weir::filter {

/// The condition that a word stands for, or null.
ExpressionPtr expand_word(std::string_view word);

/// True for words that tcpdump lets stand directly before another condition: `tcp port 22`.
bool is_protocol_word(std::string_view word);

/// Fields and shorthands that a person may have meant by a word, nearest first.
std::vector<std::string_view> near_words(std::string_view word);

}  // namespace weir::filter
