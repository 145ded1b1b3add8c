// SPDX-License-Identifier: Apache-2.0
// base: how far something long has come.
#include "weir/progress.hpp"

#include <utility>

namespace weir {

void Progress::begin(std::string_view phase, ProgressUnit unit, std::uint64_t total,
                     std::string_view then) {
  {
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    if (state_.phase.empty()) state_.busy_since = now;
    state_.phase = phase;
    state_.unit = unit;
    state_.total = total;
    state_.then = then;
    state_.began = now;
    done_.store(0, std::memory_order_relaxed);
  }
  if (on_phase_) on_phase_();
}

void Progress::end() {
  {
    const std::lock_guard lock(mutex_);
    state_.phase = {};
  }
  if (on_end_) on_end_();
}

void Progress::ask(AskShare share) {
  const std::lock_guard lock(mutex_);
  ask_ = std::move(share);
}

Progress::State Progress::state() const {
  const std::lock_guard lock(mutex_);
  State state = state_;
  state.done = done_.load(std::memory_order_relaxed);
  if (ask_) state.share = ask_();
  return state;
}

}  // namespace weir
