// SPDX-License-Identifier: Apache-2.0
// render: rendered records -> sink, in order.
#include "render/machine_writer.hpp"

namespace weir::render {

Result<void> MachineWriter::write(const Batch& batch, const Selection& selection) {
  if (renderer_ == nullptr) {
    expect(batch.format, selection.count > 0);
    renderer_ = renderer();
    if (renderer_ == nullptr) return {};
  }
  renderer_->render(batch, selection, waiting_);
  return waiting_.text.size() < kFlushBytes ? Result<void>() : write_waiting();
}

Result<void> MachineWriter::write(const RenderedRecords& records) {
  if (Result<void> done = write_waiting(); !done) return done;
  return write_runs(records);
}

Result<void> MachineWriter::finish() {
  if (Result<void> done = write_waiting(); !done) return done;
  close();
  return out_.flush();
}

Result<void> MachineWriter::write_waiting() {
  Result<void> done = write_runs(waiting_);
  waiting_.clear();
  return done;
}

Result<void> MachineWriter::write_runs(const RenderedRecords& records) {
  const std::string_view text = records.text.view();
  for (std::size_t i = 0; i < records.runs.size(); ++i) {
    const std::size_t begin = records.runs[i].begin;
    const std::size_t end = i + 1 < records.runs.size() ? records.runs[i + 1].begin : text.size();
    Result<void> done = write_run(records.runs[i].format, text.substr(begin, end - begin));
    if (!done) return done;
  }
  return {};
}

}  // namespace weir::render
