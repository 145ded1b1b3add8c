// SPDX-License-Identifier: Apache-2.0
// decode: lines -> where their fields begin and end.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir {

/// Blanks separate fields, in runs of any length (observed by AWS itself: the last TCP-flags
/// example of https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html has
/// two). A carriage return is a blank, so that CRLF needs no care.
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

/// Splits a line at blanks into at most `limit` tokens, and returns how many there are.
std::size_t split_tokens(std::string_view line, std::vector<std::string_view>& tokens,
                         std::size_t limit);

/// The tokens of up to kBatchRows lines of one format, as offsets into one text.
///
///   bounds: begin and end of row 0 field 0, of row 0 field 1, ... row by row
class TokenTable {
 public:
  void reset(const char* text, std::size_t fields) {
    text_ = text;
    fields_ = fields;
    rows_ = 0;
    bounds_.clear();
    lines_.clear();
  }
  /// Adds a line if it has exactly the table's number of fields, else leaves the table as it was.
  /// Returns the number of tokens, of which more than fields() + 1 are not counted.
  std::size_t add_line(std::string_view line, std::uint32_t line_index);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t fields() const noexcept { return fields_; }
  std::string_view token(std::size_t row, std::size_t field) const noexcept {
    const std::uint32_t* bound = &bounds_[(row * fields_ + field) * 2];
    return {text_ + bound[0], bound[1] - bound[0]};
  }
  /// Index of a row's line in its block.
  std::uint32_t line_index(std::size_t row) const noexcept { return lines_[row]; }

 private:
  const char* text_ = nullptr;
  std::size_t fields_ = 0;
  std::size_t rows_ = 0;
  std::vector<std::uint32_t> bounds_;
  std::vector<std::uint32_t> lines_;
};

}  // namespace weir
