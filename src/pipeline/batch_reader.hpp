// SPDX-License-Identifier: Apache-2.0
// pipeline: what one thread of a run does: it takes blocks from the schedule, and hands out their
// batches one after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "decode/block_decoder.hpp"
#include "decode/chunk_decoder.hpp"
#include "pipeline/matcher.hpp"
#include "pipeline/schedule.hpp"
#include "weir/pipeline.hpp"

namespace weir::pipeline {

/// Threads: one at a time; each thread of a run has its own.
class BatchReader {
 public:
  /// Called when the batches of a block have all been handed out.
  using EndBlock = std::function<std::unique_ptr<SinkPiece>()>;

  /// All of the arguments must outlive this.
  BatchReader(Schedule& schedule, const RunOptions& options, const DecodeOptions& decode,
              EndBlock end_block = nullptr);
  /// Gives a block back that is not at its end.
  ~BatchReader();
  BatchReader(const BatchReader&) = delete;
  BatchReader& operator=(const BatchReader&) = delete;

  /// Finds the next batch with rows that are wanted, or returns false at the end of the run. While
  /// it reads a block, other threads may wait for it; between two calls nobody does, so that a
  /// caller may stay away as long as it likes.
  bool next();
  const Batch& batch() const { return batch_; }
  const Selection& selection() const { return selection_; }
  /// The object that the batch is from.
  const std::string& object_name() const { return claim_->work->name(); }
  /// The line of a row of the batch in its unpacked object, 1-based; of Parquet, the row.
  std::uint64_t line_number(std::size_t row) const { return maker_->line_number(row); }
  /// Where a row of the batch stands in the input: by its object, and in the object by a number
  /// that grows from record to record.
  std::size_t object_place() const { return claim_->work->place(); }
  std::uint64_t record_place(std::size_t row) const {
    constexpr int kRowBits = 32;  // a block is far smaller
    const std::uint64_t first_block = claim_->work->first_block();
    if (claim_->work->has_rows()) return (first_block << kRowBits) + line_number(row);
    return (first_block + claim_->number) << kRowBits | (first_row_ + row);
  }

  /// Rows handed out, and SKIPDATA records met if the run counts them.
  std::uint64_t matched() const { return matched_; }
  std::uint64_t skipdata() const { return skipdata_; }
  const FieldCoverage& coverage() const { return coverage_; }
  /// Records that would have matched and were left out, since they stand for a window.
  const decode::EmptyWindows& left_out() const { return left_out_; }

 private:
  void begin_block();
  Result<bool> read_block();
  bool next_in_block();
  void leave_out_windows();
  void count_coverage();
  void end_block();
  void finish();

  Schedule& schedule_;
  const DecodeOptions& decode_;
  EndBlock end_block_;
  decode::BlockDecoder line_decoder_;
  std::optional<decode::ChunkDecoder> row_decoder_;  // where there is Parquet
  decode::BatchMaker* maker_ = nullptr;              // one of the two: of the block at hand
  Matcher matcher_;
  bool counts_skipdata_;
  bool only_traffic_;
  bool hands_on_all_;
  std::optional<Schedule::Claim> claim_;
  bool is_decoding_ = false;
  FinishedBlock finished_;  // of the claimed block
  LineBlock lines_;
  parquet::RowBlock rows_;
  Batch batch_;
  Selection selection_;
  std::uint64_t first_row_ = 0;  // of the batch, in its block
  std::uint64_t rows_seen_ = 0;  // of the block
  std::uint64_t matched_ = 0;
  std::uint64_t skipdata_ = 0;
  decode::EmptyWindows left_out_;
  const std::vector<std::vector<FieldId>>& needs_;
  bool counts_covered_;
  FormatPtr judged_format_;      // whose lack is the next
  std::vector<FieldId> lacked_;  // by the format, of needs_
  FieldCoverage coverage_;
};

}  // namespace weir::pipeline
