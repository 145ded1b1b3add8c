// SPDX-License-Identifier: Apache-2.0
// pipeline: one object that several threads work on. Its blocks are numbered as they are claimed,
// and pass two points in the order of their numbers: their formats are settled, and what came of
// them is committed.
//
//   claim 0 1 2 3 ...      read, index      settle 0 1 2 3 ...      decode      commit 0 1 2 3 ...
//   one at a time          any thread       one at a time           any         one at a time
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "decode/block_decoder.hpp"
#include "decode/object_decoding.hpp"
#include "envelope/line_ranges.hpp"
#include "weir/pipeline.hpp"

namespace weir {

class ObjectWork {
 public:
  /// `options` must outlive this.
  ObjectWork(std::string name, const DecodeOptions& options)
      : name_(std::move(name)), options_(options) {}

  const std::string& name() const { return name_; }

  // ---- reading: by the thread that has claimed a block ----

  /// Errors: those of Object::open() and Envelope::open().
  Result<void> open();
  /// True if blocks can be read by several threads at once.
  bool has_ranges() const { return ranges_.has_value(); }
  std::uint64_t range_count() const { return ranges_->count(); }
  /// Fills block `number`; false at the end. One thread at a time unless has_ranges().
  Result<bool> read(std::uint64_t number, LineBlock& block);
  /// Packed bytes read so far, of all that were or will be read.
  std::uint64_t packed_bytes() const { return packed_bytes_.load(std::memory_order_relaxed); }

  // ---- settling ----

  /// Waits for the blocks before `number` and settles this one; false if the object ended before
  /// it. Must be called for every claimed block, also for one that could not be read, which
  /// `is_last` tells.
  Result<bool> settle(std::uint64_t number, BlockDecoder& decoder, bool is_last);
  /// What lines probably look like.
  LineShape shape();

  // ---- committing: in order ----

  /// Adds what happened in the next block. Returns what ends the object: a reject under `strict`.
  std::optional<Error> commit(BlockOutcome& outcome);
  /// Closes the object: no block follows.
  DecodeReport& finish();

 private:
  std::string name_;
  const DecodeOptions& options_;
  std::unique_ptr<Object> object_;
  std::unique_ptr<Envelope> envelope_;
  std::optional<LineRanges> ranges_;
  std::unique_ptr<ObjectDecoding> decoding_;
  std::atomic<std::uint64_t> packed_bytes_{0};

  std::mutex mutex_;  // over what settling changes
  std::condition_variable settled_;
  std::uint64_t next_to_settle_ = 0;
  bool ended_ = false;
  LineShape shape_;
};

}  // namespace weir
