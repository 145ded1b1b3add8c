// SPDX-License-Identifier: Apache-2.0
// synth: lines in a sink.
#include "synth/log_writer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir::synth {

LogWriter::LogWriter(const RecordPlan& plan, ByteSink& sink, Amount amount, Progress* progress)
    : plan_(plan), sink_(sink), amount_(amount), progress_(progress) {
  const std::size_t later_bytes = kLaterBytes + plan.max_line_bytes();
  later_.bytes = std::make_unique_for_overwrite<char[]>(later_bytes);
  text_.bytes =
      std::make_unique_for_overwrite<char[]>(kFlushBytes + plan.max_line_bytes() + later_bytes);
}

void LogWriter::write_header(std::string_view header) {
  bytes_ += header.size() + 1;
  written_ = sink_.write(header);
  if (written_) written_ = sink_.write("\n");
  full_ = !written_;
}

void LogWriter::release() {
  if (text_.size > kFlushBytes) flush();
  std::memcpy(text_.bytes.get() + text_.size, later_.bytes.get(), later_.size);
  text_.size += later_.size;
  later_.size = 0;
}

void LogWriter::flush() {
  if (written_ && text_.size > 0) written_ = sink_.write({text_.bytes.get(), text_.size});
  if (!written_) full_ = true;
  text_.size = 0;
  if (progress_ != nullptr) progress_->advance(done() - std::exchange(told_, done()));
}

std::uint64_t LogWriter::progress() const noexcept {
  const bool by_bytes = amount_.bytes > 0;
  const std::uint64_t all = std::max<std::uint64_t>(by_bytes ? amount_.bytes : amount_.records, 1);
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(done()) << 32) / all);
}

Result<void> LogWriter::finish() {
  release();
  flush();
  return written_;
}

}  // namespace weir::synth
