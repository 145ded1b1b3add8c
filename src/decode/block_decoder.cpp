// SPDX-License-Identifier: Apache-2.0
// decode: one block of lines -> batches.
#include "decode/block_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "decode/faulty_rows.hpp"
#include "decode/header.hpp"
#include "decode/tokens.hpp"
#include "envelope/reject.hpp"

namespace weir::decode {
namespace {

bool has_control_bytes(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && !is_blank(c)) || byte == 0x7f;
  });
}

bool begins_record(char c) noexcept { return (c >= '0' && c <= '9') || c == '-'; }

/// Bytes of a line before the header that is glued to them, or 0.
std::size_t length_before_glue(std::string_view line) {
  // The last word of such a line is a name; nearly all others are told by it.
  const std::size_t end = line.find_last_not_of(" \t\r") + 1;
  const std::size_t begin = line.find_last_of(" \t", end == 0 ? 0 : end - 1) + 1;
  if (begin >= end || field::find_named(line.substr(begin, end - begin)) == FieldId::unknown)
    return 0;
  std::vector<std::string_view> words;
  if (split_tokens(line, words, 4 * kMaxFormatFields) == 4 * kMaxFormatFields) return 0;
  const std::optional<field::Glue> glue = field::find_glue(words);
  if (!glue) return 0;
  return static_cast<std::size_t>(words[glue->word].data() - line.data()) + glue->offset;
}

}  // namespace

BlockDecoder::BlockDecoder(const DecodeOptions& options)
    : options_(options), index_(kernel::table_of(base::chosen_kernel())) {}

/// Counts a line out. Only the first of each reason are wanted in words, which `describe` finds.
template <class Describe>
void BlockDecoder::reject_line(RejectStep step, std::string_view line, std::uint32_t number,
                               RejectReason reason, Describe describe) {
  const bool is_binary = has_control_bytes(line);
  if (is_binary) reason = RejectReason::encoding;
  if (!outcome_.count(step, reason)) return;
  Complaint complaint{.detail = "control bytes: this is not text", .column = 0};
  if (!is_binary) complaint = describe();
  const LineOrigin origin = origin_of(number);
  const std::size_t column = complaint.column == 0 ? 0 : origin.column + complaint.column;
  outcome_.keep({.reason = reason,
                 .line = origin.line,
                 .column = static_cast<std::uint32_t>(column),
                 .detail = std::move(complaint.detail),
                 .text = std::string(line.substr(0, envelope::kRejectTextBytes))});
}

void BlockDecoder::index(LineBlock& block, const LineShape& guess) {
  block_ = &block;
  index_.index(block.text);
  shape_ = block.format != nullptr ? LineShape::of(*block.format) : guess;
  lead_ = {};
  guess_is_right_ = shape_.fields > 0 && index_.is_uniform(shape_, lead_);
}

Result<void> BlockDecoder::settle(ObjectDecoding& object) {
  Result<void> settled = settle_formats(object);
  object.set_shape(shape_);
  return settled;
}

Result<void> BlockDecoder::settle_formats(ObjectDecoding& object) {
  outcome_.reset(options_.strict || options_.on_reject != nullptr);
  runs_.clear();
  run_ = 0;
  row_ = 0;
  stopped_ = false;
  first_line_ = block_->first_line;
  if (first_line_ == 0) first_line_ = object.pass_lines(index_.lines() + block_->dropped_lines);
  for (Reject& reject : block_->rejects) {
    if (block_->first_line == 0) reject.line += first_line_ - 1;
    outcome_.count(RejectStep::lines, reject.reason);
    outcome_.keep(std::move(reject));
  }
  block_->rejects.clear();

  FormatChooser& chooser = object.chooser();
  if (block_->format != nullptr) {
    chooser.use_wrapping(block_->format);
  } else if (Result<void> settled = chooser.look_at(block_->text); !settled) {
    return settled;
  }
  if (block_->text.empty()) return {};
  if (block_->format == nullptr && !guess_is_right_) take_lead(chooser);
  const FormatChoice usual = chooser.usual();
  if (usual.use != nullptr) {
    const LineShape shape = LineShape::of(*usual.use->format);
    if (shape != shape_ || lead_.lines > 0) {
      shape_ = shape;
      guess_is_right_ = index_.is_uniform(shape_, lead_);
    }
    if (guess_is_right_) {
      const std::size_t rows = index_.lines() - lead_.lines;
      lay_out_uniform_rows();
      lines_.clear();
      if (rows > 0) chooser.note_sample(usual.index, index_.line_of(first_[0]));
      runs_.push_back({.use = usual.index, .format = usual.use->format, .begin = 0, .end = rows});
      return {};
    }
  }
  settle_lines(object);
  return {};
}

