// SPDX-License-Identifier: Apache-2.0
// compute: threads' groups -> partitions -> files.
#include "compute/partitioned_groups.hpp"

#include <algorithm>
#include <bit>

#include "compute/largest_groups.hpp"

namespace weir {
namespace {

/// Groups with full keys that a thread keeps to itself.
constexpr std::size_t kMostLocalFull = 4096;
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

/// A thread's share.
template <std::size_t Words>
class PartitionedGroups<Words>::Part final : public Aggregator::Part {
 public:
  explicit Part(PartitionedGroups& groups)
      : groups_(groups),
        keys_(groups.layout_, groups.pool_),
        table_(groups.hash_),
        full_(groups.layout_.full_words(), groups.hash_),
        full_key_(groups.layout_.full_words()),
        sorted_(new typename LocalTable<Words>::ByPartition) {}
  ~Part() override { Part::finish(); }

  void add(const Batch& batch, const Selection& selection) override {
    if (groups_.failed() || selection.count == 0) return;
    CountColumns counts;
    if (!groups_.counts_only()) {
      counts = {.packets = batch.find(FieldId::packets), .bytes = batch.find(FieldId::bytes)};
    }
    const KnownCounts known = groups_.known_counts(counts);
    keys_.read(batch, selection, counts, known);
    without_key_ += keys_.without_key();
    for (const std::uint16_t row : keys_.other_rows()) add_full(row, counts);
    if (full_.size() > kMostLocalFull) flush_full();
    const auto numbers = [](const Column* column, bool is_known) {
      return is_known && column != nullptr ? column->numbers.data() : kNothing.data();
    };
    if (keys_.rows().empty()) return;
    const std::uint64_t* const packets = numbers(counts.packets, known.packets);
    const std::uint64_t* const bytes = numbers(counts.bytes, known.bytes);
    if (!add_small(known, packets, bytes)) add_compact(known, packets, bytes);
  }

  void finish() override {
    flush_compact();
    flush_full();
    groups_.add_totals(totals_, without_key_);
    totals_ = {};
    without_key_ = 0;
  }

 private:
  static constexpr std::array<std::uint64_t, kBatchRows> kNothing{};
  static constexpr std::size_t kSmallKeys = 256;
  static constexpr std::size_t kLanes = 4;
  static constexpr int kBatchBits = std::bit_width(kBatchRows);

  struct BatchSums {
    std::uint64_t flows = 0;
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
  };

  void add_compact(KnownCounts known, const std::uint64_t* packets, const std::uint64_t* bytes) {
    const std::span<const std::uint16_t> rows = keys_.rows();
    for (std::size_t begin = 0; begin < rows.size();) {
      if (table_.room() < kBatchRows / 8) flush_compact();
      const std::size_t end = std::min(rows.size(), begin + table_.room());
      for (std::size_t i = begin; i < end; ++i) {
        std::array<std::uint64_t, Words> key;
        for (std::size_t word = 0; word < Words; ++word) key[word] = keys_.words(word)[i];
        Compact& group = table_.at(key);
        const std::size_t row = rows[i];
        if (!group.add(1, packets[row], bytes[row])) [[unlikely]] {
          add_large(group, known, {.flows = 1, .packets = packets[row], .bytes = bytes[row]});
        }
      }
      begin = end;
    }
  }

  /// Keys that are small numbers (of actions, protocols, interfaces met early) need no table of
  /// hashes: their rows are summed up in an array, neighbours in different lanes of it so that they
  /// do not wait for each other, and go to the table once a batch. Returns false if keys are larger
  /// or a sum might not fit.
  bool add_small(KnownCounts known, const std::uint64_t* packets, const std::uint64_t* bytes) {
    if constexpr (Words != 1) return false;
    const std::span<const std::uint16_t> rows = keys_.rows();
    const std::uint64_t* const keys = keys_.words(0);
    const bool sums = known.packets || known.bytes;
    std::uint64_t all_keys = 0;
    std::uint64_t all_counts = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) all_keys |= keys[i];
    if (all_keys >= kSmallKeys) return false;
    for (std::size_t i = 0; sums && i < rows.size(); ++i) {
      all_counts |= packets[rows[i]] | bytes[rows[i]];
    }
    if (all_counts >> (64 - kBatchBits) != 0) return false;
    if (table_.room() < kSmallKeys) flush_compact();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      BatchSums& group = small_[i % kLanes][keys[i]];
      ++group.flows;
      if (!sums) continue;
      group.packets += packets[rows[i]];
      group.bytes += bytes[rows[i]];
    }
    for (std::uint64_t key = 0; key <= all_keys; ++key) take_small(key, known);
    return true;
  }
  void take_small(std::uint64_t key, KnownCounts known) {
    BatchSums all;
    for (auto& lane : small_) {
      all.flows += lane[key].flows;
      all.packets += lane[key].packets;
      all.bytes += lane[key].bytes;
      lane[key] = {};
    }
    if (all.flows == 0) return;
    Compact& group = table_.at({key});
    if (!group.add(all.flows, all.packets, all.bytes)) add_large(group, known, all);
  }

