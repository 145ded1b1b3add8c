// SPDX-License-Identifier: Apache-2.0
// compute: threads' groups -> partitions -> files.
#include "compute/partitioned_groups.hpp"

#include <algorithm>

#include "compute/largest_groups.hpp"
#include "compute/partitioned_groups_part.hpp"

namespace weir::compute {
namespace {

/// A partition with less than this is not worth a run in the file.
constexpr std::size_t kLeastSpillBytes = std::size_t{4} << 10;
/// Bytes a group that an ordered answer takes besides.
constexpr std::size_t kOrderBytes = 16;
/// A budget below this would only make passes over the same file.
constexpr std::uint64_t kLeastPassBytes = std::uint64_t{64} << 10;
constexpr std::uint64_t kMostPasses = std::uint64_t{1} << 18;

/// Which of `passes` over a partition's runs a group belongs to; by bits that nothing else uses.
std::uint64_t pass_of(std::uint64_t hash, std::uint64_t passes) noexcept {
  return (hash >> 8 & 0x3'ffff) * passes >> 18;
}

}  // namespace

template <std::size_t Words>
PartitionedGroups<Words>::PartitionedGroups(KeyLayout layout, AggregateOptions options)
    : GroupStore(std::move(layout), std::move(options)) {
  for (std::size_t i = 0; i < kPartitions; ++i) {
    partitions_.push_back(std::make_unique<Partition>(hash_, layout_.full_words()));
  }
}

template <std::size_t Words>
std::unique_ptr<Aggregator::Part> PartitionedGroups<Words>::part() {
  return std::make_unique<Part>(*this);
}

template <std::size_t Words>
std::array<std::uint64_t, Words> PartitionedGroups<Words>::key_of(
    const KeyLayout::Compact& words) const noexcept {
  std::array<std::uint64_t, Words> key;
  std::copy_n(words.begin(), Words, key.begin());
  return key;
}

/// The hash of the compact key if there is one: both forms of a group have to meet.
template <std::size_t Words>
std::uint64_t PartitionedGroups<Words>::hash_of(
    std::span<const std::uint64_t> full_key) const noexcept {
  KeyLayout::Compact packed;
  return layout_.pack(full_key, packed) ? hash_.of(key_of(packed)) : hash_.of(full_key);
}

template <std::size_t Words>
void PartitionedGroups<Words>::take_out(const Compact& group, GroupTable& into) const {
  if (group.flows == 0) return;
  std::vector<std::uint64_t> full_key(layout_.full_words());
  layout_.unpack(group.key, full_key);
  into.at(full_key).add(known_counts().totals(group));
}

template <std::size_t Words>
void PartitionedGroups<Words>::take(std::size_t partition, const LocalTable<Words>& table,
                                    std::span<const std::uint16_t> indexes) {
  Partition& into = *partitions_[partition];
  const std::lock_guard lock(into.mutex);
  if (failed()) return;
  if (into.compact.size() + into.compact.tail() + indexes.size() >
      PartitionTable<Words>::kMostGroups) {
    if (auto done = spill(into); !done) return fail(std::move(done.error()));
  }
  for (const std::uint16_t index : indexes) into.compact.append(table.group(index));
  if (into.compact.is_merge_due()) merge(into.compact, into.full);
  account(into);
}

template <std::size_t Words>
void PartitionedGroups<Words>::take(std::span<const std::uint64_t> full_key,
                                    const GroupTotals& totals) {
  Partition& into = *partitions_[partition_of(hash_of(full_key))];
  const std::lock_guard lock(into.mutex);
  if (failed()) return;
  into.full.at(full_key).add(totals);
  account(into);
}

template <std::size_t Words>
void PartitionedGroups<Words>::merge(PartitionTable<Words>& compact, GroupTable& full) const {
  compact.merge([&](const Compact& group) { take_out(group, full); });
}

template <std::size_t Words>
void PartitionedGroups<Words>::merge_tails(std::size_t first) {
  for (std::size_t i = 0; i < kPartitions; ++i) {
    Partition& partition = *partitions_[(first + i) % kPartitions];
    const std::lock_guard lock(partition.mutex);
    merge(partition.compact, partition.full);
    is_too_large(partition);
  }
}

/// Called with the partition's lock.
template <std::size_t Words>
void PartitionedGroups<Words>::account(Partition& partition) {
  if (!is_too_large(partition)) return;
  merge(partition.compact, partition.full);
  if (!is_too_large(partition)) return;
  if (auto done = spill(partition); !done) fail(std::move(done.error()));
}

/// Brings the sum of bytes up to date. A partition that is much smaller than others stays: writing
/// it would free nothing worth a run.
template <std::size_t Words>
bool PartitionedGroups<Words>::is_too_large(Partition& partition) {
  const std::size_t groups =
      partition.compact.size() + partition.compact.tail() + partition.full.size();
  const std::size_t bytes =
      partition.compact.memory_bytes() + partition.full.memory_bytes() + groups * kOrderBytes;
  const std::size_t change = bytes - partition.counted_bytes;  // modulo 2^64, as the sum is
  partition.counted_bytes = bytes;
  const std::size_t used = used_bytes_.fetch_add(change) + change;
  return used > options_.memory_bytes &&
         bytes >= std::max(used / (2 * kPartitions), kLeastSpillBytes);
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::spill(Partition& partition) {
  merge(partition.compact, partition.full);
  auto file = spill_file();
  if (!file) return Unexpected(std::move(file.error()));
  auto written = write(partition.compact, partition.full, **file);
  if (!written) return Unexpected(std::move(written.error()));
  if (written->compact.count > 0) partition.compact_runs.push_back(written->compact);
  if (written->full.count > 0) partition.full_runs.push_back(written->full);
  partition.compact.clear();
  partition.full.clear();
  used_bytes_.fetch_sub(partition.counted_bytes);
  partition.counted_bytes = 0;
  spilled_ = true;
  return {};
}

template <std::size_t Words>
auto PartitionedGroups<Words>::write(const PartitionTable<Words>& compact, const GroupTable& full,
                                     base::SpillFile& file) const -> Result<Chunk> {
  const RecordBytes records(layout_.full_words());
  Chunk chunk{.compact = {.offset = 0, .count = compact.size()},
              .full = {.offset = 0, .count = full.size()}};
  chunk.compact.offset = file.reserve(compact.size() * sizeof(Compact));
  base::RunWriter compact_writer(file, chunk.compact.offset);
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto done = compact_writer.write(std::as_bytes(std::span(&compact.group(i), 1)));
    if (!done) return Unexpected(std::move(done.error()));
  }
  if (auto done = compact_writer.finish(); !done) return Unexpected(std::move(done.error()));
  chunk.full.offset = file.reserve(full.size() * records.size());
  base::RunWriter full_writer(file, chunk.full.offset);
  for (std::size_t i = 0; i < full.size(); ++i) {
    auto done = records.write(full_writer, {.key = full.key(i), .totals = full.totals(i)});
    if (!done) return Unexpected(std::move(done.error()));
  }
  if (auto done = full_writer.finish(); !done) return Unexpected(std::move(done.error()));
  return chunk;
}

/// Adds compact sums to those of the same key in the other table, and returns how many groups there
/// are then.
template <std::size_t Words>
std::uint64_t PartitionedGroups<Words>::settle(PartitionTable<Words>& compact,
                                               GroupTable& full) const {
  std::uint64_t groups = compact.size() + full.size();
  const KnownCounts known = known_counts();
  KeyLayout::Compact packed;
  for (std::size_t i = 0; i < full.size(); ++i) {
    if (!layout_.pack(full.key(i), packed)) continue;
    Compact* const same = compact.find(key_of(packed));
    if (same == nullptr) continue;
    full.totals(i).add(known.totals(*same));
    same->bytes = same->packets = same->flows = 0;
    --groups;
  }
  return groups;
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::finish() {
  if (failed()) return failure();
  group_count_ = 0;
  begin("merging groups");
  merge_tails(0);
  if (!spilled_) {
    for (const auto& partition : partitions_) {
      group_count_ += settle(partition->compact, partition->full);
    }
    return {};
  }
  if (auto done = merge_spilled(); !done) fail(std::move(done.error()));
  return failure();
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::merge_spilled() {
  for (const auto& partition : partitions_) {
    if (auto done = spill(*partition); !done) return done;
  }
  auto from = spill_file();
  if (!from) return Unexpected(std::move(from.error()));
  auto merged = base::SpillFile::create(options_.temp_directory);
  if (!merged) return Unexpected(std::move(merged.error()));
  merged_file_ = *std::move(merged);
  begin("merging groups", partitions_.size());
  for (const auto& partition : partitions_) {
    if (auto done = merge_runs_of(*partition, **from); !done) return done;
    end_step();
  }
  close_spill_file();
  return {};
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::merge_runs_of(Partition& partition,
                                                     const base::SpillFile& from) {
  std::uint64_t compact_groups = 0;
  std::uint64_t full_groups = 0;
  for (const base::SpillRun& run : partition.compact_runs) compact_groups += run.count;
  for (const base::SpillRun& run : partition.full_runs) full_groups += run.count;
  const std::size_t full_bytes = RecordBytes(layout_.full_words()).size() + 16;
  const std::uint64_t bytes = compact_groups * (sizeof(Compact) + 8 + kOrderBytes) +
                              full_groups * (full_bytes + kOrderBytes);
  const std::uint64_t passes =
      std::clamp<std::uint64_t>(std::max(bytes / std::max(options_.memory_bytes, kLeastPassBytes),
                                         compact_groups / PartitionTable<Words>::kMostGroups) +
                                    1,
                                1, kMostPasses);
  for (std::uint64_t pass = 0; pass < passes; ++pass) {
    PartitionTable<Words> compact(hash_);
    GroupTable full(layout_.full_words(), hash_);
    for (const base::SpillRun& run : partition.compact_runs) {
      if (auto done = load(from, run, {}, pass, passes, compact, full); !done) return done;
    }
    for (const base::SpillRun& run : partition.full_runs) {
      if (auto done = load(from, {}, run, pass, passes, compact, full); !done) return done;
    }
    group_count_ += settle(compact, full);
    auto chunk = write(compact, full, *merged_file_);
    if (!chunk) return Unexpected(std::move(chunk.error()));
    if (chunk->compact.count + chunk->full.count > 0) chunks_.push_back(*chunk);
  }
  return {};
}

/// Adds the groups of runs that belong to a pass.
template <std::size_t Words>
Result<void> PartitionedGroups<Words>::load(const base::SpillFile& file,
                                            const base::SpillRun& compact_run,
                                            const base::SpillRun& full_run, std::uint64_t pass,
                                            std::uint64_t passes, PartitionTable<Words>& compact,
                                            GroupTable& full) const {
  base::RunReader compact_reader(file, compact_run, sizeof(Compact));
  for (;;) {
    auto bytes = compact_reader.next();
    if (!bytes) return Unexpected(std::move(bytes.error()));
    if (*bytes == nullptr) break;
    Compact group;
    std::memcpy(&group, *bytes, sizeof group);
    if (pass_of(hash_.of(group.key), passes) != pass) continue;
    compact.append(group);
    if (compact.is_merge_due()) merge(compact, full);
  }
  merge(compact, full);
  const RecordBytes records(layout_.full_words());
  std::vector<std::uint64_t> key(layout_.full_words());
  base::RunReader full_reader(file, full_run, records.size());
  for (;;) {
    auto bytes = full_reader.next();
    if (!bytes) return Unexpected(std::move(bytes.error()));
    if (*bytes == nullptr) break;
    const GroupRecord record = records.read(*bytes, key);
    if (pass_of(hash_of(key), passes) == pass) full.at(key).add(record.totals);
  }
  return {};
}

/// Calls `use` with all groups at once if they are in memory, else with one chunk after the other.
template <std::size_t Words>
template <class Use>
Result<void> PartitionedGroups<Words>::for_each_block(Use use) {
  if (!spilled_) {
    std::vector<GroupBlock<Words>> blocks;
    for (const auto& partition : partitions_) {
      blocks.push_back({.compact = &partition->compact, .full = &partition->full});
    }
    auto wanted = use(std::span<const GroupBlock<Words>>(blocks));
    return wanted ? Result<void>() : Unexpected(std::move(wanted.error()));
  }
  for (const Chunk& chunk : chunks_) {
    PartitionTable<Words> compact(hash_);
    GroupTable full(layout_.full_words(), hash_);
    if (auto done = load(*merged_file_, chunk.compact, chunk.full, 0, 1, compact, full); !done) {
      return done;
    }
    const GroupBlock<Words> block{.compact = &compact, .full = &full};
    auto wanted = use(std::span(&block, 1));
    if (!wanted) return Unexpected(std::move(wanted.error()));
    if (!*wanted) break;
    end_step();
  }
  return {};
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::offer_all(LargestGroups& largest) {
  if (failed()) return failure();
  const KnownCounts known = known_counts();
  const Measure measure = largest.measure();
  begin("ranking groups", chunks_.size());
  std::vector<std::uint64_t> key(layout_.full_words());
  return for_each_block([&](std::span<const GroupBlock<Words>> blocks) -> Result<bool> {
    for (const GroupBlock<Words>& block : blocks) {
      for (std::size_t i = 0; i < block.compact->size(); ++i) {
        const Compact& group = block.compact->group(i);
        const GroupTotals totals = known.totals(group);
        if (group.flows == 0 || largest.refuses(measure_of(totals, measure))) continue;
        layout_.unpack(group.key, key);
        largest.offer({.key = key, .totals = totals});
      }
      for (std::size_t i = 0; i < block.full->size(); ++i) {
        largest.offer({.key = block.full->key(i), .totals = block.full->totals(i)});
      }
    }
    return true;
  });
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::visit(const GroupOrder& order, const Visitor& visitor) {
  if (failed()) return failure();
  begin("sorting groups", chunks_.size());
  const RankedKeys<Words> ranks(layout_, pool_);
  const KnownCounts known = known_counts();
  if (!spilled_) {
    return for_each_block([&](std::span<const GroupBlock<Words>> blocks) -> Result<bool> {
      auto done = OrderedGroups<Words>(blocks, layout_, ranks, order, known).visit(visitor);
      if (!done) return Unexpected(std::move(done.error()));
      return true;
    });
  }
  auto file = base::SpillFile::create(options_.temp_directory);
  if (!file) return Unexpected(std::move(file.error()));
  const RecordBytes records(layout_.full_words());
  std::vector<base::SpillRun> runs;
  auto sorted = for_each_block([&](std::span<const GroupBlock<Words>> blocks) -> Result<bool> {
    base::SpillRun run;
    run.offset =
        (*file)->reserve((blocks[0].compact->size() + blocks[0].full->size()) * records.size());
    base::RunWriter writer(**file, run.offset);
    OrderedGroups<Words> groups(blocks, layout_, ranks, order, known);
    auto done = groups.visit([&](const GroupRecord& record) -> Result<bool> {
      ++run.count;
      if (auto written = records.write(writer, record); !written) {
        return Unexpected(std::move(written.error()));
      }
      return true;
    });
    if (done) done = writer.finish();
    if (!done) return Unexpected(std::move(done.error()));
    runs.push_back(run);
    return true;
  });
  if (!sorted) return sorted;
  constexpr std::uint64_t kMostBufferBytes = std::uint64_t{16} << 20;
  return merge_runs(**file, runs, layout_, order,
                    static_cast<std::size_t>(std::min(options_.memory_bytes, kMostBufferBytes)),
                    visitor);
}

template class PartitionedGroups<1>;
template class PartitionedGroups<2>;

}  // namespace weir::compute