/// Rows that are all alike stand where they stood in the block before.
void BlockDecoder::lay_out_uniform_rows() {
  const std::size_t rows = index_.lines() - lead_.lines;
  if (uniform_fields_ == shape_.fields && uniform_lead_ == lead_.positions &&
      first_.size() >= rows) {
    return;
  }
  uniform_fields_ = shape_.fields;
  uniform_lead_ = lead_.positions;
  first_.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    first_[row] = static_cast<std::uint32_t>(lead_.positions + row * shape_.fields);
  }
}

/// The line in the block of a row of the batch at hand.
std::uint32_t BlockDecoder::line_of(std::size_t row) const {
  if (lines_.empty()) return static_cast<std::uint32_t>(lead_.lines + batch_row_ + row);
  return lines_[batch_row_ + row];
}

/// Where a line of the block stood in its object.
LineOrigin BlockDecoder::origin_of(std::uint32_t line) const {
  if (line < block_->origins.size()) return block_->origins[line];
  return {.line = first_line_ + line, .column = 0};
}

/// A header at the front of a block is where AWS puts it: then the lines behind it may be uniform.
void BlockDecoder::take_lead(FormatChooser& chooser) {
  if (begins_record(block_->text.front())) return;
  std::string_view line = block_->text.substr(0, block_->text.find('\n'));
  if (!is_header_line(line)) return;
  if (length_before_glue(line) > 0 && split_glued_lines(0, 0)) {
    line = block_->text.substr(0, block_->text.find('\n'));
  }
  if (chooser.take_header(line, lines_below(line)) != FormatChooser::Header::taken) return;
  ++outcome_.headers;
  const FormatUse* const taken = chooser.usual().use;
  assert(taken != nullptr);
  lead_ = {.lines = 1, .positions = taken->format->tokens()};
}

/// The lines of the block behind one of them.
std::string_view BlockDecoder::lines_below(std::string_view line) const {
  const auto end = static_cast<std::size_t>(line.data() - block_->text.data()) + line.size();
  return block_->text.substr(std::min(end + 1, block_->text.size()));
}

/// Files put one after the other without a newline between glue a header to the end of a line. Such
/// lines are cut in two, in a copy of the block, from a given line on: once, for all of them.
bool BlockDecoder::split_glued_lines(std::uint32_t first_line, std::size_t at) {
  const std::string_view all = block_->text;
  std::string text(all.substr(0, at));
  std::vector<LineOrigin> origins;
  for (std::uint32_t line = 0; line < first_line; ++line) origins.push_back(origin_of(line));
  for (std::uint32_t number = first_line; at < all.size(); ++number) {
    const std::size_t end = std::min(all.find('\n', at), all.size() - 1);
    std::string_view line = all.substr(at, end - at);
    LineOrigin origin = origin_of(number);
    while (const std::size_t length = length_before_glue(line)) {
      text.append(line.substr(0, length)).push_back('\n');
      origins.push_back(origin);
      origin.column += static_cast<std::uint32_t>(length);
      line.remove_prefix(length);
    }
    text.append(line).push_back('\n');
    origins.push_back(origin);
    at = end + 1;
  }
  if (text.size() == all.size()) return false;
  block_->text = block_->memory.assign(text);
  block_->origins = std::move(origins);
  index_.index_again(block_->text);
  return true;
}

