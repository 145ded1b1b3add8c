// SPDX-License-Identifier: Apache-2.0
// envelope: a byte stream -> slices of whole lines, each in memory of its own; only a line that
// straddles is copied.
#include "envelope/line_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "envelope/block_queue.hpp"

namespace weir::envelope {
namespace {

constexpr std::size_t kCapacity = kMaxLineBytes + 1;  // the longest line and its newline

/// Newlines of a text, summed in bytes so that the loop becomes SIMD.
std::uint64_t count_lines(std::string_view text) noexcept {
  constexpr std::size_t kPiece = std::size_t{16} * 255;  // more could overflow a byte
  std::uint64_t lines = 0;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, kPiece);
    std::uint8_t sums[16] = {};
    std::size_t at = 0;
    for (; at + sizeof sums <= piece.size(); at += sizeof sums) {
      for (std::size_t i = 0; i < sizeof sums; ++i) {
        sums[i] = static_cast<std::uint8_t>(sums[i] + (piece[at + i] == '\n' ? 1 : 0));
      }
    }
    for (const std::uint8_t sum : sums) lines += sum;
    for (; at < piece.size(); ++at) lines += piece[at] == '\n' ? 1 : 0;
    text.remove_prefix(piece.size());
  }
  return lines;
}

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteStream> stream, std::vector<Reject>& rejects)
    : stream_(std::move(stream)), rejects_(rejects) {}

Result<bool> LineReader::next(PaddedText& memory, LineSlice& slice) {
  memory.reserve(kCapacity);
  size_ = carried_.copy(memory.data(), carried_.size());
  carried_.clear();
  for (std::size_t goal = kBlockBytes;; goal = kCapacity) {
    fill(memory, goal);
    const std::string_view bytes(memory.data(), size_);
    const std::size_t newline = bytes.rfind('\n');
    if (newline != std::string_view::npos) return hand_out(memory, newline + 1, slice);
    if (size_ == kCapacity) {
      drop_long_line(memory);
      if (rejects_.size() >= kMaxWaitingRejects) return hand_out(memory, 0, slice);
    } else if (ended_) {
      return finish(memory, slice);
    }
  }
}

void LineReader::fill(PaddedText& memory, std::size_t goal) {
  while (!ended_ && size_ < goal) {
    Result<std::size_t> got = stream_->read(std::span(memory.data() + size_, goal - size_));
    if (!got) error_ = std::move(got.error());
    ended_ = error_.has_value() || *got == 0;
    if (!ended_) size_ += *got;
  }
}

Result<bool> LineReader::hand_out(PaddedText& memory, std::size_t length, LineSlice& slice) {
  slice = {.text = {memory.data(), length}, .first_line = line_};
  carried_.assign(memory.data() + length, size_ - length);
  line_ += count_lines(slice.text);
  return true;
}

void LineReader::drop_long_line(PaddedText& memory) {
  const std::string_view begin(memory.data(), size_);
  rejects_.push_back(too_long_reject({.line = line_, .column = 0}, kMaxLineBytes, begin));
  ++line_;
  while (true) {
    const std::string_view bytes(memory.data(), size_);
    const std::size_t newline = bytes.find('\n');
    if (newline != std::string_view::npos) {
      size_ -= newline + 1;
      std::memmove(memory.data(), memory.data() + newline + 1, size_);
      return;
    }
    size_ = 0;
    if (ended_) return;
    fill(memory, kBlockBytes);
  }
}

Result<bool> LineReader::finish(PaddedText& memory, LineSlice& slice) {
  if (error_) {
    if (size_ > 0) {
      const std::string_view rest(memory.data(), std::exchange(size_, 0));
      rejects_.push_back(cut_off_reject({.line = line_, .column = 0}, rest));
    }
    return Unexpected(*std::exchange(error_, std::nullopt));
  }
  if (size_ == 0) return false;
  memory.data()[size_++] = '\n';
  return hand_out(memory, size_, slice);
}

}  // namespace weir::envelope
