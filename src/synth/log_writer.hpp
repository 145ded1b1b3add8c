// SPDX-License-Identifier: Apache-2.0
// synth: records -> lines in a sink, up to a limit that is exact to a record.
#pragma once

#include <cstdint>
#include <memory>

#include "synth/record_plan.hpp"
#include "weir/progress.hpp"
#include "weir/result.hpp"
#include "weir/source.hpp"

namespace weir::synth {

/// How much an object holds, in one of two units.
struct Amount {
  std::uint64_t bytes = 0;    ///< 0: `records` counts
  std::uint64_t records = 0;  ///< used if `bytes` is 0
};

/// Memory: two blocks of fixed size.
/// Threads: one at a time.
class LogWriter {
 public:
  /// `progress` is told what is handed to the sink, in the unit of the amount; may be null.
  LogWriter(const RecordPlan& plan, ByteSink& sink, Amount amount, Progress* progress);

  void write_header(std::string_view header);
  /// Writes a line, or nothing once the amount is reached.
  template <class Line>
  void write(const Line& line) {
    take(text_, line);
    if (text_.size > kFlushBytes) flush();
  }
  /// The same for a line that is delivered somewhat later: the other end of a conversation is seen
  /// by another interface, and its records stand elsewhere in the log.
  template <class Line>
  void write_later(const Line& line) {
    take(later_, line);
    if (later_.size > kLaterBytes) release();
  }
  /// Writes what waits.
  void release();

  bool is_full() const noexcept { return full_; }
  /// The share that is written, in 2^-32.
  std::uint64_t progress() const noexcept;
  std::uint64_t bytes() const noexcept { return bytes_; }
  std::uint64_t records() const noexcept { return records_; }
  /// Hands everything to the sink. Errors: the first that the sink reported.
  Result<void> finish();

 private:
  static constexpr std::size_t kFlushBytes = std::size_t{128} << 10;
  static constexpr std::size_t kLaterBytes = std::size_t{64} << 10;

  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  template <class Line>
  void take(Block& block, const Line& line) {
    if (full_) return;
    char* const begin = block.bytes.get() + block.size;
    const auto length = static_cast<std::size_t>(plan_.write(line, begin) - begin);
    if (amount_.bytes > 0 ? bytes_ + length > amount_.bytes : records_ >= amount_.records) {
      full_ = true;
      return;
    }
    block.size += length;
    bytes_ += length;
    ++records_;
  }
  void flush();
  /// What counts towards the amount.
  std::uint64_t done() const noexcept { return amount_.bytes > 0 ? bytes_ : records_; }

  const RecordPlan& plan_;
  ByteSink& sink_;
  Amount amount_;
  Progress* progress_;
  Block text_;
  Block later_;
  std::uint64_t bytes_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t told_ = 0;  // of done()
  bool full_ = false;
  Result<void> written_;
};

}  // namespace weir::synth
