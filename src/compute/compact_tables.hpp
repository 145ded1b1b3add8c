// SPDX-License-Identifier: Apache-2.0
// compute: the hash tables of compact groups: that of a thread, which stays in its cache and
// absorbs what repeats, and those that threads share.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "compute/compact_group.hpp"

namespace weir::compute {

/// Threads: one at a time.
/// Memory:  half a MiB, touched as groups come.
template <std::size_t Words>
class LocalTable {
 public:
  using Group = CompactGroup<Words>;
  static constexpr std::size_t kMostGroups = std::size_t{1} << 14;

  explicit LocalTable(KeyHash hash)
      : hash_(hash), slots_(new std::uint32_t[kSlots]()), groups_(new Group[kMostGroups]) {}

  std::size_t size() const noexcept { return size_; }
  std::size_t room() const noexcept { return kMostGroups - size_; }
  const Group& group(std::size_t index) const noexcept { return groups_[index]; }

  /// The group of a key, new if it was not there; there must be room.
  Group& at(const std::array<std::uint64_t, Words>& key) noexcept {
    const std::uint64_t hash = hash_.of(key);
    const auto tag = static_cast<std::uint32_t>(hash & 0x7fff) | 0x8000;
    for (std::size_t slot = hash >> 20 & (kSlots - 1);; slot = (slot + 1) & (kSlots - 1)) {
      const std::uint32_t found = slots_[slot];
      if (found >> 16 == tag) {
        Group& group = groups_[found & 0xffff];
        if (base::same_words(group.key, key)) [[likely]]
          return group;
      } else if (found == 0) {
        slots_[slot] = tag << 16 | static_cast<std::uint32_t>(size_);
        Group& group = groups_[size_++];
        group = {.key = key, .bytes = 0, .packets = 0, .flows = 0};
        return group;
      }
    }
  }

  /// Indexes of the groups, those of partition p between begin[p] and begin[p + 1].
  struct ByPartition {
    std::array<std::uint32_t, kPartitions + 1> begin;
    std::array<std::uint16_t, kMostGroups> order;
  };
  void sort_by_partition(ByPartition& sorted) const noexcept {
    sorted.begin.fill(0);
    for (std::size_t i = 0; i < size_; ++i) {
      ++sorted.begin[partition_of(hash_.of(groups_[i].key)) + 1];
    }
    for (std::size_t p = 0; p < kPartitions; ++p) sorted.begin[p + 1] += sorted.begin[p];
    std::array<std::uint32_t, kPartitions> next;
    std::copy_n(sorted.begin.begin(), kPartitions, next.begin());
    for (std::size_t i = 0; i < size_; ++i) {
      sorted.order[next[partition_of(hash_.of(groups_[i].key))]++] = static_cast<std::uint16_t>(i);
    }
  }

  void clear() noexcept {
    size_ = 0;
    std::fill_n(slots_.get(), kSlots, 0U);
  }

 private:
  static constexpr std::size_t kSlots = 2 * kMostGroups;

  KeyHash hash_;
  std::unique_ptr<std::uint32_t[]> slots_;  // tag << 16 | index; a tag is never zero
  std::unique_ptr<Group[]> groups_;
  std::size_t size_ = 0;
};

/// The groups of one partition: pages that never move, and an index over some of them.
///
///   pages   | groups of different keys: size()         | as they came: tail() |
///             ^ the index                                ^ merge() looks each up
///
/// What comes is only put behind the others, which writes memory in a row. Looking it up at once
/// would miss the cache for every group, since there are 64 partitions and the next groups are for
/// another one. When the tail is as long as the rest, all of it is looked up in turn, while the
/// partition is in the cache.
///
/// Threads: one at a time.
/// Memory:  a group and 5 to 11 bytes, twice the groups before a merge; growing moves the index
///          alone.
template <std::size_t Words>
class PartitionTable {
 public:
  using Group = CompactGroup<Words>;
  static constexpr std::size_t kPageGroups = 2048;
  static constexpr std::size_t kMostGroups = (std::size_t{1} << 24) - 2;

  explicit PartitionTable(KeyHash hash) : hash_(hash) {}

  /// Groups of different keys.
  std::size_t size() const noexcept { return size_; }
  /// Groups that are not merged yet.
  std::size_t tail() const noexcept { return stored_ - size_; }
  std::size_t memory_bytes() const noexcept {
    return stored_ * sizeof(Group) + slot_count_ * sizeof(std::uint32_t);
  }
  Group& group(std::size_t index) noexcept {
    return pages_[index / kPageGroups][index % kPageGroups];
  }
  const Group& group(std::size_t index) const noexcept {
    return pages_[index / kPageGroups][index % kPageGroups];
  }

