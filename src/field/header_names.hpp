// SPDX-License-Identifier: Apache-2.0
// field: words that may be the names of fields -> the format that they name. Header lines, rows of
// CSV and --format are understood here, so that all of them forgive the same spellings.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "weir/format.hpp"

namespace weir::field {

/// A name without what surrounds it: `${srcaddr}`, `$${srcaddr}` (Terraform), `"srcaddr"`.
std::string_view bare_name(std::string_view token) noexcept;

/// The field that a header means by a name: find_field() without what surrounds the name, and names
/// that AWS's tools give to fields besides the field's own.
FieldId find_named(std::string_view name) noexcept;

/// True if the words are a header: at least three, more than half of them names of fields in any
/// spelling, and none a number, a time or an address. Fewer words are one if all are spelled as AWS
/// spells names, and at least half of them are names of fields. Most records show at the first word
/// or two that they are none.
bool is_header(std::span<const std::string_view> words) noexcept;

/// What a header says.
struct HeaderNames {
  std::optional<Format> format;  ///< nothing if it cannot be understood
  std::string problem;           ///< why not, in one clause that names the word
};
/// Understands the words of a header. Names that the catalogue lacks become text columns.
HeaderNames understand_header(std::span<const std::string_view> words);

/// Where a header begins inside a word: files without a final newline, put one after the other,
/// glue the last value of one to the first name of the next, as in `OKversion account-id ...`.
struct Glue {
  std::size_t word = 0;
  std::size_t offset = 0;  ///< bytes of the word that are the value
};
/// The first such place in the words of a line or of a row.
std::optional<Glue> find_glue(std::span<const std::string_view> words) noexcept;

}  // namespace weir::field
