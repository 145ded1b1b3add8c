// SPDX-License-Identifier: Apache-2.0
// envelope: bytes in any cut -> CSV rows (RFC 4180), in bounded memory.
#include "envelope/csv_reader.hpp"

#include "envelope/reject.hpp"

namespace weir::envelope {

bool CsvReader::next(CsvRow& row) {
  while (!input_.empty()) {
    if (handed_out_) begin_row();
    if (const std::size_t length = run_length(); length > 0) {
      take_run(length);
      continue;
    }
    const char c = input_.front();
    input_.remove_prefix(1);
    const bool complete = take(c, row);
    column_ = c == '\n' ? 0 : column_ + 1;
    if (c == '\n') ++line_;
    if (complete) return true;
  }
  return false;
}

bool CsvReader::finish(CsvRow& row) {
  if (handed_out_ || row_bytes_ == 0) return false;
  if (state_ == State::quoted) problem_ = "a quote is opened and never closed";
  return end_row(row);
}

void CsvReader::begin_row() {
  handed_out_ = false;
  state_ = State::cell_start;
  text_.clear();
  cells_.clear();
  raw_.clear();
  row_bytes_ = 0;
  problem_.clear();
  too_long_ = false;
  row_origin_ = {.line = line_, .column = 0};
}

/// Bytes ahead that belong to the cell whatever follows them.
std::size_t CsvReader::run_length() const noexcept {
  if (state_ == State::cell_start || state_ == State::quote) return 0;
  const char stop = state_ == State::plain ? dialect_.delimiter : '"';
  std::size_t length = 0;
  while (length < input_.size() && input_[length] != '\n' && input_[length] != stop) ++length;
  return length;
}

void CsvReader::take_run(std::size_t length) {
  const std::string_view run = input_.substr(0, length);
  input_.remove_prefix(length);
  column_ += length;
  if (raw_.size() < kRejectTextBytes) {
    raw_.append(run.substr(0, kRejectTextBytes - raw_.size()));
  }
  if (state_ == State::skip) return;
  row_bytes_ += length;
  too_long_ = row_bytes_ > kMaxLineBytes;
  if (too_long_) {
    state_ = State::skip;
  } else {
    text_.append(run);
  }
}

bool CsvReader::take(char c, CsvRow& row) {
  if (raw_.size() < kRejectTextBytes && c != '\n') raw_ += c;
  if (state_ != State::skip && ++row_bytes_ > kMaxLineBytes) {
    too_long_ = true;
    state_ = State::skip;
  }
  switch (state_) {
    case State::cell_start:
      if (c == '"' && dialect_.has_quotes) {
        begin_cell(true);
        state_ = State::quoted;
        return false;
      }
      begin_cell(false);
      state_ = State::plain;
      [[fallthrough]];
    case State::plain:
      if (c == '\n') return end_row(row);
      if (c == dialect_.delimiter) {
        end_cell();
      } else {
        text_ += c;
      }
      return false;
    case State::quoted:
      if (c == '"') {
        state_ = State::quote;
      } else {
        text_ += c;
      }
      return false;
    case State::quote:
      if (c == '\n') return end_row(row);
      if (c == '"') {
        text_ += c;
        state_ = State::quoted;
      } else if (c == dialect_.delimiter) {
        end_cell();
      } else if (c != '\r') {
        problem_ = "text after a closing quote";
        state_ = State::skip;
      }
      return false;
    case State::skip:
      return c == '\n' && end_row(row);
  }
  return false;
}

void CsvReader::begin_cell(bool quoted) {
  const LineOrigin origin{.line = line_, .column = to_column(column_ + (quoted ? 1 : 0))};
  cells_.push_back(
      {.begin = text_.size(), .end = text_.size(), .quoted = quoted, .origin = origin});
}

void CsvReader::end_cell() {
  cells_.back().end = text_.size();
  state_ = State::cell_start;
}

bool CsvReader::end_row(CsvRow& row) {
  handed_out_ = true;
  if (state_ == State::cell_start) begin_cell(false);  // the row ends with a delimiter
  Cell& last = cells_.back();
  last.end = text_.size();
  // Outside quotes, the CR of CR LF is no part of the cell.
  if (!last.quoted && last.end > last.begin && text_.back() == '\r') --last.end;
  const bool blank = cells_.size() == 1 && !last.quoted && last.end == last.begin;
  if (blank && problem_.empty() && !too_long_) return false;

  row.cells.clear();
  for (const Cell& cell : cells_) {
    row.cells.push_back({.text = std::string_view(text_).substr(cell.begin, cell.end - cell.begin),
                         .quoted = cell.quoted,
                         .origin = cell.origin});
  }
  row.origin = row_origin_;
  row.problem = problem_;
  row.too_long = too_long_;
  row.raw = raw_;
  return true;
}

}  // namespace weir::envelope
