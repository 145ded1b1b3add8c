// SPDX-License-Identifier: Apache-2.0
// compute: a thread's own groups: a table that stays in its cache, and absorbs what repeats.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "compute/compact_group.hpp"

namespace weir {

/// Threads: one at a time.
/// Memory:  half a MiB, touched as groups come.
template <std::size_t Words>
class LocalTable {
 public:
  using Group = CompactGroup<Words>;
  using Key = std::array<std::uint64_t, Words>;
  static constexpr std::size_t kMostGroups = std::size_t{1} << 14;

  explicit LocalTable(KeyHash hash)
      : hash_(hash), slots_(new std::uint32_t[kSlots]()), groups_(new Group[kMostGroups]) {}

  std::size_t size() const noexcept { return size_; }
  std::size_t room() const noexcept { return kMostGroups - size_; }
  const Group& group(std::size_t index) const noexcept { return groups_[index]; }

  /// The group of a key, new if it was not there; there must be room.
  Group& at(const Key& key) noexcept { return at(key, hash_.of(key)); }

  /// Calls `use(i, group)` with the group of each key, `key_at(0)` up to `key_at(count - 1)`; there
  /// must be room for as many. The table lies in the second-level cache: what a block of keys needs
  /// of it is on its way to the first level before the first of them is looked for.
  template <class KeyAt, class Use>
  void for_each(std::size_t count, KeyAt key_at, Use use) noexcept {
    constexpr std::size_t kBlock = 64;
    std::array<std::uint64_t, kBlock> hashes;
    for (std::size_t begin = 0; begin < count; begin += kBlock) {
      const std::size_t block = std::min(kBlock, count - begin);
      for (std::size_t i = 0; i < block; ++i) {
        hashes[i] = hash_.of(key_at(begin + i));
        __builtin_prefetch(&slots_[slot_of(hashes[i])]);
      }
      for (std::size_t i = 0; i < block; ++i) {
        __builtin_prefetch(&groups_[slots_[slot_of(hashes[i])] & 0xffff]);
      }
      for (std::size_t i = 0; i < block; ++i) use(begin + i, at(key_at(begin + i), hashes[i]));
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

  static std::size_t slot_of(std::uint64_t hash) noexcept { return hash >> 20 & (kSlots - 1); }

  Group& at(const Key& key, std::uint64_t hash) noexcept {
    const auto tag = static_cast<std::uint32_t>(hash & 0x7fff) | 0x8000;
    for (std::size_t slot = slot_of(hash);; slot = (slot + 1) & (kSlots - 1)) {
      const std::uint32_t found = slots_[slot];
      if (found >> 16 == tag) {
        Group& group = groups_[found & 0xffff];
        if (same_words(group.key, key)) [[likely]]
          return group;
      } else if (found == 0) {
        slots_[slot] = tag << 16 | static_cast<std::uint32_t>(size_);
        Group& group = groups_[size_++];
        group = {.key = key, .bytes = 0, .packets = 0, .flows = 0};
        return group;
      }
    }
  }

  KeyHash hash_;
  std::unique_ptr<std::uint32_t[]> slots_;  // tag << 16 | index; a tag is never zero
  std::unique_ptr<Group[]> groups_;
  std::size_t size_ = 0;
};

}  // namespace weir
