// SPDX-License-Identifier: Apache-2.0
// compute: the groups of all threads, in partitions by the hash of their keys.
//
//   Part (a thread)             64 partitions, each with its lock          temporary file
//   LocalTable    -- full -->   PartitionTable  -- beyond the budget -->   runs of a partition
//   GroupTable    --------->    GroupTable                                        |
//   (full keys)                 (full keys)      <-- finish(): one by one --------+
//
// A group is in one partition. There it may have sums in both tables until settle() adds the
// compact ones to the full ones.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "compute/batch_keys.hpp"
#include "compute/compact_tables.hpp"
#include "compute/group_store.hpp"
#include "compute/group_table.hpp"
#include "compute/ordered_groups.hpp"
#include "compute/spilled_groups.hpp"

namespace weir::compute {

template <std::size_t Words>
class PartitionedGroups final : public GroupStore {
 public:
  using Compact = CompactGroup<Words>;

  PartitionedGroups(KeyLayout layout, AggregateOptions options);

  std::unique_ptr<Aggregator::Part> part() override;
  Result<void> finish() override;
  Result<void> visit(const GroupOrder& order, const Visitor& visitor) override;
  Result<void> offer_all(LargestGroups& largest) override;

 private:
  class Part;

  struct Partition {
    Partition(KeyHash hash, std::size_t full_words) : compact(hash), full(full_words, hash) {}
    std::mutex mutex;
    PartitionTable<Words> compact;
    GroupTable full;
    std::size_t counted_bytes = 0;  // what it has in used_bytes_
    std::vector<base::SpillRun> compact_runs;
    std::vector<base::SpillRun> full_runs;
  };
  /// Groups that are settled and in the merged file.
  struct Chunk {
    base::SpillRun compact;
    base::SpillRun full;
  };

  std::uint64_t hash_of(std::span<const std::uint64_t> full_key) const noexcept;
  std::array<std::uint64_t, Words> key_of(const KeyLayout::Compact& words) const noexcept;
  /// Adds the sums of a compact group to those of its full key.
  void take_out(const Compact& group, GroupTable& into) const;

  void take(std::size_t partition, const LocalTable<Words>& table,
            std::span<const std::uint16_t> indexes);
  void take(std::span<const std::uint64_t> full_key, const GroupTotals& totals);
  /// Merges what came to a table since it was merged last.
  void merge(PartitionTable<Words>& compact, GroupTable& full) const;
  /// The same for all partitions, beginning with one of them.
  void merge_tails(std::size_t first);
  void account(Partition& partition);
  bool is_too_large(Partition& partition);
  /// Writes what a partition has in memory to the file as one run of each form.
  Result<void> spill(Partition& partition);
  Result<Chunk> write(const PartitionTable<Words>& compact, const GroupTable& full,
                      base::SpillFile& file) const;
  std::uint64_t settle(PartitionTable<Words>& compact, GroupTable& full) const;

  Result<void> merge_spilled();
  Result<void> merge_runs_of(Partition& partition, const base::SpillFile& from);
  Result<void> load(const base::SpillFile& file, const base::SpillRun& compact_run,
                    const base::SpillRun& full_run, std::uint64_t pass, std::uint64_t passes,
                    PartitionTable<Words>& compact, GroupTable& full) const;
  template <class Use>
  Result<void> for_each_block(Use use);

  std::vector<std::unique_ptr<Partition>> partitions_;
  std::atomic<std::size_t> used_bytes_ = 0;
  std::atomic<bool> spilled_ = false;
  std::unique_ptr<base::SpillFile> merged_file_;
  std::vector<Chunk> chunks_;
};

extern template class PartitionedGroups<1>;
extern template class PartitionedGroups<2>;

}  // namespace weir::compute
