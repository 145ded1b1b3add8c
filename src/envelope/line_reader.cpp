// SPDX-License-Identifier: Apache-2.0
// envelope: a byte stream -> slices of whole lines, without copying a line that does not straddle.
#include "envelope/line_reader.hpp"

#include <algorithm>
#include <cstring>

#include "envelope/block_queue.hpp"

namespace weir {
namespace {

constexpr std::size_t kCapacity = kMaxLineBytes + 1;  // the longest line and its newline

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteStream> stream, std::vector<Reject>& rejects)
    : stream_(std::move(stream)),
      rejects_(rejects),
      // Not zeroed: pages that no line reaches cost nothing.
      buffer_(new char[kCapacity]) {}

Result<bool> LineReader::next(LineSlice& slice) {
  release(std::exchange(handed_out_, 0));
  for (std::size_t goal = kBlockBytes;; goal = kCapacity) {
    fill(goal);
    const std::string_view bytes(buffer_.get(), size_);
    const std::size_t newline = bytes.rfind('\n');
    if (newline != std::string_view::npos) {
      handed_out_ = newline + 1;
      slice = {.text = bytes.substr(0, handed_out_), .first_line = line_};
      return true;
    }
    if (size_ == kCapacity) {
      drop_long_line();
      if (rejects_.size() >= kMaxWaitingRejects) {
        slice = {.text = {}, .first_line = line_};
        return true;
      }
    } else if (ended_) {
      return finish(slice);
    }
  }
}

void LineReader::fill(std::size_t goal) {
  while (!ended_ && size_ < goal) {
    Result<std::size_t> got = stream_->read(std::span(buffer_.get() + size_, goal - size_));
    if (!got) error_ = std::move(got.error());
    ended_ = error_.has_value() || *got == 0;
    if (!ended_) size_ += *got;
  }
}

void LineReader::release(std::size_t bytes) {
  if (bytes == 0) return;
  const std::string_view gone(buffer_.get(), bytes);
  line_ += static_cast<std::uint64_t>(std::count(gone.begin(), gone.end(), '\n'));
  std::memmove(buffer_.get(), buffer_.get() + bytes, size_ - bytes);
  size_ -= bytes;
}

void LineReader::drop_long_line() {
  const std::string_view begin(buffer_.get(), size_);
  rejects_.push_back(too_long_reject({.line = line_, .column = 0}, kMaxLineBytes, begin));
  while (true) {
    const std::string_view bytes(buffer_.get(), size_);
    const std::size_t newline = bytes.find('\n');
    if (newline != std::string_view::npos) return release(newline + 1);
    size_ = 0;
    if (ended_) return;
    fill(kBlockBytes);
  }
}

Result<bool> LineReader::finish(LineSlice& slice) {
  if (error_) {
    if (size_ > 0) {
      const std::string_view rest(buffer_.get(), std::exchange(size_, 0));
      rejects_.push_back(cut_off_reject({.line = line_, .column = 0}, rest));
    }
    return Unexpected(*std::exchange(error_, std::nullopt));
  }
  if (size_ == 0) return false;
  buffer_[size_++] = '\n';
  handed_out_ = size_;
  slice = {.text = {buffer_.get(), size_}, .first_line = line_};
  return true;
}

}  // namespace weir