/// Looks at every line. The lines of the usual format need no more than that.
void BlockDecoder::settle_lines(ObjectDecoding& object) {
  first_.clear();
  lines_.clear();
  uniform_fields_ = 0;
  index_.start_lines();
  for (std::size_t line = 0; line < lead_.lines; ++line) index_.next_line();
  while (!stopped_ && index_.next_line()) {
    const bool usual = !runs_.empty() && index_.has_fields(shape_.fields) &&
                       runs_.back().format->tokens() == shape_.fields &&
                       (block_->format != nullptr || index_.is_record(shape_));
    if (usual) {
      add_row(runs_.back().use, runs_.back().format);
    } else {
      stopped_ = !settle_line(object);
    }
  }
}

/// Settles one line by all the rules. False if reading has to stop: strict, and no record.
bool BlockDecoder::settle_line(ObjectDecoding& object) {
  FormatChooser& chooser = object.chooser();
  std::string_view line = index_.line();
  if (block_->format == nullptr && length_before_glue(line) > 0) {
    const std::uint32_t number = index_.line_number();
    const auto at = static_cast<std::size_t>(line.data() - block_->text.data());
    if (split_glued_lines(number, at)) {
      index_.start_lines();
      for (std::uint32_t before = 0; before <= number; ++before) index_.next_line();
      line = index_.line();
    }
  }
  const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  if (begin == line.size()) {
    ++outcome_.blank_lines;
    return true;
  }
  if (block_->format == nullptr) {
    if (line[begin] == '#') {
      ++outcome_.comments;
      return true;
    }
    const FormatChooser::Header header = chooser.take_header(line, lines_below(line));
    if (header != FormatChooser::Header::none) shape_ = {};  // the next line is not as the last one
    if (header == FormatChooser::Header::taken) {
      ++outcome_.headers;
      return true;
    }
    if (header == FormatChooser::Header::not_understood) {
      reject_line(RejectStep::lines, line, index_.line_number(), RejectReason::no_format, [&] {
        return Complaint{.detail = "a header that is not understood: " + chooser.not_understood(),
                         .column = begin + 1};
      });
      return !options_.strict;
    }
  }
  const FormatChoice choice = chooser.choose(line);
  if (choice.use == nullptr) {
    reject_line(RejectStep::lines, line, index_.line_number(), choice.reason,
                [&] { return chooser.explain(line); });
    return !options_.strict;
  }
  shape_ = LineShape::of(*choice.use->format);
  add_row(choice.index, choice.use->format);
  return true;
}

void BlockDecoder::add_row(std::size_t use, const FormatPtr& format) {
  if (runs_.empty() || runs_.back().use != use) {
    runs_.push_back({.use = use, .format = format, .begin = first_.size(), .end = first_.size()});
  }
  ++runs_.back().end;
  first_.push_back(index_.first_position());
  lines_.push_back(index_.line_number());
}

bool BlockDecoder::next(Batch& batch) {
  while (run_ < runs_.size()) {
    Run& run = runs_[run_];
    const std::size_t left = run.end - run.begin - row_;
    if (left == 0) {
      ++run_;
      row_ = 0;
      continue;
    }
    // Batches of about the same size: a small one at the end costs nearly as much as a large one.
    const std::size_t batches = (left + kBatchRows - 1) / kBatchRows;
    const std::size_t rows = (left + batches - 1) / batches;
    batch_row_ = run.begin + row_;
    row_ += rows;
    batch.format = run.format;
    batch.rows = rows;
    batch.columns.resize(run.format->size());
    turns_.plan(run.format, options_);
    for (Column& column : batch.columns) column.decoded = false;
    converter_.start_batch();
    convert_columns(batch, 0, first_.data() + batch_row_, rows, nullptr);
    if (!converter_.faults().empty()) drop_faulty_rows(batch);
    outcome_.add_records(run.use, batch.rows);
    if (batch.rows > 0) return true;
  }
  return false;
}

