// SPDX-License-Identifier: Apache-2.0
// cli: Ctrl-C and its like, while something runs that can be asked to end.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <mutex>
#include <thread>

namespace weir::cli {

/// Keeps SIGINT, SIGTERM and SIGHUP from ending the program as long as it lives, and calls
/// `interrupt` instead, again and again until it goes. Threads that are made meanwhile do not see
/// these signals either.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  /// What is to be interrupted from now on; nothing if empty.
  void guard(std::function<void()> interrupt);
  /// The signal that has come, or 0.
  int signal() const { return signal_.load(); }
  /// Forgets a signal that has come.
  void forget() { signal_.store(0); }

 private:
  void wait_for_signals();

  sigset_t watched_;
  sigset_t before_;
  std::mutex mutex_;
  std::function<void()> interrupt_;
  std::atomic<int> signal_{0};
  std::atomic<bool> ended_{false};
  std::thread waiter_;
};

/// Ends the program as the signal would have ended it (130 for a shell, 143 for SIGTERM), without a
/// word and without leaving unfinished files.
[[noreturn]] void die_of(int signal);

}  // namespace weir::cli
