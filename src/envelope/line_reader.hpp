// SPDX-License-Identifier: Apache-2.0
// envelope: a byte stream -> slices of whole lines, without copying a line that does not straddle.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "envelope/reject.hpp"
#include "envelope/sampled_stream.hpp"

namespace weir {

/// Whole lines, each ended by '\n'; valid until the next call of LineReader::next().
struct LineSlice {
  std::string_view text;
  std::uint64_t first_line = 1;
};

/// Memory:  one buffer of kMaxLineBytes, of which short lines touch kBlockBytes.
/// Errors:  what the stream reports, after every whole line before it. A line that the damage cuts
///          is a reject, never a shorter record.
class LineReader {
 public:
  /// Lines that are too long or cut off go to `rejects`, which must outlive the reader.
  LineReader(std::unique_ptr<ByteStream> stream, std::vector<Reject>& rejects);

  /// Fills `slice` and returns true, or returns false at the end. The slice is empty when only
  /// rejects were found so far.
  Result<bool> next(LineSlice& slice);

 private:
  void fill(std::size_t goal);
  void release(std::size_t bytes);
  void drop_long_line();
  Result<bool> finish(LineSlice& slice);

  std::unique_ptr<ByteStream> stream_;
  std::vector<Reject>& rejects_;
  std::unique_ptr<char[]> buffer_;
  std::size_t size_ = 0;
  std::size_t handed_out_ = 0;
  std::uint64_t line_ = 1;  // of the first byte in the buffer
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace weir
