// SPDX-License-Identifier: Apache-2.0
// render: text on its way into a sink, gathered in one block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ip_text.hpp"
#include "render/number_text.hpp"
#include "weir/render.hpp"

namespace weir::render {

/// Text is handed to a sink in pieces of about this many bytes.
inline constexpr std::size_t kFlushBytes = std::size_t{256} << 10;

inline void append_ip(TextBlock& out, const Ip& address) {
  out.advance_to(base::write_address(address, out.room(kMaxIpText)));
}
inline void append_number(TextBlock& out, std::uint64_t value) {
  out.advance_to(write_number(value, out.room(kMaxNumberText)));
}
inline void append_number(TextBlock& out, unsigned __int128 value) {
  out.advance_to(write_number(value, out.room(kMaxWideNumberText)));
}

/// A block that is handed to the sink when it is full.
///
/// Memory: the block size plus one record.
/// Threads: one at a time.
class TextBuffer : public TextBlock {
 public:
  explicit TextBuffer(ByteSink& sink) : sink_(&sink) {}

  /// Called after each record: writes once the block is full.
  Result<void> flush_when_full() { return size() < kFlushBytes ? Result<void>() : flush(); }
  Result<void> flush() {
    if (size() == 0) return {};
    Result<void> written = sink_->write(view());
    clear();
    return written;
  }
  /// Writes a text: a long one without gathering it.
  Result<void> write(std::string_view text) {
    if (text.size() < kFlushBytes / 4) {
      append(text);
      return flush_when_full();
    }
    if (Result<void> done = flush(); !done) return done;
    return sink_->write(text);
  }

 private:
  ByteSink* sink_;
};

}  // namespace weir::render
