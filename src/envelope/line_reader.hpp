// SPDX-License-Identifier: Apache-2.0
// envelope: a byte stream -> slices of whole lines, each in memory of its own; only a line that
// straddles is copied.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "envelope/reject.hpp"
#include "envelope/sampled_stream.hpp"

namespace weir::envelope {

/// Whole lines, each ended by '\n'.
struct LineSlice {
  std::string_view text;
  std::uint64_t first_line = 1;
};

/// Memory:  what straddles two slices, at most kMaxLineBytes. Slices lie in the caller's memory.
/// Errors:  what the stream reports, after every whole line before it. A line that the damage cuts
///          is a reject, never a shorter record.
class LineReader {
 public:
  /// Lines that are too long or cut off go to `rejects`, which must outlive the reader.
  LineReader(std::unique_ptr<ByteStream> stream, std::vector<Reject>& rejects);

  /// Fills `memory`, lets `slice` show its whole lines and returns true, or returns false at the
  /// end. The slice is empty when only rejects were found so far.
  Result<bool> next(PaddedText& memory, LineSlice& slice);

 private:
  void fill(PaddedText& memory, std::size_t goal);
  void drop_long_line(PaddedText& memory);
  Result<bool> hand_out(PaddedText& memory, std::size_t length, LineSlice& slice);
  Result<bool> finish(PaddedText& memory, LineSlice& slice);

  std::unique_ptr<ByteStream> stream_;
  std::vector<Reject>& rejects_;
  std::string carried_;     // what stood behind the last newline
  std::size_t size_ = 0;    // bytes in the memory that is being filled
  std::uint64_t line_ = 1;  // of the next slice
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace weir::envelope
