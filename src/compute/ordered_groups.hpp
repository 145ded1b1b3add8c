// SPDX-License-Identifier: Apache-2.0
// compute: hash tables of groups -> the groups in order.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "compute/compact_tables.hpp"
#include "compute/group_store.hpp"
#include "compute/group_table.hpp"

namespace weir::compute {

/// The groups of a partition. Those of both tables are different groups; a compact one without
/// flows is none.
template <std::size_t Words>
struct GroupBlock {
  PartitionTable<Words>* compact;
  GroupTable* full;
};

/// Compact keys with the ranks of texts in place of their numbers: these words are in the order of
/// the values.
template <std::size_t Words>
class RankedKeys {
 public:
  using Key = std::array<std::uint64_t, Words>;

  RankedKeys(const KeyLayout& layout, const base::TextPool& pool) {
    for (const KeyColumn& column : layout.columns()) {
      if (column.type == FieldType::text) texts_.push_back(&column);
    }
    if (!texts_.empty()) ranks_ = pool.ranks();
  }

  Key of(const Key& key) const noexcept {
    Key ranked = key;
    for (const KeyColumn* column : texts_) {
      const std::uint64_t code = key[column->word] >> column->shift & column->mask();
      if (code == 0) continue;
      ranked[column->word] &= ~(column->mask() << column->shift);
      ranked[column->word] |= std::uint64_t{ranks_[code - 1] + 1} << column->shift;
    }
    return ranked;
  }

 private:
  std::vector<const KeyColumn*> texts_;
  std::vector<std::uint32_t> ranks_;
};

/// Memory: 16 bytes a group.
template <std::size_t Words>
class OrderedGroups {
 public:
  OrderedGroups(std::span<const GroupBlock<Words>> blocks, const KeyLayout& layout,
                const RankedKeys<Words>& ranks, const GroupOrder& order, KnownCounts known)
      : blocks_(blocks), layout_(&layout), ranks_(&ranks), order_(&order), known_(known) {
    sort_compact();
    sort_full();
  }

  Result<void> visit(const GroupStore::Visitor& visitor) {
    std::vector<std::uint64_t> key(layout_->full_words());
    auto next_full = full_.begin();
    for (const Item& item : compact_) {
      const CompactGroup<Words>& group = group_of(item);
      layout_->unpack(group.key, key);
      const GroupRecord record{.key = key, .totals = known_.totals(group)};
      for (; next_full != full_.end() && order_->before(record_of(*next_full), record);
           ++next_full) {
        const auto wanted = visitor(record_of(*next_full));
        if (!wanted) return Unexpected(wanted.error());
        if (!*wanted) return {};
      }
      const auto wanted = visitor(record);
      if (!wanted) return Unexpected(wanted.error());
      if (!*wanted) return {};
    }
    for (; next_full != full_.end(); ++next_full) {
      const auto wanted = visitor(record_of(*next_full));
      if (!wanted) return Unexpected(wanted.error());
      if (!*wanted) return {};
    }
    return {};
  }

 private:
  struct Item {
    std::uint64_t major;  // of compact groups: what decides most comparisons
    std::uint32_t index;
    std::uint32_t block;
  };

  const CompactGroup<Words>& group_of(const Item& item) const noexcept {
    return blocks_[item.block].compact->group(item.index);
  }
  GroupRecord record_of(const Item& item) const noexcept {
    const GroupTable& full = *blocks_[item.block].full;
    return {.key = full.key(item.index), .totals = full.totals(item.index)};
  }

  std::uint64_t major_of(const CompactGroup<Words>& group) const {
    if (!order_->measure()) return ranks_->of(group.key)[0];
    const auto value = measure_of(known_.totals(group), *order_->measure());
    return ~static_cast<std::uint64_t>(value.value_or(0));
  }

  void sort_compact() {
    std::size_t count = 0;
    for (const GroupBlock<Words>& block : blocks_) count += block.compact->size();
    compact_.reserve(count);
    for (std::uint32_t block = 0; block < blocks_.size(); ++block) {
      const PartitionTable<Words>& table = *blocks_[block].compact;
      for (std::uint32_t index = 0; index < table.size(); ++index) {
        const CompactGroup<Words>& group = table.group(index);
        if (group.flows == 0) continue;
        compact_.push_back({.major = major_of(group), .index = index, .block = block});
      }
    }
    std::sort(compact_.begin(), compact_.end(), [this](const Item& a, const Item& b) {
      if (a.major != b.major) return a.major < b.major;
      return ranks_->of(group_of(a).key) < ranks_->of(group_of(b).key);
    });
  }

  void sort_full() {
    for (std::uint32_t block = 0; block < blocks_.size(); ++block) {
      for (std::uint32_t index = 0; index < blocks_[block].full->size(); ++index) {
        full_.push_back({.major = 0, .index = index, .block = block});
      }
    }
    std::sort(full_.begin(), full_.end(), [this](const Item& a, const Item& b) {
      return order_->before(record_of(a), record_of(b));
    });
  }

  std::span<const GroupBlock<Words>> blocks_;
  const KeyLayout* layout_;
  const RankedKeys<Words>* ranks_;
  const GroupOrder* order_;
  KnownCounts known_;
  std::vector<Item> compact_;
  std::vector<Item> full_;
};

}  // namespace weir::compute
