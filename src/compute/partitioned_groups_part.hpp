// SPDX-License-Identifier: Apache-2.0
// compute: batches -> a thread's share of the groups -> partitions.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "compute/batch_keys.hpp"
#include "compute/compact_tables.hpp"
#include "compute/partitioned_groups.hpp"

namespace weir::compute {

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
    groups_.merge_tails(first_partition());
    groups_.add_totals(totals_, without_key_);
    totals_ = {};
    without_key_ = 0;
  }

 private:
  static constexpr std::array<std::uint64_t, kBatchRows> kNothing{};
  /// Groups with full keys that a thread keeps to itself.
  static constexpr std::size_t kMostLocalFull = 4096;
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

  /// Threads begin at different partitions, so that they rarely wait for each other.
  std::size_t first_partition() const noexcept {
    return (reinterpret_cast<std::uintptr_t>(this) >> 12) % kPartitions;
  }

  void flush_compact() {
    if (table_.size() == 0) return;
    const KnownCounts known = groups_.known_counts();
    for (std::size_t i = 0; i < table_.size(); ++i) totals_.add(known.totals(table_.group(i)));
    table_.sort_by_partition(*sorted_);
    const std::size_t first = first_partition();
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

}  // namespace weir::compute
