// SPDX-License-Identifier: Apache-2.0
// envelope: records, one by one -> blocks of lines.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/envelope.hpp"

namespace weir::envelope {

/// Bytes after which a block is handed out.
inline constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

/// Collects lines into blocks. A block ends when it is large enough and when the format changes.
class BlockQueue {
 public:
  /// Adds one line, given without its newline.
  void add(std::string_view line, LineOrigin origin, const FormatPtr& format = nullptr);
  bool empty() const noexcept { return blocks_.empty(); }
  /// True if the oldest block will not grow any more.
  bool has_full_block() const noexcept {
    return blocks_.size() > 1 || (!blocks_.empty() && blocks_.front().text.size() >= kBlockBytes);
  }
  /// Copies the oldest block out and forgets it.
  void take(LineBlock& block);

 private:
  struct Block {
    std::string text;
    std::vector<LineOrigin> origins;
    FormatPtr format;
  };
  std::deque<Block> blocks_;
  Block spare_;  // the memory of an old block, for the next one
};

/// An envelope that fills a BlockQueue in small steps.
class QueuedEnvelope : public Envelope {
 protected:
  Result<bool> fill(LineBlock& block) final;
  /// Reads and takes apart a bounded piece of the object. False means the end.
  virtual Result<bool> step() = 0;

  BlockQueue queue_;

 private:
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace weir::envelope
