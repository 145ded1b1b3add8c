// SPDX-License-Identifier: Apache-2.0
// decode: what a thread turns a block into batches with, whether of lines or of Parquet's rows.
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/block_outcome.hpp"
#include "decode/convert.hpp"
#include "decode/object_decoding.hpp"
#include "weir/batch.hpp"

namespace weir::decode {

/// Records that stand for a window and not for traffic: nothing was seen (NODATA), or what was seen
/// is not logged (SKIPDATA). AWS VPC User Guide, "Flow log records", log-status.
struct EmptyWindows {
  std::uint64_t nodata = 0;
  std::uint64_t skipdata = 0;

  /// Counts a record by its log-status. True if it is one of these.
  bool count(std::string_view status) noexcept {
    const bool is_nodata = status == "NODATA";
    const bool is_skipdata = status == "SKIPDATA";
    nodata += is_nodata ? 1 : 0;
    skipdata += is_skipdata ? 1 : 0;
    return is_nodata || is_skipdata;
  }
};

/// Counts the selected rows that stand for a window, whose log-status `status_of` tells; `drops`
/// takes them out of the selection.
template <class StatusOf>
EmptyWindows count_windows(Selection& selection, bool drops, StatusOf status_of) {
  EmptyWindows found;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < selection.count; ++i) {
    const std::uint16_t row = selection.rows[i];
    const std::string_view status = status_of(row);
    if (status.size() > 2 && found.count(status)) [[unlikely]] {
      if (drops) continue;
    }
    if (drops) selection.rows[kept++] = row;
  }
  if (drops) selection.count = kept;
  return found;
}

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
  /// Selected rows that stand for a window, which `drops` takes out of the selection; the column
  /// log-status need not be converted.
  virtual EmptyWindows empty_windows(const Batch& batch, Selection& selection,
                                     bool drops) const = 0;

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
