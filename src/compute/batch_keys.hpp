// SPDX-License-Identifier: Apache-2.0
// compute: batch -> compact keys of its selected rows, a column at a time.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/text_pool.hpp"
#include "compute/compact_group.hpp"
#include "compute/group_key.hpp"
#include "compute/time_buckets.hpp"
#include "weir/batch.hpp"

namespace weir::compute {

/// The keys of one batch at a time.
///
/// Shape:   the rows that have a compact key stand in rows(), in any order, with words() beside.
/// Those
///          that lack every key are only counted; those whose key, or whose lack of a count, has no
///          place in a compact group are in other_rows().
/// Threads: one at a time.
class BatchKeys {
 public:
  BatchKeys(const KeyLayout& layout, base::TextPool& pool);

  void read(const Batch& batch, const Selection& selection, const CountColumns& counts,
            KnownCounts known);

  std::span<const std::uint16_t> rows() const noexcept { return {rows_.data(), count_}; }
  const std::uint64_t* words(std::size_t word) const noexcept { return words_[word].data(); }
  std::span<const std::uint16_t> other_rows() const noexcept { return other_rows_; }
  std::uint64_t without_key() const noexcept { return without_key_; }

  /// The full key of a row of the batch that was read last.
  void full_key(std::size_t row, std::span<std::uint64_t> key);

 private:
  /// One bit per row, or per place in the selection.
  using Bits = std::array<std::uint64_t, kBatchRows / 64>;

  struct Source {
    TimeBuckets buckets;
    int position = -1;               // of the column in the batch's format
    const Column* column = nullptr;  // null: every value is missing
  };

  void find_columns(const Batch& batch);
  void find_dropped(const Selection& selection, bool all, const CountColumns& counts,
                    KnownCounts known);
  void drop(std::span<const std::uint64_t> nulls, const Selection& selection, bool all, Bits& bits);
  void pack_column(const KeyColumn& key, Source& source, bool all);
  template <class ValueAt>
  void pack(const KeyColumn& key, const NullMask& nulls, bool all, ValueAt value_at);
  void remove_dropped();

  const KeyLayout& layout_;
  base::TextNumbers texts_;
  FormatPtr format_;  // the columns' places are those of this format
  std::vector<Source> sources_;
  Bits missing_{};  // places of rows that lack every key
  Bits other_{};    // places of rows for other_rows()
  bool any_missing_ = false;
  bool any_other_ = false;
  std::size_t count_ = 0;
  std::array<std::uint16_t, kBatchRows> rows_;
  std::array<std::array<std::uint64_t, kBatchRows>, KeyLayout::kMostCompactWords> words_;
  std::vector<std::uint16_t> other_rows_;
  std::uint64_t without_key_ = 0;
};

}  // namespace weir::compute
