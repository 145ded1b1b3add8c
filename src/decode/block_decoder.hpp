// SPDX-License-Identifier: Apache-2.0
// decode: one block of lines -> batches. Three steps, of which the second goes through
// ObjectDecoding in the order of the blocks and costs next to nothing:
//
//   index    where the tokens stand                          any thread
//   settle   which format each line has, which is no record  in order
//   next     batches: columns converted as they are wanted   any thread
#pragma once

#include <string>
#include <vector>

#include "decode/batch_maker.hpp"
#include "decode/column_turns.hpp"
#include "decode/convert.hpp"
#include "decode/line_index.hpp"

namespace weir::decode {

/// Memory:  about the size of the block for positions, and one batch.
/// Threads: one at a time.
class BlockDecoder final : public BatchMaker {
 public:
  /// `options` must outlive this.
  explicit BlockDecoder(const DecodeOptions& options);

  /// `block` must stay as it is until the next call. `guess` is what its lines probably look like.
  void index(LineBlock& block, const LineShape& guess);
  Result<void> settle(ObjectDecoding& object) override;
  bool next(Batch& batch) override;
  void complete(Batch& batch, Selection& selection, std::size_t step) override;
  /// Looks at the text.
  EmptyWindows empty_windows(const Batch& batch, Selection& selection, bool drops) const override;
  std::uint64_t line_number(std::size_t row) const override { return origin_of(line_of(row)).line; }

 private:
  /// Rows of one format, one after the other.
  struct Run {
    std::size_t use;
    FormatPtr format;
    std::size_t begin;
    std::size_t end;
  };

  Result<void> settle_formats(ObjectDecoding& object);
  void take_lead(FormatChooser& chooser);
  std::string_view lines_below(std::string_view line) const;
  bool split_glued_lines(std::uint32_t first_line, std::size_t at);
  void settle_lines(ObjectDecoding& object);
  bool settle_line(ObjectDecoding& object);
  void add_row(std::size_t use, const FormatPtr& format);
  using Complaint = FormatChooser::Mismatch;
  template <class Describe>
  void reject_line(RejectStep step, std::string_view line, std::uint32_t number,
                   RejectReason reason, Describe describe);
  void convert_columns(Batch& batch, ColumnTurns::Turn turn, const std::uint32_t* first,
                       std::size_t rows, const std::uint16_t* row_numbers);
  void lay_out_uniform_rows();
  std::uint32_t line_of(std::size_t row) const;
  LineOrigin origin_of(std::uint32_t line) const;
  void drop_faulty_rows(Batch& batch);
  void reject_faults(const Batch& batch, RejectStep step);

  const DecodeOptions& options_;
  LineIndex index_;
  LineBlock* block_ = nullptr;
  std::uint64_t first_line_ = 1;  // when the block has no origins
  LineShape shape_;
  LineIndex::Lead lead_;  // a header at the front
  bool guess_is_right_ = false;

  std::vector<Run> runs_;
  std::vector<std::uint32_t> first_;  // position index of each row
  std::vector<std::uint32_t> lines_;  // line of each row, from 0; empty if they follow the lead
  // What first_ was laid out for, if all rows are alike; no fields otherwise.
  std::size_t uniform_fields_ = 0;
  std::size_t uniform_lead_ = 0;
  bool stopped_ = false;  // strict, and a line was rejected

  std::size_t run_ = 0;  // of the batch that comes next
  std::size_t row_ = 0;
  std::size_t batch_row_ = 0;          // the row of the block that the batch at hand begins with
  std::vector<std::uint32_t> chosen_;  // positions of selected rows

  ColumnTurns turns_;
};

}  // namespace weir::decode
