// SPDX-License-Identifier: Apache-2.0
// verdict: the different verdicts of a run, each kept once.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "base/hash.hpp"
#include "weir/verdict.hpp"

namespace weir::verdict {

struct VerdictHash {
  std::size_t operator()(const Verdict& verdict) const noexcept {
    base::WordHash hash(verdict.because.bits());
    const auto add = [&](std::uint64_t high, std::uint64_t low) { hash.add(high << 32 | low); };
    add(verdict.group, verdict.group_rule);
    add(verdict.acl, verdict.acl_number);
    add(verdict.other_group, verdict.other_rule);
    add(verdict.interface, static_cast<std::uint64_t>(verdict.cause) << 24 |
                               static_cast<std::uint64_t>(verdict.side) << 16 |
                               static_cast<std::uint64_t>(verdict.certainty) << 8 |
                               static_cast<std::uint64_t>(verdict.logged));
    return hash.value();
  }
};

/// Gives every different verdict a number from 1 on; 0 stands for no verdict. Which number is not
/// determined.
/// Threads: through a VerdictNumbers each; at() and size() once all are done.
class VerdictPool {
 public:
  std::uint32_t number_of(const Verdict& verdict) {
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] =
        numbers_.try_emplace(verdict, static_cast<std::uint32_t>(verdicts_.size() + 1));
    if (is_new) verdicts_.push_back(verdict);
    return place->second;
  }
  const Verdict& at(std::uint32_t number) const { return verdicts_[number - 1]; }
  std::size_t size() const { return verdicts_.size(); }

 private:
  std::mutex mutex_;
  std::unordered_map<Verdict, std::uint32_t, VerdictHash> numbers_;
  std::deque<Verdict> verdicts_;
};

/// One thread's way to the pool, which remembers what it was told.
class VerdictNumbers {
 public:
  explicit VerdictNumbers(VerdictPool& pool) : pool_(pool) {}

  std::uint32_t number_of(const Verdict& verdict) {
    if (last_number_ != 0 && verdict == last_) return last_number_;
    const auto [place, is_new] = known_.try_emplace(verdict, 0);
    if (is_new) place->second = pool_.number_of(verdict);
    last_ = verdict;
    last_number_ = place->second;
    return last_number_;
  }

 private:
  VerdictPool& pool_;
  std::unordered_map<Verdict, std::uint32_t, VerdictHash> known_;
  Verdict last_;
  std::uint32_t last_number_ = 0;
};

}  // namespace weir::verdict
