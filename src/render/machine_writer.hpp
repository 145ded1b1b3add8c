// SPDX-License-Identifier: Apache-2.0
// render: rendered records -> sink, in order. What the writers for programs share.
#pragma once

#include <memory>

#include "render/record_columns.hpp"
#include "render/text_buffer.hpp"

namespace weir::render {

/// A writer whose records are rendered without regard to their order; a subclass adds what depends
/// on it. Batches that come one by one take the same way through a renderer of the writer's own.
class MachineWriter : public RecordWriter {
 public:
  explicit MachineWriter(ByteSink& sink) : out_(sink) {}

  Result<void> write(const Batch& batch, const Selection& selection) final;
  Result<void> write(const RenderedRecords& records) final;
  Result<void> finish() final;

 protected:
  /// Called before the first renderer() of this writer's own.
  virtual void expect(const FormatPtr& /*format*/, bool /*has_records*/) {}
  /// Writes records of one format, possibly none, and what is due before them.
  virtual Result<void> write_run(const FormatPtr& format, std::string_view text) = 0;
  /// Writes what closes the output.
  virtual void close() = 0;

  TextBuffer out_;

 private:
  Result<void> write_runs(const RenderedRecords& records);
  Result<void> write_waiting();

  std::unique_ptr<RecordRenderer> renderer_;
  RenderedRecords waiting_;
};

}  // namespace weir::render
