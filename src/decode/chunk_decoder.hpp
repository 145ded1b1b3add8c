// SPDX-License-Identifier: Apache-2.0
// decode: one block of Parquet's rows -> batches. What is a number or a text in the file is taken
// as it is; everything else is read as if it stood in a log, so that there is one judge of what is
// valid.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "decode/batch_maker.hpp"
#include "decode/column_turns.hpp"
#include "decode/convert.hpp"
#include "decode/token_buffer.hpp"
#include "parquet/part_reader.hpp"

namespace weir::decode {

/// What a run with these options wants of a Parquet file.
parquet::Wanted wanted_of(const DecodeOptions& options);

/// Threads: one at a time.
class ChunkDecoder final : public BatchMaker {
 public:
  /// `options` must outlive this.
  explicit ChunkDecoder(const DecodeOptions& options);

  /// `block` must stay as it is until the next call.
  void start(const parquet::RowBlock& block);
  Result<void> settle(ObjectDecoding& object) override;
  bool next(Batch& batch) override;
  void complete(Batch& batch, Selection& selection, std::size_t step) override;
  EmptyWindows empty_windows(const Batch& batch, Selection& selection, bool drops) const override;
  std::uint64_t line_number(std::size_t row) const override;

 private:
  /// Rows of the batch at hand whose values are wanted.
  struct Rows {
    std::size_t count = 0;
    const std::uint16_t* in_batch = nullptr;  ///< null: all of them
    const std::uint16_t* in_chunk = nullptr;  ///< where they stand; null: at the same place
    std::size_t batch_row(std::size_t i) const { return in_batch == nullptr ? i : in_batch[i]; }
    std::size_t chunk_row(std::size_t i) const { return in_chunk == nullptr ? i : in_chunk[i]; }
  };

  void convert_columns(Batch& batch, ColumnTurns::Turn turn, const Rows& rows);
  template <class Integer>
  void convert_numbers(const FormatField& field, std::size_t position,
                       const parquet::Values& values, const Rows& rows, Column& column);
  void convert_tokens(const FormatField& field, std::size_t position, const parquet::Values& values,
                      const Rows& rows, Column& column);
  void take_texts(const FormatField& field, const parquet::Values& values, const Rows& rows,
                  Column& column);
  std::size_t chunk_row(std::size_t row) const { return kept_.empty() ? row : kept_[row]; }
  std::string value_text(std::size_t chunk, std::size_t column, std::size_t row) const;
  std::string row_text(std::size_t chunk, std::size_t row) const;
  void reject_other_rows();
  void reject_faults(const Batch& batch, RejectStep step);
  void drop_faulty_rows(Batch& batch);

  const DecodeOptions& options_;
  TokenBuffer tokens_;
  std::string token_;
  std::deque<std::string> decoded_texts_;
  ColumnTurns turns_;
  const parquet::RowBlock* block_ = nullptr;
  std::size_t use_ = 0;  // of the object's format
  std::size_t next_chunk_ = 0;
  std::size_t chunk_ = 0;            // of the batch at hand
  std::uint64_t rows_before_ = 0;    // in the block, of its chunk
  std::vector<std::uint16_t> kept_;  // rows of the chunk in the batch; empty: all
  std::vector<std::uint16_t> chosen_;
};

}  // namespace weir::decode
