// SPDX-License-Identifier: Apache-2.0
// pipeline: which block a thread works on next, and in which order what came of them is committed.
//
// A thread stays with its object as long as it can: a packed object is read by one thread at a
// time, so that the others open further ones, and help with this one only when there are no further
// ones or when what waits for its turn has grown too large.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/object_work.hpp"

namespace weir {

/// What came of one block.
struct FinishedBlock {
  BlockOutcome outcome;
  std::unique_ptr<SinkPiece> piece;
  std::vector<FormatPtr> formats;  ///< of its batches
  std::optional<Error> error;      ///< the object could not be read on
  bool is_last = false;
  bool is_opened = true;  ///< false: this is no flow log, or cannot be opened
};

/// Threads: safe for all.
class Schedule {
 public:
  /// A block to work on.
  struct Claim {
    std::size_t object = 0;  ///< in the order of the names
    std::uint64_t number = 0;
    std::shared_ptr<ObjectWork> work;
    bool opens = false;  ///< the object has to be opened first
  };

  /// For runs that leave nothing to commit.
  static constexpr std::size_t kAnyAhead = std::size_t{1} << 48;

  /// `names`, `options` and `sink` must outlive this. `most_ahead` blocks may be finished before
  /// their turn.
  Schedule(std::span<const std::string> names, const RunOptions& options,
           const DecodeOptions& decode, std::size_t most_ahead, BatchSink& sink);

  /// Waits for a block; nothing when the run is over. `last` is what the thread worked on before.
  std::optional<Claim> claim(const std::optional<Claim>& last);
  /// The claimed block has been read, or not: then `ended` says that no block follows it.
  void has_read(const Claim& claim, bool ended);
  /// Takes what came of a claimed block. Commits whatever has its turn, on this thread, unless
  /// another thread is at it.
  void finish(const Claim& claim, FinishedBlock block);
  /// Ends the run before its end.
  void stop(std::optional<Error> fatal);
  /// What has ended the run, if it was an error.
  std::optional<Error> fatal();
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }

  /// Closes what is still open and returns the report. Called once, when no thread is at work.
  RunReport report();

 private:
  struct Slot {
    std::shared_ptr<ObjectWork> work;
    std::uint64_t next_claim = 0;
    std::size_t in_flight = 0;  // blocks claimed and not finished
    bool is_reading = false;
    bool has_ranges = false;
    bool is_exhausted = false;                      // no block is left to claim
    std::map<std::uint64_t, FinishedBlock> blocks;  // finished, not committed
    std::uint64_t next_commit = 0;
    bool is_opened = false;
    bool is_done = false;  // all is committed
    std::vector<FormatPtr> formats;
  };

  Slot& find(const Claim& claim);
  std::optional<Claim> claim_from(std::size_t object);
  std::optional<Claim> claim_any(const std::optional<Claim>& last);
  bool has_room_ahead(std::size_t object) const;
  bool commit_one(std::unique_lock<std::mutex>& lock);
  void commit(std::size_t object, FinishedBlock block, std::unique_lock<std::mutex>& lock);
  void close(Slot& slot);
  bool must_wait_its_turn(const FinishedBlock& block) const;
  void fail(Error error);

  std::span<const std::string> names_;
  const RunOptions& options_;
  const DecodeOptions& decode_;
  BatchSink& sink_;
  std::size_t most_ahead_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Slot> slots_;      // of objects front_ and later
  std::size_t front_ = 0;       // the first object that is not committed
  std::size_t waiting_ = 0;     // pieces that wait for their turn
  bool is_committing_ = false;  // a thread is at it
  std::atomic<bool> stopped_{false};
  std::uint64_t finished_bytes_ = 0;
  RunReport report_;
  std::vector<FormatPtr> formats_;
};

}  // namespace weir
