// SPDX-License-Identifier: Apache-2.0
// compute: a thread's own groups: a table that stays in its cache, and absorbs what repeats.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>

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

}  // namespace weir::compute
