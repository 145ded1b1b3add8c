// SPDX-License-Identifier: Apache-2.0
// compute: what the threads of an aggregation share, whatever the length of its keys.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/spill_file.hpp"
#include "base/text_pool.hpp"
#include "compute/compact_group.hpp"
#include "compute/group_key.hpp"
#include "weir/aggregate.hpp"

namespace weir::compute {

/// A group as everything after the hash tables sees it.
struct GroupRecord {
  std::span<const std::uint64_t> key;  // the full form
  GroupTotals totals;
};

class LargestGroups;

/// In which order groups are told: by their values, or by a measure, largest first, and then
/// values.
class GroupOrder {
 public:
  GroupOrder(std::optional<Measure> measure, const KeyLayout& layout, const base::TextPool& pool)
      : measure_(measure), layout_(&layout), pool_(&pool) {}

  std::optional<Measure> measure() const noexcept { return measure_; }
  /// True if `a` comes before `b`.
  bool before(const GroupRecord& a, const GroupRecord& b) const;

 private:
  std::optional<Measure> measure_;
  const KeyLayout* layout_;
  const base::TextPool* pool_;
};

/// Threads: part() and what parts do from any thread; the rest from one, once parts are finished.
class GroupStore {
 public:
  using Visitor = std::function<Result<bool>(const GroupRecord&)>;

  static std::unique_ptr<GroupStore> create(KeyLayout layout, AggregateOptions options);
  virtual ~GroupStore() = default;

  const KeyLayout& layout() const noexcept { return layout_; }
  const base::TextPool& pool() const noexcept { return pool_; }
  bool counts_only() const noexcept { return options_.count_only; }
  std::uint64_t group_count() const noexcept { return group_count_; }
  std::uint64_t without_key() const noexcept { return without_key_; }
  const GroupTotals& total() const noexcept { return total_; }
  bool failed() const noexcept { return failed_.load(std::memory_order_relaxed); }
  Result<void> failure() const;

  virtual std::unique_ptr<Aggregator::Part> part() = 0;
  virtual Result<void> finish() = 0;
  virtual Result<void> visit(const GroupOrder& order, const Visitor& visitor) = 0;
  virtual Result<void> offer_all(LargestGroups& largest) = 0;

 protected:
  GroupStore(KeyLayout layout, AggregateOptions options);

  /// Which counts compact groups have: those that the first batch has.
  KnownCounts known_counts(const CountColumns& counts) noexcept;
  KnownCounts known_counts() const noexcept;
  void add_totals(const GroupTotals& totals, std::uint64_t without_key);
  void fail(Error error);
  /// What begins now, in so many steps, each of which is a partition or a chunk of groups.
  void begin(std::string_view phase, std::uint64_t steps = 0) const {
    if (options_.progress == nullptr) return;
    options_.progress->begin(phase, steps > 0 ? ProgressUnit::steps : ProgressUnit::none, steps);
  }
  void end_step() const {
    if (options_.progress != nullptr) options_.progress->advance(1);
  }
  /// The temporary file, opened when it is needed first.
  Result<base::SpillFile*> spill_file();
  void close_spill_file();

  KeyLayout layout_;
  AggregateOptions options_;
  base::TextPool pool_;
  KeyHash hash_;
  std::uint64_t group_count_ = 0;

 private:
  mutable std::mutex mutex_;  // guards what follows
  GroupTotals total_;
  std::uint64_t without_key_ = 0;
  std::optional<Error> failure_;
  std::unique_ptr<base::SpillFile> spill_file_;

  std::atomic<bool> failed_ = false;
  std::atomic<std::uint8_t> known_ = 0;  // 0 before the first batch
};

}  // namespace weir::compute