void BlockDecoder::convert_columns(Batch& batch, ColumnTurns::Turn turn, const std::uint32_t* first,
                                   std::size_t rows, const std::uint16_t* row_numbers) {
  for (std::size_t i = 0; i < batch.format->size(); ++i) {
    if (!turns_.is(i, turn)) continue;
    const FormatField& field = batch.format->fields()[i];
    const bool encoded = block_->format != nullptr ||
                         (field.id != FieldId::unknown && field_info(field.id).percent_encoded);
    converter_.convert(field, i, encoded, index_.column(batch.format->place(i), first, rows),
                       row_numbers, batch.columns[i]);
  }
}

/// Rejects each faulty row once, at its first fault.
void BlockDecoder::reject_faults(const Batch& batch, RejectStep step) {
  std::vector<RowFault>& faults = converter_.faults();
  keep_first_faults(faults);
  for (const RowFault& fault : faults) {
    const std::string_view token =
        index_.token(first_[batch_row_ + fault.row], batch.format->place(fault.field));
    const std::string_view line = index_.line_of(first_[batch_row_ + fault.row]);
    reject_line(step, line, line_of(fault.row), fault.reason, [&] {
      return Complaint{
          .detail = fault_detail(batch.format->fields()[fault.field], token, fault.reason),
          .column = static_cast<std::size_t>(token.data() - line.data()) + 1};
    });
    if (options_.strict) break;
  }
}

/// Takes rows out that some column could not hold.
void BlockDecoder::drop_faulty_rows(Batch& batch) {
  reject_faults(batch, RejectStep::first_columns);
  const std::vector<RowFault>& faults = converter_.faults();
  RowBits dropped = rows_of(faults);
  if (options_.strict) {
    for (std::size_t row = faults.front().row; row < batch.rows; ++row) dropped[row] = true;
    runs_.resize(run_ + 1);
    runs_[run_].end = runs_[run_].begin + row_;
  }
  drop_rows(batch, dropped);
  // The rows move together in place: nothing else looks at this part of the block any more.
  if (lines_.empty()) {
    for (std::size_t row = 0; row < first_.size(); ++row) {
      lines_.push_back(static_cast<std::uint32_t>(lead_.lines + row));
    }
  }
  keep_rows(first_.data() + batch_row_, batch.rows, dropped);
  keep_rows(lines_.data() + batch_row_, batch.rows, dropped);
  uniform_fields_ = 0;
  batch.rows -= dropped.count();
}

void BlockDecoder::complete(Batch& batch, Selection& selection, std::size_t step) {
  const auto turn = static_cast<ColumnTurns::Turn>(step + 1);
  if (!turns_.has(turn)) return;
  const std::uint32_t* first = first_.data() + batch_row_;
  const bool all = selection.count == batch.rows;
  if (!all) {
    chosen_.resize(selection.count);
    for (std::size_t i = 0; i < selection.count; ++i) chosen_[i] = first[selection.rows[i]];
    first = chosen_.data();
  }
  converter_.forget_faults();
  convert_columns(batch, turn, first, selection.count, all ? nullptr : selection.rows.data());
  if (converter_.faults().empty()) return;
  reject_faults(batch, RejectStep::later_columns);
  outcome_.records.back().second -= drop_rows(selection, rows_of(converter_.faults()));
}

EmptyWindows BlockDecoder::empty_windows(const Batch& batch, Selection& selection,
                                         bool drops) const {
  const int field = batch.format->index_of(FieldId::log_status);
  if (field < 0) return {};
  const kernel::TokenColumn tokens = index_.column(
      batch.format->place(static_cast<std::size_t>(field)), first_.data() + batch_row_, batch.rows);
  return count_windows(selection, drops, [&tokens](std::uint16_t row) {
    const std::uint32_t begin = tokens.begin(row);
    return std::string_view(tokens.text + begin, tokens.end(row) - begin);
  });
}

}  // namespace weir::decode
