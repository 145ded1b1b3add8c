// SPDX-License-Identifier: Apache-2.0
// cli: Ctrl-C and its like.
#include "cli/interrupt.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "base/unfinished.hpp"

namespace weir::cli {

InterruptWatch::InterruptWatch() {
  sigemptyset(&watched_);
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
    // What the caller told us to ignore (`nohup`) stays ignored: waiting for it would get it.
    struct sigaction action {};
    const bool is_ignored = sigaction(each, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
    if (!is_ignored) sigaddset(&watched_, each);
  }
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  waiter_ = std::thread([this] { wait_for_signals(); });
}

InterruptWatch::~InterruptWatch() {
  ended_ = true;
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void InterruptWatch::guard(std::function<void()> interrupt) {
  const std::lock_guard lock(mutex_);
  interrupt_ = std::move(interrupt);
}

/// A query that begins just after it was asked to end has not heard it, so it is told again.
void InterruptWatch::wait_for_signals() {
  constexpr timespec kPatience{.tv_sec = 0, .tv_nsec = 20'000'000};
  while (!ended_) {
    const int caught = sigtimedwait(&watched_, nullptr, &kPatience);
    if (caught > 0) signal_ = caught;
    if (signal_ == 0) continue;
    const std::lock_guard lock(mutex_);
    if (interrupt_) interrupt_();
  }
}

void die_of(int signal) {
  base::remove_unfinished();
  std::signal(signal, SIG_DFL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
  kill(getpid(), signal);
  std::_Exit(128 + signal);
}

}  // namespace weir::cli