  /// A sum does not fit: what there is goes to the full key, and so does a count that is too large
  /// by itself.
  void add_large(Compact& group, KnownCounts known, const BatchSums& more) {
    hand_over(group.key, known.totals(group));
    group.bytes = group.packets = group.flows = 0;
    if (group.add(more.flows, more.packets, more.bytes)) return;
    hand_over(group.key, known.totals(more.flows, more.packets, more.bytes));
  }
  void hand_over(const std::array<std::uint64_t, Words>& key, const GroupTotals& totals) {
    if (totals.flows == 0) return;
    groups_.layout_.unpack(key, full_key_);
    full_.at(full_key_).add(totals);
    totals_.add(totals);
  }

  void add_full(std::size_t row, const CountColumns& counts) {
    keys_.full_key(row, full_key_);
    GroupTotals one{.flows = 1};
    if (counts.packets != nullptr && !counts.packets->nulls.test(row)) {
      one.packets = counts.packets->numbers[row];
      one.with_packets = 1;
    }
    if (counts.bytes != nullptr && !counts.bytes->nulls.test(row)) {
      one.bytes = counts.bytes->numbers[row];
      one.with_bytes = 1;
    }
    full_.at(full_key_).add(one);
    totals_.add(one);
  }

  void flush_compact() {
    if (table_.size() == 0) return;
    const KnownCounts known = groups_.known_counts();
    for (std::size_t i = 0; i < table_.size(); ++i) totals_.add(known.totals(table_.group(i)));
    table_.sort_by_partition(*sorted_);
    // Threads begin at different partitions, so that they rarely wait for each other.
    const std::size_t first = (reinterpret_cast<std::uintptr_t>(this) >> 12) % kPartitions;
    for (std::size_t i = 0; i < kPartitions; ++i) {
      const std::size_t partition = (first + i) % kPartitions;
      const std::uint32_t begin = sorted_->begin[partition];
      const std::uint32_t count = sorted_->begin[partition + 1] - begin;
      if (count > 0)
        groups_.take(partition, table_, std::span(sorted_->order).subspan(begin, count));
    }
    table_.clear();
  }

  void flush_full() {
    for (std::size_t i = 0; i < full_.size(); ++i) groups_.take(full_.key(i), full_.totals(i));
    full_.clear();
  }

  PartitionedGroups& groups_;
  BatchKeys keys_;
  LocalTable<Words> table_;
  GroupTable full_;
  std::vector<std::uint64_t> full_key_;
  std::unique_ptr<typename LocalTable<Words>::ByPartition> sorted_;
  std::array<std::array<BatchSums, kSmallKeys>, kLanes> small_{};
  GroupTotals totals_;
  std::uint64_t without_key_ = 0;
};

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
  if (into.compact.size() + indexes.size() > PartitionTable<Words>::kMostGroups) {
    if (auto done = spill(into); !done) return fail(std::move(done.error()));
  }
  into.compact.add(
      indexes.size(), [&](std::size_t i) -> const Compact& { return table.group(indexes[i]); },
      [&](const Compact& group) { take_out(group, into.full); });
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

