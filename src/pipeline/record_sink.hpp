// SPDX-License-Identifier: Apache-2.0
// pipeline: batches -> a record writer, rendered by every thread of a run.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "weir/pipeline.hpp"
#include "weir/render.hpp"

namespace weir::pipeline {

struct RecordPiece;

/// Hands records on until there are enough.
///
/// Threads: parts render, commit() writes. A writer that does not know its columns yet gets the
///          first records as copies, in order; once they are written every thread renders.
/// Memory:  the text of the pieces that are on their way; their buffers are used again.
class RecordSink final : public BatchSink {
 public:
  static constexpr std::uint64_t kAllRecords = ~std::uint64_t{0};

  /// `in_order`: the writer must see batches one after the other, as one of tables does.
  RecordSink(RecordWriter& writer, bool in_order, std::uint64_t limit);
  ~RecordSink() override;

  Result<bool> take(const Batch& batch, const Selection& selection) override;
  std::unique_ptr<SinkPart> part() override;
  Result<bool> commit(std::unique_ptr<SinkPiece> piece) override;

  /// A renderer, or null as long as the writer needs batches.
  /// Threads: may be called by any.
  std::unique_ptr<RecordRenderer> renderer() const;
  /// An empty piece, used before if there is one.
  /// Threads: may be called by any.
  std::unique_ptr<RecordPiece> take_piece();

 private:
  Result<void> write(const RecordPiece& piece);
  void learn_columns();

  RecordWriter& writer_;
  const bool in_order_;
  std::uint64_t left_;
  std::atomic<bool> can_render_{false};
  std::mutex mutex_;
  std::vector<std::unique_ptr<RecordPiece>> free_pieces_;  // guarded by mutex_
};

}  // namespace weir::pipeline
