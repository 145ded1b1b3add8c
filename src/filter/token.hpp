// SPDX-License-Identifier: Apache-2.0
// filter: expression text -> tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/excerpt.hpp"
#include "weir/result.hpp"

namespace weir::filter {

enum class FilterTokenKind {
  word,       ///< field, keyword, number, address, range: its place decides
  quoted,     ///< text in quotes, escapes resolved
  field,      ///< ${name}
  list_file,  ///< @name
  open,
  close,
  comma,
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  match,
  no_match,
  has,  ///< & between a field and flags
  both,
  either,
  negation,
  end,
};

struct FilterToken {
  FilterTokenKind kind = FilterTokenKind::end;
  std::string text;  ///< what the token means: a word, or what stands between quotes or braces
  base::Place place;
};

/// Cuts an expression into tokens; the last one is FilterTokenKind::end.
/// Errors: usage, for an open quote or brace, or a character that no token begins with.
Result<std::vector<FilterToken>> tokenize_filter(std::string_view expression);

/// True if `text` can stand in an expression without quotes.
bool is_bare_word(std::string_view text) noexcept;

/// True for the words that join or negate conditions and for `null`: as values they need quotes.
bool is_keyword(std::string_view word) noexcept;

/// Writes `text` in double quotes, so that the tokenizer reads it back unchanged.
std::string quote_text(std::string_view text);

/// Reads quoted text that begins at `at` with its quote; `at` then points behind the closing one.
/// A backslash takes a quote or a backslash literally and stands for itself before anything else,
/// so that regular expressions need no doubling. Returns false if the quote is never closed.
bool read_quoted(std::string_view text, std::size_t& at, std::string& content);

}  // namespace weir::filter