/// Called with the partition's lock. A partition that is much smaller than others stays: writing it
/// would free nothing worth a run.
template <std::size_t Words>
void PartitionedGroups<Words>::account(Partition& partition) {
  const std::size_t groups = partition.compact.size() + partition.full.size();
  const std::size_t bytes =
      partition.compact.memory_bytes() + partition.full.memory_bytes() + groups * kOrderBytes;
  const std::size_t change = bytes - partition.counted_bytes;  // modulo 2^64, as the sum is
  partition.counted_bytes = bytes;
  const std::size_t used = used_bytes_.fetch_add(change) + change;
  if (used <= options_.memory_bytes ||
      bytes < std::max(used / (2 * kPartitions), kLeastSpillBytes)) {
    return;
  }
  if (auto done = spill(partition); !done) fail(std::move(done.error()));
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::spill(Partition& partition) {
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
                                     SpillFile& file) const -> Result<Chunk> {
  const RecordBytes records(layout_.full_words());
  Chunk chunk{.compact = {.offset = 0, .count = compact.size()},
              .full = {.offset = 0, .count = full.size()}};
  chunk.compact.offset = file.reserve(compact.size() * sizeof(Compact));
  RunWriter compact_writer(file, chunk.compact.offset);
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto done = compact_writer.write(std::as_bytes(std::span(&compact.group(i), 1)));
    if (!done) return Unexpected(std::move(done.error()));
  }
  if (auto done = compact_writer.finish(); !done) return Unexpected(std::move(done.error()));
  chunk.full.offset = file.reserve(full.size() * records.size());
  RunWriter full_writer(file, chunk.full.offset);
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
  auto merged = SpillFile::create(options_.temp_directory);
  if (!merged) return Unexpected(std::move(merged.error()));
  merged_file_ = *std::move(merged);
  for (const auto& partition : partitions_) {
    if (auto done = merge_runs_of(*partition, **from); !done) return done;
  }
  close_spill_file();
  return {};
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::merge_runs_of(Partition& partition, const SpillFile& from) {
  std::uint64_t compact_groups = 0;
  std::uint64_t full_groups = 0;
  for (const SpillRun& run : partition.compact_runs) compact_groups += run.count;
  for (const SpillRun& run : partition.full_runs) full_groups += run.count;
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
    for (const SpillRun& run : partition.compact_runs) {
      if (auto done = load(from, run, {}, pass, passes, compact, full); !done) return done;
    }
    for (const SpillRun& run : partition.full_runs) {
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
Result<void> PartitionedGroups<Words>::load(const SpillFile& file, const SpillRun& compact_run,
                                            const SpillRun& full_run, std::uint64_t pass,
                                            std::uint64_t passes, PartitionTable<Words>& compact,
                                            GroupTable& full) const {
  std::vector<Compact> block;
  const auto add_block = [&] {
    compact.add(
        block.size(), [&](std::size_t i) -> const Compact& { return block[i]; },
        [&](const Compact& group) { take_out(group, full); });
    block.clear();
  };
  RunReader compact_reader(file, compact_run, sizeof(Compact));
  for (;;) {
    auto bytes = compact_reader.next();
    if (!bytes) return Unexpected(std::move(bytes.error()));
    if (*bytes == nullptr) break;
    Compact group;
    std::memcpy(&group, *bytes, sizeof group);
    if (pass_of(hash_.of(group.key), passes) != pass) continue;
    block.push_back(group);
    if (block.size() == kBatchRows) add_block();
  }
  add_block();
  const RecordBytes records(layout_.full_words());
  std::vector<std::uint64_t> key(layout_.full_words());
  RunReader full_reader(file, full_run, records.size());
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
  }
  return {};
}

template <std::size_t Words>
Result<void> PartitionedGroups<Words>::offer_all(LargestGroups& largest) {
  if (failed()) return failure();
  const KnownCounts known = known_counts();
  const Measure measure = largest.measure();
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
  const RankedKeys<Words> ranks(layout_, pool_);
  const KnownCounts known = known_counts();
  if (!spilled_) {
    return for_each_block([&](std::span<const GroupBlock<Words>> blocks) -> Result<bool> {
      auto done = OrderedGroups<Words>(blocks, layout_, ranks, order, known).visit(visitor);
      if (!done) return Unexpected(std::move(done.error()));
      return true;
    });
  }
  auto file = SpillFile::create(options_.temp_directory);
  if (!file) return Unexpected(std::move(file.error()));
  const RecordBytes records(layout_.full_words());
  std::vector<SpillRun> runs;
  auto sorted = for_each_block([&](std::span<const GroupBlock<Words>> blocks) -> Result<bool> {
    SpillRun run;
    run.offset =
        (*file)->reserve((blocks[0].compact->size() + blocks[0].full->size()) * records.size());
    RunWriter writer(**file, run.offset);
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

}  // namespace weir
