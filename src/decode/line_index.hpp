// SPDX-License-Identifier: Apache-2.0
// decode: a block of lines -> where the tokens of each line stand.
//
// Nearly all blocks are uniform: single spaces, and every line has as many tokens as the one
// before. There, one position per token says everything: a token begins behind the end of the one
// before it.
//
//   text       2 1234 eni-1 OK\n2 1234 eni-2 OK\n
//   positions   ^    ^     ^   ^ ^    ^     ^   ^
//
// A block with other blanks (runs, tabs, CRLF, blanks at the end of a line) has two positions a
// token, its begin and its end.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "decode/kernels/kernels.hpp"
#include "weir/format.hpp"

namespace weir::decode {

/// What tells a record of a format from other lines at one look.
struct LineShape {
  std::size_t fields = 0;  ///< 0: nothing is known
  /// A field that begins with a digit or `-` in every record, and with a letter in every header.
  std::size_t witness = 0;
  bool has_witness = false;

  static LineShape of(const Format& format);
  friend bool operator==(const LineShape&, const LineShape&) = default;
};

class LineIndex {
 public:
  explicit LineIndex(const kernel::Table& kernel) : kernel_(kernel) {}

  /// Finds the separators of a text: whole lines with kTextPadding bytes on either side.
  void index(std::string_view text);

  /// The same for a text that has become another one behind a line whose positions stay.
  void index_again(std::string_view text);

  /// Lines at the front that are something else, and their positions.
  struct Lead {
    std::size_t lines = 0;
    std::size_t positions = 0;
  };
  /// True if every line behind the lead looks like a record of this shape, none like a header or a
  /// comment.
  bool is_uniform(const LineShape& shape, const Lead& lead) const;

  std::string_view text() const noexcept { return text_; }
  std::size_t lines() const noexcept { return separators_.newlines; }

  // ---- line by line, for blocks that are not uniform ----

  /// Prepares next_line().
  void start_lines();
  /// Moves to the next line; false at the end.
  bool next_line();
  /// The line without its newline.
  std::string_view line() const;
  std::uint32_t line_number() const noexcept { return line_ - 1; }  ///< in the block, from 0
  /// True if the line has exactly `fields` tokens.
  bool has_fields(std::size_t fields) const;
  /// True if a look at the witness says that the line is no header and no comment.
  bool is_record(const LineShape& shape) const;
  /// Index of the line's first position: what the columns below count from.
  std::uint32_t first_position() const noexcept { return static_cast<std::uint32_t>(at_); }

  // ---- columns ----

  /// The tokens of a field in rows whose first positions are given.
  kernel::TokenColumn column(std::size_t field, const std::uint32_t* first, std::size_t rows) const;
  std::string_view token(std::uint32_t first, std::size_t field) const;
  /// The line that a row's first token stands in, without its newline.
  std::string_view line_of(std::uint32_t first) const;

 private:
  void find_newlines();
  const std::uint32_t* positions() const noexcept { return positions_.get() + 1; }
  std::uint32_t begin_of(std::size_t first, std::size_t field) const;
  std::uint32_t end_of(std::size_t first, std::size_t field) const;

  const kernel::Table& kernel_;
  std::string_view text_;
  kernel::Separators separators_;
  std::size_t count_ = 0;                       // of positions
  bool paired_ = false;                         // begin and end of each token
  std::unique_ptr<std::uint32_t[]> positions_;  // one more before the first: -1
  std::size_t capacity_ = 0;

  std::size_t odd_blocks_ = 0;

  std::vector<std::uint32_t> newlines_;
  std::uint32_t line_ = 0;  // number of lines that next_line() gave
  std::size_t at_ = 0;      // first position of the line
  std::size_t after_ = 0;   // first position of the next one
};

}  // namespace weir::decode
