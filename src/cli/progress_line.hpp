// SPDX-License-Identifier: Apache-2.0
// cli: the line on standard error that says what is being done and how far it is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "weir/progress.hpp"

namespace weir::cli {

/// The words of the line, in at most `width` columns; empty if there is nothing to tell.
///
///     reading 1.2 GiB of 3.4 GiB, 35 %, 410 MiB/s, 6 s left
///     sorting groups, 4 s
std::string progress_text(const Progress::State& state, Progress::Clock::time_point now,
                          std::size_t width);

/// Draws what a Progress tells, as long as it lives: with `always`, or with `auto` on a terminal.
/// Nothing is drawn before work has taken a second.
///
/// Threads: it has one of its own that draws; everything else is for one thread. There is one
///          object at a time.
class ProgressLine {
 public:
  /// `when` is auto, always or never.
  explicit ProgressLine(std::string_view when);
  /// Erases the line.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  Progress& progress() { return progress_; }

 private:
  friend class ProgressPause;
  friend void erase_progress_if_free();
  void draw_now_and_then();
  void draw_phase();
  void draw();
  void erase();
  void erase_at_end();

  Progress progress_;
  const std::chrono::milliseconds first_shown_;
  const std::chrono::milliseconds interval_;
  bool is_drawn_ = false;  // guarded by the mutex of all that is printed
  bool is_over_ = false;   // guarded by the next
  std::mutex mutex_;
  std::condition_variable over_;
  std::thread drawer_;
};

/// Rows on their way into an answer: a phase that begins with the first of them, since what makes
/// them has phases of its own.
class WrittenRows {
 public:
  /// `total` is 0 if nobody knows.
  WrittenRows(Progress& progress, std::uint64_t total) : progress_(progress), total_(total) {}
  void add() {
    if (count_++ % kToldAtOnce == 0) tell();
  }

 private:
  static constexpr std::uint64_t kToldAtOnce = 1024;
  void tell();

  Progress& progress_;
  std::uint64_t total_;
  std::uint64_t count_ = 0;
};

/// Erases the line, unless someone is printing: who may wait for a reader that never comes back.
void erase_progress_if_free();

/// Keeps the line away as long as it lives, for whoever prints: nothing is printed while a line
/// stands, and none is drawn into what is printed.
class ProgressPause {
 public:
  /// Without `erases` the line stays where it is: for what goes elsewhere than to the terminal.
  explicit ProgressPause(bool erases = true);
  ProgressPause(const ProgressPause&) = delete;
  ProgressPause& operator=(const ProgressPause&) = delete;

  /// Tells whether what was written to the terminal ended its line. No progress is drawn behind
  /// one that goes on.
  void set_line_ended(bool has_ended);
  /// Tells that something went into standard output, which is a pipe. Who reads it may print to the
  /// same terminal, a while later: no progress is drawn before that has had its time.
  void set_pipe_used();

 private:
  std::lock_guard<std::mutex> lock_;
};

}  // namespace weir::cli
