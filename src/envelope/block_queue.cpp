// SPDX-License-Identifier: Apache-2.0
// envelope: records, one by one -> blocks of lines.
#include "envelope/block_queue.hpp"

#include "envelope/reject.hpp"

namespace weir::envelope {

void BlockQueue::add(std::string_view line, LineOrigin origin, const FormatPtr& format) {
  if (blocks_.empty() || blocks_.back().format != format ||
      blocks_.back().text.size() >= kBlockBytes) {
    spare_.format = format;
    blocks_.push_back(std::exchange(spare_, Block{}));
  }
  Block& block = blocks_.back();
  block.text.append(line).push_back('\n');
  block.origins.push_back(origin);
}

void BlockQueue::take(LineBlock& block) {
  spare_ = std::move(blocks_.front());
  blocks_.pop_front();
  block.text = block.memory.assign(spare_.text);
  block.origins.swap(spare_.origins);
  block.first_line = block.origins.front().line;
  block.format = spare_.format;
  spare_.text.clear();
  spare_.origins.clear();
}

Result<bool> QueuedEnvelope::fill(LineBlock& block) {
  while (!ended_ && !queue_.has_full_block() && rejects_.size() < kMaxWaitingRejects) {
    Result<bool> more = step();
    if (!more) error_ = std::move(more.error());
    ended_ = error_.has_value() || !*more;
  }
  block.dropped_lines = 0;
  if (!queue_.empty()) {
    queue_.take(block);
    return true;
  }
  block.text = {};
  block.origins.clear();
  block.format = nullptr;
  if (!ended_) return true;
  if (error_) return Unexpected(*std::exchange(error_, std::nullopt));
  return false;
}

}  // namespace weir::envelope