  void append(const Group& added) {
    if (stored_ == pages_.size() * kPageGroups) pages_.emplace_back(new Group[kPageGroups]);
    group(stored_++) = added;
  }

  /// True if the tail is so long that looking it up is worth the partition's way into the cache.
  bool is_merge_due() const noexcept { return tail() >= std::max(kLeastTail, size_); }

  /// Adds the groups of the tail to those of the same keys. Where sums do not fit, the group that
  /// was here first is handed to `take_out` and starts again with the sums of the new one.
  template <class TakeOut>
  void merge(TakeOut take_out) {
    if (tail() == 0) return;
    reserve(stored_);
    for (std::size_t begin = size_; begin < stored_; begin += kBlock) {
      const std::size_t block = std::min(kBlock, stored_ - begin);
      std::array<std::uint64_t, kBlock> hashes;
      // All lines of the index are on their way before one is needed.
      for (std::size_t i = 0; i < block; ++i) {
        hashes[i] = hash_.of(group(begin + i).key);
        __builtin_prefetch(&slots_[slot_of(hashes[i])]);
      }
      for (std::size_t i = 0; i < block; ++i) {
        const std::uint32_t slot = slots_[slot_of(hashes[i])];
        if (slot != 0 && slot >> 24 == (hashes[i] & 0xff)) {
          __builtin_prefetch(&group((slot & kIndexMask) - 1));
        }
      }
      for (std::size_t i = 0; i < block; ++i) {
        const Group& added = group(begin + i);
        Group* const mine = find_or_place(added, hashes[i]);
        if (mine == nullptr || mine->add(added.flows, added.packets, added.bytes)) continue;
        take_out(*mine);
        *mine = added;
      }
    }
    stored_ = size_;
  }

  /// The group of a key, or null. Does not know of the tail.
  Group* find(const std::array<std::uint64_t, Words>& key) noexcept {
    if (slot_count_ == 0) return nullptr;
    const std::uint64_t hash = hash_.of(key);
    for (std::size_t slot = slot_of(hash); slots_[slot] != 0; slot = next(slot)) {
      Group& found = group((slots_[slot] & kIndexMask) - 1);
      if (base::same_words(found.key, key)) return &found;
    }
    return nullptr;
  }

  void clear() { *this = PartitionTable(hash_); }

 private:
  static constexpr std::size_t kBlock = 256;
  static constexpr std::size_t kFirstSlots = 512;
  static constexpr std::size_t kLeastTail = 2048;
  static constexpr std::uint32_t kIndexMask = 0xff'ffff;

  std::size_t slot_of(std::uint64_t hash) const noexcept {
    return (hash >> 26 & 0xffff'ffff) * slot_count_ >> 32;
  }
  std::size_t next(std::size_t slot) const noexcept {
    return slot + 1 == slot_count_ ? 0 : slot + 1;
  }

  /// The group of the same key; null if there was none and `added`, which is in the tail, has moved
  /// to the others. That place is its own, or that of a group that was looked up before.
  Group* find_or_place(const Group& added, std::uint64_t hash) {
    const auto tag = static_cast<std::uint32_t>(hash & 0xff);
    std::size_t slot = slot_of(hash);
    for (; slots_[slot] != 0; slot = next(slot)) {
      if (slots_[slot] >> 24 != tag) continue;
      Group& found = group((slots_[slot] & kIndexMask) - 1);
      if (base::same_words(found.key, added.key)) return &found;
    }
    group(size_++) = added;
    slots_[slot] = tag << 24 | static_cast<std::uint32_t>(size_);
    return nullptr;
  }

  void reserve(std::size_t groups) {
    if (groups <= slot_count_ / 4 * 3) return;
    slot_count_ = std::max(slot_count_, kFirstSlots);
    while (groups > slot_count_ / 4 * 3) slot_count_ *= 2;
    slots_.reset(new std::uint32_t[slot_count_]());
    for (std::size_t i = 0; i < size_; ++i) {
      const std::uint64_t hash = hash_.of(group(i).key);
      std::size_t slot = slot_of(hash);
      while (slots_[slot] != 0) slot = next(slot);
      slots_[slot] =
          static_cast<std::uint32_t>(hash & 0xff) << 24 | static_cast<std::uint32_t>(i + 1);
    }
  }

  KeyHash hash_;
  std::unique_ptr<std::uint32_t[]> slots_;  // tag << 24 | index + 1; zero for an empty one
  std::size_t slot_count_ = 0;
  std::vector<std::unique_ptr<Group[]>> pages_;
  std::size_t size_ = 0;
  std::size_t stored_ = 0;
};

}  // namespace weir::compute
