// SPDX-License-Identifier: Apache-2.0
// compute: the groups of one partition: pages that never move, and an index over them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "compute/compact_group.hpp"

namespace weir {

/// Threads: one at a time.
/// Memory:  a group and 5 to 9 bytes; growing moves the index alone.
template <std::size_t Words>
class PartitionTable {
 public:
  using Group = CompactGroup<Words>;
  static constexpr std::size_t kPageGroups = 2048;
  static constexpr std::size_t kMostGroups = (std::size_t{1} << 24) - 2;

  explicit PartitionTable(KeyHash hash) : hash_(hash) {}

  std::size_t size() const noexcept { return size_; }
  std::size_t memory_bytes() const noexcept {
    return size_ * sizeof(Group) + slot_count_ * sizeof(std::uint32_t);
  }
  Group& group(std::size_t index) noexcept {
    return pages_[index / kPageGroups][index % kPageGroups];
  }
  const Group& group(std::size_t index) const noexcept {
    return pages_[index / kPageGroups][index % kPageGroups];
  }

  /// Adds `count` groups, `group_at(0)` up to `group_at(count - 1)`. Where sums do not fit, the
  /// group that is here is handed to `take_out` and starts again with the sums of the new one.
  template <class GroupAt, class TakeOut>
  void add(std::size_t count, GroupAt group_at, TakeOut take_out) {
    for (std::size_t begin = 0; begin < count; begin += kBlock) {
      const std::size_t block = std::min(kBlock, count - begin);
      reserve(size_ + block);
      std::array<std::uint64_t, kBlock> hashes;
      // The index is larger than the cache: all of its lines are on their way before one is needed.
      for (std::size_t i = 0; i < block; ++i) {
        hashes[i] = hash_.of(group_at(begin + i).key);
        __builtin_prefetch(&slots_[slot_of(hashes[i])]);
      }
      for (std::size_t i = 0; i < block; ++i) {
        const std::uint32_t slot = slots_[slot_of(hashes[i])];
        if (slot != 0 && slot >> 24 == (hashes[i] & 0xff)) {
          __builtin_prefetch(&group((slot & kIndexMask) - 1));
        }
      }
      for (std::size_t i = 0; i < block; ++i) {
        const Group& added = group_at(begin + i);
        Group* const mine = find_or_place(added, hashes[i]);
        if (mine == nullptr || mine->add(added.flows, added.packets, added.bytes)) continue;
        take_out(*mine);
        *mine = added;
      }
    }
  }

  /// The group of a key, or null.
  Group* find(const std::array<std::uint64_t, Words>& key) noexcept {
    if (slot_count_ == 0) return nullptr;
    const std::uint64_t hash = hash_.of(key);
    for (std::size_t slot = slot_of(hash); slots_[slot] != 0; slot = next(slot)) {
      Group& found = group((slots_[slot] & kIndexMask) - 1);
      if (same_words(found.key, key)) return &found;
    }
    return nullptr;
  }

  /// Adds a group without looking for its key, and leaves the index alone.
  void append(const Group& added) {
    if (size_ == pages_.size() * kPageGroups) pages_.emplace_back(new Group[kPageGroups]);
    group(size_++) = added;
  }

  void clear() { *this = PartitionTable(hash_); }

 private:
  static constexpr std::size_t kBlock = 256;
  static constexpr std::size_t kFirstSlots = 512;
  static constexpr std::uint32_t kIndexMask = 0xff'ffff;

  std::size_t slot_of(std::uint64_t hash) const noexcept {
    return (hash >> 26 & 0xffff'ffff) * slot_count_ >> 32;
  }
  std::size_t next(std::size_t slot) const noexcept {
    return slot + 1 == slot_count_ ? 0 : slot + 1;
  }

  /// The group of the same key; null if there was none and `added` has taken its place.
  Group* find_or_place(const Group& added, std::uint64_t hash) {
    const auto tag = static_cast<std::uint32_t>(hash & 0xff);
    std::size_t slot = slot_of(hash);
    for (; slots_[slot] != 0; slot = next(slot)) {
      if (slots_[slot] >> 24 != tag) continue;
      Group& found = group((slots_[slot] & kIndexMask) - 1);
      if (same_words(found.key, added.key)) return &found;
    }
    append(added);
    slots_[slot] = tag << 24 | static_cast<std::uint32_t>(size_);
    return nullptr;
  }

  void reserve(std::size_t groups) {
    if (groups <= slot_count_ / 8 * 7) return;
    slot_count_ = std::max(slot_count_, kFirstSlots);
    while (groups > slot_count_ / 8 * 7) slot_count_ *= 2;
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
};

}  // namespace weir
