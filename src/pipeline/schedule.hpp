// SPDX-License-Identifier: Apache-2.0
// pipeline: which block a thread works on next, and in which order the results are committed.
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

namespace weir::pipeline {

/// What came of one block.
struct FinishedBlock {
  decode::BlockOutcome outcome;
  std::unique_ptr<SinkPiece> piece;
  std::vector<FormatPtr> formats;  ///< of its batches
  std::optional<Error> error;      ///< the object could not be read on
  bool is_last = false;
  bool is_opened = true;  ///< false: this is no flow log, or cannot be opened
};

/// Threads: safe for all.
class Schedule {
  struct Slot;

 public:
  /// A block to work on.
  struct Claim {
    std::shared_ptr<Slot> slot;
    std::uint64_t number = 0;
    std::shared_ptr<ObjectWork> work;
    bool opens = false;  ///< the object has to be opened first
  };

  /// For runs that leave nothing to commit.
  static constexpr std::size_t kAnyAhead = std::size_t{1} << 48;

  /// All but the number must outlive this. `most_ahead` blocks may be finished before their turn.
  Schedule(std::span<const Input> inputs, const RunOptions& options, const DecodeOptions& decode,
           std::size_t most_ahead, BatchSink& sink, parquet::Engine& parquet);

  /// Waits for a block; nothing when the run is over. `last` is what the thread worked on before.
  std::optional<Claim> claim(const std::optional<Claim>& last);
  /// The object of the claimed block has been opened.
  void has_opened(const Claim& claim);
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
  /// An object, or a part of one.
  struct Slot {
    std::shared_ptr<ObjectWork> work;
    std::uint64_t next_claim = 0;
    std::size_t in_flight = 0;  // blocks claimed and not finished
    bool is_reading = false;
    bool has_ranges = false;
    bool has_next_part = false;                     // which has no slot yet
    bool has_next_member = false;                   // perhaps, in its archive; the same
    bool is_exhausted = false;                      // no block is left to claim
    std::map<std::uint64_t, FinishedBlock> blocks;  // finished, not committed
    std::uint64_t next_commit = 0;
    bool is_opened = false;
    bool is_done = false;    // all is committed
    bool is_closed = false;  // and reported
    std::vector<FormatPtr> formats;
    std::vector<Error> failures;
  };
  using SlotPtr = std::shared_ptr<Slot>;

  /// Whether something follows the slot that can be opened now.
  static bool can_go_on(const Slot& slot);
  static bool goes_on(const Slot& slot) { return slot.has_next_part || slot.has_next_member; }

  std::optional<Claim> claim_from(const SlotPtr& slot);
  std::optional<Claim> claim_any(const std::optional<Claim>& last);
  std::optional<Claim> claim_what_follows();
  std::optional<Claim> claim_next_object();
  static Claim claim_first_block(const SlotPtr& slot);
  bool is_all_claimed() const;
  bool can_open_more() const;
  bool has_room_ahead(const SlotPtr& slot) const;
  bool commit_one(std::unique_lock<std::mutex>& lock);
  void commit(Slot& slot, FinishedBlock block, std::unique_lock<std::mutex>& lock);
  void close(Slot& slot);
  void end_object();
  bool must_wait_its_turn(const FinishedBlock& block) const;
  void fail(Slot& slot, Error error);
  void report_failures(Slot& slot);
  void report_change(Slot& slot);

  std::span<const Input> inputs_;
  const RunOptions& options_;
  const DecodeOptions& decode_;
  RunContext context_;
  BatchSink& sink_;
  std::size_t most_ahead_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<SlotPtr> slots_;   // opened and not closed, in the order of the input
  std::size_t next_input_ = 0;  // the first object that has no slot
  std::size_t waiting_ = 0;     // pieces that wait for their turn
  bool is_committing_ = false;  // a thread is at it
  std::atomic<bool> stopped_{false};
  std::optional<DecodeReport> object_report_;  // of the parts of an object that are closed
  RunReport report_;
  std::vector<FormatPtr> formats_;
};

}  // namespace weir::pipeline
