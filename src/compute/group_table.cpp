// SPDX-License-Identifier: Apache-2.0
// compute: the hash table of groups.
#include "compute/group_table.hpp"

#include <algorithm>

namespace weir {
namespace {

/// Multiplies to 128 bits and folds: every bit of a word reaches every bit of the hash.
std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
  const unsigned __int128 product =
      static_cast<unsigned __int128>(hash ^ word) * 0x9e37'79b9'7f4a'7c15U;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_of(std::span<const std::uint64_t> key) noexcept {
  std::uint64_t hash = 0x51'7c'c1'b7'27'22'0a'95U;
  for (const std::uint64_t word : key) hash = mix(hash, word + 0x2545'f491'4f6c'dd1dU);
  return hash;
}

}  // namespace

GroupTotals& GroupTable::at(std::span<const std::uint64_t> key) {
  const std::uint64_t hash = hash_of(key);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const std::uint32_t group = slots_[slot];
    if (group == kEmpty) {
      slots_[slot] = static_cast<std::uint32_t>(totals_.size());
      keys_.insert(keys_.end(), key.begin(), key.end());
      hashes_.push_back(hash);
      totals_.emplace_back();
      if (totals_.size() * 2 > slots_.size()) grow();
      return totals_.back();
    }
    if (hashes_[group] == hash && std::equal(key.begin(), key.end(), this->key(group).begin())) {
      return totals_[group];
    }
  }
}

void GroupTable::grow() {
  std::vector<std::uint32_t> slots(slots_.size() * 2, kEmpty);
  const std::size_t mask = slots.size() - 1;
  for (std::size_t group = 0; group < hashes_.size(); ++group) {
    std::size_t slot = hashes_[group] & mask;
    while (slots[slot] != kEmpty) slot = (slot + 1) & mask;
    slots[slot] = static_cast<std::uint32_t>(group);
  }
  slots_ = std::move(slots);
}

}  // namespace weir
