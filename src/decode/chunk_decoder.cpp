// SPDX-License-Identifier: Apache-2.0
// decode: one block of Parquet's rows -> batches.
#include "decode/chunk_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <numeric>

#include "decode/faulty_rows.hpp"
#include "envelope/field_line.hpp"
#include "envelope/other_logs.hpp"
#include "envelope/reject.hpp"
#include "weir/names.hpp"

namespace weir::decode {
namespace {

using parquet::ValueKind;
using parquet::Values;

bool is_null(const Values& values, std::size_t row) noexcept {
  return values.valid != nullptr && (values.valid[row / 64] >> (row % 64) & 1) == 0;
}

template <class Value>
const Value& value_at(const Values& values, std::size_t row) noexcept {
  return static_cast<const Value*>(values.data)[row];
}

/// Points into the chunk.
std::string_view text_at(const Values& values, std::size_t row) noexcept {
  return value_at<duckdb::String>(values, row).view();
}

bool is_percent_encoded(const FormatField& field) {
  return field.id != FieldId::unknown && field_info(field.id).percent_encoded;
}

}  // namespace

parquet::Wanted wanted_of(const DecodeOptions& options) {
  parquet::Wanted wanted;
  wanted.fields.push_back(options.fields);
  wanted.fields.insert(wanted.fields.end(), options.later.begin(), options.later.end());
  return wanted;
}

ChunkDecoder::ChunkDecoder(const DecodeOptions& options) : options_(options) {}

void ChunkDecoder::start(const parquet::RowBlock& block) {
  block_ = &block;
  next_chunk_ = 0;
  rows_before_ = 0;
  kept_.clear();
}

Result<void> ChunkDecoder::settle(ObjectDecoding& object) {
  outcome_.reset(options_.strict || options_.on_reject != nullptr);
  if (object.begin_rows()) reject_other_rows();
  object.chooser().use_wrapping(block_->plan().format);
  const FormatChoice choice = object.chooser().usual();
  assert(choice.use != nullptr);  // the wrapping's
  use_ = choice.index;
  if (choice.use->sample.empty() && block_->chunks() > 0 && block_->rows(0) > 0) {
    object.chooser().note_sample(use_, row_text(0, 0));
  }
  return {};
}

bool ChunkDecoder::next(Batch& batch) {
  while (block_ != nullptr && next_chunk_ < block_->chunks()) {
    if (next_chunk_ > 0) rows_before_ += block_->rows(chunk_);
    chunk_ = next_chunk_++;
    kept_.clear();
    batch.format = block_->plan().format;
    batch.rows = block_->rows(chunk_);
    batch.columns.resize(batch.format->size());
    for (Column& column : batch.columns) column.decoded = false;
    turns_.plan(batch.format, options_);
    converter_.start_batch();
    decoded_texts_.clear();
    convert_columns(batch, 0, {.count = batch.rows});
    if (!converter_.faults().empty()) drop_faulty_rows(batch);
    outcome_.add_records(use_, batch.rows);
    if (batch.rows > 0) return true;
  }
  return false;
}

void ChunkDecoder::convert_columns(Batch& batch, ColumnTurns::Turn turn, const Rows& rows) {
  for (std::size_t i = 0; i < block_->plan().columns.size(); ++i) {
    const parquet::PlannedColumn& planned = block_->plan().columns[i];
    if (!turns_.is(planned.field, turn)) continue;
    const FormatField& field = batch.format->fields()[planned.field];
    const Values values = block_->values(chunk_, i);
    Column& column = batch.columns[planned.field];
    switch (planned.kind) {
      case ValueKind::int32:
        convert_numbers<std::int32_t>(field, planned.field, values, rows, column);
        break;
      case ValueKind::int64:
        convert_numbers<std::int64_t>(field, planned.field, values, rows, column);
        break;
      case ValueKind::uint64:
        convert_numbers<std::uint64_t>(field, planned.field, values, rows, column);
        break;
      case ValueKind::text:
        if (field.type == FieldType::text) {
          take_texts(field, values, rows, column);
        } else {
          convert_tokens(field, planned.field, values, rows, column);
        }
        break;
    }
  }
}

template <class Integer>
void ChunkDecoder::convert_numbers(const FormatField& field, std::size_t position,
                                   const Values& values, const Rows& rows, Column& column) {
  converter_.convert(field, position,
                     WholeNumbers<Integer>{.values = static_cast<const Integer*>(values.data),
                                           .valid = values.valid,
                                           .count = rows.count,
                                           .places = rows.in_chunk,
                                           .rows = rows.in_batch},
                     column);
}

void ChunkDecoder::convert_tokens(const FormatField& field, std::size_t position,
                                  const Values& values, const Rows& rows, Column& column) {
  tokens_.clear();
  for (std::size_t i = 0; i < rows.count; ++i) {
    const std::size_t row = rows.chunk_row(i);
    std::string_view text;
    if (!is_null(values, row)) text = text_at(values, row);
    if (text.empty()) {
      tokens_.add("-");
    } else if (field.type == FieldType::address) {
      tokens_.add(text);
    } else {
      token_.clear();
      envelope::append_token(token_, field, text.substr(0, TokenBuffer::kLongestToken),
                             outcome_.coarse_times);
      tokens_.add(token_);
    }
  }
  converter_.convert(field, position, false, tokens_.column(), rows.in_batch, column);
}

void ChunkDecoder::take_texts(const FormatField& field, const Values& values, const Rows& rows,
                              Column& column) {
  const bool is_encoded = is_percent_encoded(field);
  column.nulls.clear();
  column.decoded = true;
  if (column.texts.size() < kBatchRows) column.texts.resize(kBatchRows);
  for (std::size_t i = 0; i < rows.count; ++i) {
    const std::size_t row = rows.batch_row(i);
    const std::size_t at = rows.chunk_row(i);
    std::string_view text;
    if (!is_null(values, at)) text = text_at(values, at);
    if (text.empty() || (text.size() == 1 && text.front() == '-')) {
      text = {};
      column.nulls.set(row);
    } else if (is_encoded && text.find('%') != std::string_view::npos) {
      text = decoded_texts_.emplace_back(percent_decode(text));
    }
    column.texts[row] = text;
  }
}

/// The value as a log would have it.
std::string ChunkDecoder::value_text(std::size_t chunk, std::size_t column, std::size_t row) const {
  const parquet::PlannedColumn& planned = block_->plan().columns[column];
  const Values values = block_->values(chunk, column);
  if (is_null(values, row)) return "-";
  switch (planned.kind) {
    case ValueKind::int32:
      return fmt::format("{}", value_at<std::int32_t>(values, row));
    case ValueKind::int64:
      return fmt::format("{}", value_at<std::int64_t>(values, row));
    case ValueKind::uint64:
      return fmt::format("{}", value_at<std::uint64_t>(values, row));
    case ValueKind::text:
      break;
  }
  return std::string(text_at(values, row).substr(0, envelope::kRejectTextBytes));
}

/// The wanted columns of a row as a line.
std::string ChunkDecoder::row_text(std::size_t chunk, std::size_t row) const {
  std::string line;
  std::uint64_t coarse_times = 0;
  for (std::size_t i = 0; i < block_->plan().columns.size(); ++i) {
    const parquet::PlannedColumn& planned = block_->plan().columns[i];
    if (i > 0) line += ' ';
    envelope::append_token(line, block_->plan().format->fields()[planned.field],
                           value_text(chunk, i, row), coarse_times);
    if (line.size() > envelope::kRejectTextBytes) break;
  }
  line.resize(std::min(line.size(), envelope::kRejectTextBytes));
  return line;
}

/// Rejects the rows that the plan has left out, in the first block.
void ChunkDecoder::reject_other_rows() {
  const parquet::OtherRows& others = block_->plan().other_rows;
  for (std::uint64_t i = 0; i < others.count; ++i) {
    if (!outcome_.count(RejectStep::lines, RejectReason::other_log)) continue;
    if (i >= others.places.size()) continue;
    outcome_.keep({.reason = RejectReason::other_log,
                   .line = others.places[i] + 1,
                   .column = 0,
                   .detail = fmt::format("not a flow log but {}", envelope::kOtherOcsf),
                   .text = fmt::format("row {}", others.places[i] + 1)});
  }
}

/// Rejects each faulty row once, at its first fault.
void ChunkDecoder::reject_faults(const Batch& batch, RejectStep step) {
  std::vector<RowFault>& faults = converter_.faults();
  keep_first_faults(faults);
  const std::vector<parquet::PlannedColumn>& columns = block_->plan().columns;
  for (const RowFault& fault : faults) {
    if (outcome_.count(step, fault.reason)) {
      const auto column = std::find_if(columns.begin(), columns.end(), [&](const auto& planned) {
        return planned.field == fault.field;
      });
      const auto index = static_cast<std::size_t>(column - columns.begin());
      const std::size_t row = chunk_row(fault.row);
      outcome_.keep({.reason = fault.reason,
                     .line = line_number(fault.row),
                     .column = 0,
                     .detail = fault_detail(batch.format->fields()[fault.field],
                                            value_text(chunk_, index, row), fault.reason),
                     .text = row_text(chunk_, row)});
    }
    if (options_.strict) break;
  }
}

/// Takes rows out that some column could not hold.
void ChunkDecoder::drop_faulty_rows(Batch& batch) {
  reject_faults(batch, RejectStep::first_columns);
  RowBits dropped = rows_of(converter_.faults());
  if (options_.strict) {
    for (std::size_t row = converter_.faults().front().row; row < batch.rows; ++row) {
      dropped[row] = true;
    }
    next_chunk_ = block_->chunks();
  }
  drop_rows(batch, dropped);
  kept_.resize(batch.rows);
  std::iota(kept_.begin(), kept_.end(), std::uint16_t{0});
  keep_rows(kept_.data(), batch.rows, dropped);
  batch.rows -= dropped.count();
  kept_.resize(batch.rows);
}

void ChunkDecoder::complete(Batch& batch, Selection& selection, std::size_t step) {
  const auto turn = static_cast<ColumnTurns::Turn>(step + 1);
  if (!turns_.has(turn)) return;
  Rows rows{.count = selection.count};
  if (selection.count < batch.rows) rows.in_batch = rows.in_chunk = selection.rows.data();
  if (!kept_.empty()) {
    chosen_.resize(selection.count);
    for (std::size_t i = 0; i < selection.count; ++i) chosen_[i] = kept_[selection.rows[i]];
    rows.in_batch = selection.rows.data();
    rows.in_chunk = chosen_.data();
  }
  converter_.forget_faults();
  convert_columns(batch, turn, rows);
  if (converter_.faults().empty()) return;
  reject_faults(batch, RejectStep::later_columns);
  outcome_.records.back().second -= drop_rows(selection, rows_of(converter_.faults()));
}

EmptyWindows ChunkDecoder::empty_windows(const Batch& batch, Selection& selection,
                                         bool drops) const {
  const int field = batch.format->index_of(FieldId::log_status);
  const std::vector<parquet::PlannedColumn>& columns = block_->plan().columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (field < 0 || columns[i].field != static_cast<std::size_t>(field)) continue;
    const Values values = block_->values(chunk_, i);
    return count_windows(selection, drops, [&](std::uint16_t selected) {
      const std::size_t row = chunk_row(selected);
      return is_null(values, row) ? std::string_view() : std::string_view(text_at(values, row));
    });
  }
  return {};
}

std::uint64_t ChunkDecoder::line_number(std::size_t row) const {
  const std::size_t at = chunk_row(row);
  if (!block_->plan().has_row_numbers) return block_->first_row() + rows_before_ + at + 1;
  const Values numbers = block_->values(chunk_, block_->plan().columns.size());
  return static_cast<std::uint64_t>(value_at<std::int64_t>(numbers, at)) + 1;
}

}  // namespace weir::decode
