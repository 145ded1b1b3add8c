// SPDX-License-Identifier: Apache-2.0
// base: how far something long has come, for whoever wants to know.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

namespace weir {

/// What is counted on the way.
enum class ProgressUnit : std::uint8_t {
  none,     ///< nothing: only that it goes on is known
  bytes,    ///< of the inputs, packed
  records,  ///< of the log
  rows,     ///< of an answer
  steps,    ///< of no meaning to anybody, but of the same size
};

/// What is being done and how far it is. The library tells, and prints nothing; a program looks as
/// often as it likes, and draws.
///
///     Progress progress;
///     options.progress = &progress;           // RunOptions, AggregateOptions, ...
///     ... in another thread: progress.state()
///
/// Threads: safe for all.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  struct State {
    /// What is being done, as in `reading`; empty between two pieces of work.
    std::string_view phase;
    ProgressUnit unit = ProgressUnit::none;
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< 0 if unknown
    /// The phase that goes on without a sign once all of `total` is done: bytes have been read, and
    /// are sorted. Or empty.
    std::string_view then;
    std::optional<double> share;   ///< of the whole phase, 0..1, from someone else who knows it
    Clock::time_point began;       ///< the phase
    Clock::time_point busy_since;  ///< the first phase since there was nothing to do
  };

  /// `on_phase` is told when a phase has begun, by the thread that begins it, and `on_end` when
  /// there is nothing more to do.
  explicit Progress(std::function<void()> on_phase = nullptr,
                    std::function<void()> on_end = nullptr)
      : on_phase_(std::move(on_phase)), on_end_(std::move(on_end)) {}

  /// Begins a phase, and thereby ends the one before. All texts must outlive this: literals.
  void begin(std::string_view phase, ProgressUnit unit = ProgressUnit::none,
             std::uint64_t total = 0, std::string_view then = {});
  /// More has been done. Costs next to nothing, if it is called for some thousand records at once.
  void advance(std::uint64_t more) noexcept { done_.fetch_add(more, std::memory_order_relaxed); }
  /// There is nothing more to do.
  void end();

  /// Whoever knows the share of the phases to come and can be asked by any thread; null: nobody.
  /// When this returns the one before is not asked any more.
  using AskShare = std::function<std::optional<double>()>;
  void ask(AskShare share);

  State state() const;

 private:
  const std::function<void()> on_phase_;
  const std::function<void()> on_end_;
  std::atomic<std::uint64_t> done_{0};
  mutable std::mutex mutex_;  // over what follows
  State state_;               // but for what is done
  AskShare ask_;
};

}  // namespace weir
