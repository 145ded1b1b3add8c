// SPDX-License-Identifier: Apache-2.0
// compute: the hash table of groups with full keys.
#include "compute/group_table.hpp"

#include <algorithm>

namespace weir::compute {

GroupTotals& GroupTable::at(std::span<const std::uint64_t> key) {
  if (totals_.size() * 2 >= slots_.size()) grow();
  const std::uint64_t hash = hash_.of(key);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const std::uint32_t group = slots_[slot];
    if (group == kEmpty) {
      slots_[slot] = static_cast<std::uint32_t>(totals_.size());
      keys_.insert(keys_.end(), key.begin(), key.end());
      hashes_.push_back(hash);
      return totals_.emplace_back();
    }
    if (hashes_[group] == hash && std::equal(key.begin(), key.end(), this->key(group).begin())) {
      return totals_[group];
    }
  }
}

void GroupTable::grow() {
  std::vector<std::uint32_t> slots(std::max(kFirstSlots, slots_.size() * 2), kEmpty);
  const std::size_t mask = slots.size() - 1;
  for (std::size_t group = 0; group < hashes_.size(); ++group) {
    std::size_t slot = hashes_[group] & mask;
    while (slots[slot] != kEmpty) slot = (slot + 1) & mask;
    slots[slot] = static_cast<std::uint32_t>(group);
  }
  slots_ = std::move(slots);
}

void GroupTable::clear() { *this = GroupTable(words_, hash_); }

std::size_t GroupTable::memory_bytes() const noexcept {
  return slots_.capacity() * sizeof(std::uint32_t) +
         (keys_.capacity() + hashes_.capacity()) * sizeof(std::uint64_t) +
         totals_.capacity() * sizeof(GroupTotals);
}

}  // namespace weir::compute
