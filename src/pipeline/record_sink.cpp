// SPDX-License-Identifier: Apache-2.0
// pipeline: batches -> a record writer, rendered by every thread of a run.
#include "pipeline/record_sink.hpp"

#include <algorithm>
#include <utility>

#include "batch/batch_copy.hpp"

namespace weir::pipeline {

/// What a block of input became: first what came before the columns were known, then text.
struct RecordPiece final : SinkPiece {
  std::vector<batch::BatchCopy> batches;
  RenderedRecords rendered;
};

namespace {

class RecordPart final : public SinkPart {
 public:
  explicit RecordPart(RecordSink& sink) : sink_(sink) {}

  void take(const Batch& batch, const Selection& selection) override {
    if (piece_ == nullptr) piece_ = sink_.take_piece();
    if (renderer_ == nullptr) renderer_ = sink_.renderer();
    if (renderer_ == nullptr) {
      piece_->batches.push_back(batch::copy_rows(batch, selection));
    } else {
      renderer_->render(batch, selection, piece_->rendered);
    }
  }

  std::unique_ptr<SinkPiece> end_block() override { return std::move(piece_); }

 private:
  RecordSink& sink_;
  std::unique_ptr<RecordRenderer> renderer_;
  std::unique_ptr<RecordPiece> piece_;
};

}  // namespace

RecordSink::RecordSink(RecordWriter& writer, bool in_order, std::uint64_t limit)
    : writer_(writer), in_order_(in_order), left_(limit) {
  learn_columns();
}

RecordSink::~RecordSink() = default;

Result<bool> RecordSink::take(const Batch& batch, const Selection& selection) {
  Selection wanted = selection;
  wanted.count = static_cast<std::size_t>(std::min<std::uint64_t>(selection.count, left_));
  if (left_ != kAllRecords) left_ -= wanted.count;
  if (Result<void> written = writer_.write(batch, wanted); !written) {
    return Unexpected(std::move(written.error()));
  }
  return left_ > 0;
}

std::unique_ptr<SinkPart> RecordSink::part() {
  if (in_order_ || left_ != kAllRecords) return nullptr;
  return std::make_unique<RecordPart>(*this);
}

Result<bool> RecordSink::commit(std::unique_ptr<SinkPiece> piece) {
  if (piece == nullptr) return true;
  // Every piece comes from a RecordPart.
  std::unique_ptr<RecordPiece> records(static_cast<RecordPiece*>(piece.release()));
  if (Result<void> written = write(*records); !written) {
    return Unexpected(std::move(written.error()));
  }
  records->batches.clear();
  records->rendered.clear();
  const std::lock_guard lock(mutex_);
  free_pieces_.push_back(std::move(records));
  return true;
}

Result<void> RecordSink::write(const RecordPiece& piece) {
  for (const batch::BatchCopy& copy : piece.batches) {
    Selection all;
    all.select_all(copy.batch.rows);
    if (Result<void> written = writer_.write(copy.batch, all); !written) return written;
    learn_columns();
  }
  return writer_.write(piece.rendered);
}

/// Once the writer has a renderer it stays as it is, so that any thread may ask it for one.
void RecordSink::learn_columns() {
  if (!in_order_ && !can_render_ && writer_.renderer() != nullptr) can_render_ = true;
}

std::unique_ptr<RecordRenderer> RecordSink::renderer() const {
  return can_render_ ? writer_.renderer() : nullptr;
}

std::unique_ptr<RecordPiece> RecordSink::take_piece() {
  const std::lock_guard lock(mutex_);
  if (free_pieces_.empty()) return std::make_unique<RecordPiece>();
  std::unique_ptr<RecordPiece> piece = std::move(free_pieces_.back());
  free_pieces_.pop_back();
  return piece;
}

}  // namespace weir::pipeline
