// SPDX-License-Identifier: Apache-2.0
// decode: what a thread turns a block into batches with, whether of lines or of Parquet's rows.
#pragma once

#include <cstdint>

#include "decode/block_outcome.hpp"
#include "decode/convert.hpp"
#include "decode/object_decoding.hpp"
#include "weir/batch.hpp"

namespace weir::decode {

/// Threads: one at a time.
class BatchMaker {
 public:
  BatchMaker();
  BatchMaker(const BatchMaker&) = delete;
  BatchMaker& operator=(const BatchMaker&) = delete;
  virtual ~BatchMaker() = default;

  /// Settles the formats of a block; called for the blocks of an object in their order.
  /// Errors: no_flow_log, ambiguous.
  virtual Result<void> settle(ObjectDecoding& object) = 0;

  /// The next batch, or false at the end of the block. Columns of DecodeOptions::later are left
  /// out.
  virtual bool next(Batch& batch) = 0;
  /// Converts the columns of a step of DecodeOptions::later in the selected rows of the batch that
  /// next() gave last. Rows that are faulty leave the selection.
  virtual void complete(Batch& batch, Selection& selection, std::size_t step) = 0;
  /// Selected rows whose log-status is SKIPDATA; the column need not be converted.
  virtual std::uint64_t count_skipdata(const Batch& batch, const Selection& selection) const = 0;

  /// The line in the unpacked object, or Parquet's row, of a row of the batch that next() gave
  /// last, 1-based.
  virtual std::uint64_t line_number(std::size_t row) const = 0;

  /// What happened, once next() has returned false.
  BlockOutcome& outcome();

 protected:
  Converter converter_;
  BlockOutcome outcome_;  ///< of the block at hand
};

}  // namespace weir::decode
