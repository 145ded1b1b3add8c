// SPDX-License-Identifier: Apache-2.0
// decode: a block of lines -> where the tokens of each line stand.
#include "decode/line_index.hpp"

#include <algorithm>

namespace weir::decode {
namespace {

/// Blocks in a row that are taken to be odd like the one before.
constexpr std::size_t kOddBlocksTaken = 16;

constexpr bool begins_value(char c) noexcept { return (c >= '0' && c <= '9') || c == '-'; }

}  // namespace

LineShape LineShape::of(const Format& format) {
  LineShape shape{.fields = format.tokens(), .witness = 0, .has_witness = false};
  for (std::size_t i = 0; i < format.size() && !shape.has_witness; ++i) {
    const FieldType type = format.fields()[i].type;
    if (type != FieldType::number && type != FieldType::time) continue;
    shape.witness = format.place(i);
    shape.has_witness = true;
  }
  return shape;
}

void LineIndex::index(std::string_view text) {
  text_ = text;
  if (capacity_ < text.size() + kernel::kArraySlack || positions_ == nullptr) {
    capacity_ = text.size() + text.size() / 2 + kernel::kArraySlack;
    positions_.reset(new std::uint32_t[capacity_ + 1]);
    positions_[0] = ~std::uint32_t{0};
  }
  paired_ = false;
  count_ = 0;
  // Files with CRLF or runs of blanks have them everywhere. Now and then it is tried again.
  if (separators_.odd && ++odd_blocks_ % kOddBlocksTaken != 0) return find_newlines();
  separators_ = kernel_.separators(text.data(), text.size(), positions_.get() + 1);
  count_ = separators_.count;
}

void LineIndex::index_again(std::string_view text) {
  const bool odd = separators_.odd;
  separators_.odd = false;
  index(text);
  // Whether tokens have one position or two must not change.
  separators_.odd = odd;
}

void LineIndex::find_newlines() {
  const std::size_t room = text_.size() + kernel::kArraySlack;
  if (newlines_.size() < room) newlines_.resize(room);
  separators_.newlines = kernel_.newlines(text_.data(), text_.size(), newlines_.data());
}

bool LineIndex::is_uniform(const LineShape& shape, const Lead& lead) const {
  const std::size_t lines = separators_.newlines - lead.lines;
  if (separators_.odd || !shape.has_witness || count_ != lead.positions + lines * shape.fields) {
    return false;
  }
  const std::uint32_t* row = positions() + lead.positions;
  const char* const text = text_.data();
  // As many newlines as lines, and one at the end of each: then none stands inside a line.
  bool uniform = true;
  for (std::size_t line = 0; line < lines; ++line, row += shape.fields) {
    uniform &= text[row[shape.fields - 1]] == '\n';
    uniform &= begins_value(text[row[static_cast<std::ptrdiff_t>(shape.witness) - 1] + 1U]);
  }
  if (shape.witness == 0) return uniform;
  row = positions() + lead.positions;
  for (std::size_t line = 0; line < lines; ++line, row += shape.fields) {
    uniform &= text[row[-1] + 1U] != '#';
  }
  return uniform;
}

void LineIndex::start_lines() {
  find_newlines();
  if (separators_.odd) {
    count_ = kernel_.edges(text_.data(), text_.size(), positions_.get() + 1);
    paired_ = true;
  }
  line_ = 0;
  at_ = 0;
  after_ = 0;
}

bool LineIndex::next_line() {
  if (line_ == separators_.newlines) return false;
  const std::size_t before = after_ - at_;
  at_ = after_;
  const std::uint32_t end = newlines_[line_++];
  // Nearly every line has as many tokens as the one before.
  const std::size_t guess = at_ + before;
  if (before > 0 && guess <= count_ && positions()[guess - 1] <= end &&
      (guess == count_ || positions()[guess] > end)) {
    after_ = guess;
    return true;
  }
  while (after_ < count_ && positions()[after_] <= end) ++after_;
  return true;
}

std::string_view LineIndex::line() const {
  const std::uint32_t begin = line_ == 1 ? 0 : newlines_[line_ - 2] + 1;
  return text_.substr(begin, newlines_[line_ - 1] - begin);
}

bool LineIndex::has_fields(std::size_t fields) const {
  return after_ - at_ == (paired_ ? 2 * fields : fields);
}

bool LineIndex::is_record(const LineShape& shape) const {
  return shape.has_witness && begins_value(text_[begin_of(at_, shape.witness)]) &&
         text_[begin_of(at_, 0)] != '#';
}

std::string_view LineIndex::line_of(std::uint32_t first) const {
  const std::size_t at = begin_of(first, 0);
  const std::size_t newline = at == 0 ? std::string_view::npos : text_.rfind('\n', at - 1);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  return text_.substr(begin, text_.find('\n', at) - begin);
}

std::uint32_t LineIndex::begin_of(std::size_t first, std::size_t field) const {
  if (paired_) return positions()[first + 2 * field];
  return positions()[static_cast<std::ptrdiff_t>(first + field) - 1] + 1U;
}

std::uint32_t LineIndex::end_of(std::size_t first, std::size_t field) const {
  return positions()[paired_ ? first + 2 * field + 1 : first + field];
}

kernel::TokenColumn LineIndex::column(std::size_t field, const std::uint32_t* first,
                                      std::size_t rows) const {
  const auto at = static_cast<std::ptrdiff_t>(field);
  return {.text = text_.data(),
          .positions = positions(),
          .first = first,
          .rows = rows,
          .begin_at = paired_ ? 2 * at : at - 1,
          .begin_add = paired_ ? 0U : 1U,
          .end_at = paired_ ? 2 * at + 1 : at};
}

std::string_view LineIndex::token(std::uint32_t first, std::size_t field) const {
  const std::uint32_t begin = begin_of(first, field);
  return text_.substr(begin, end_of(first, field) - begin);
}

}  // namespace weir::decode
