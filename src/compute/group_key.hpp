// SPDX-License-Identifier: Apache-2.0
// compute: the words that stand for a group's key.
//
// A key has two forms. The full one holds any value: a word with a bit for each key that is
// missing, then each key in turn, numbers and times one word, addresses two, texts the number that
// the pool gave them. The compact one packs ports, addresses of IPv4, times and texts into one or
// two words:
//
//   start (bucket)     dstport      word 0 of `start,dstport`: each value and one, zero for a
//   35 bits            17 bits      missing one, the last key in the lowest bits
//
// so that words compare like the values (texts aside, which are numbered as they come). A key with
// a value that does not fit has no compact form; whether it has one depends on its values alone.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/text_pool.hpp"
#include "weir/aggregate.hpp"

namespace weir::compute {

struct KeyColumn {
  GroupKey key;
  FieldId id = FieldId::unknown;
  FieldType type = FieldType::text;
  std::size_t full_word = 0;  // of the full form
  std::size_t word = 0;       // of the compact form
  unsigned shift = 0;
  unsigned bits = 0;

  std::uint64_t mask() const noexcept { return (std::uint64_t{1} << bits) - 1; }
};

class KeyLayout {
 public:
  static constexpr std::size_t kMostCompactWords = 2;
  using Compact = std::array<std::uint64_t, kMostCompactWords>;

  explicit KeyLayout(std::vector<GroupKey> keys);

  std::span<const KeyColumn> columns() const noexcept { return columns_; }
  std::size_t full_words() const noexcept { return full_words_; }
  /// Zero if the keys together are too long for a compact form.
  std::size_t compact_words() const noexcept { return compact_words_; }

  /// False if the key has no compact form.
  bool pack(std::span<const std::uint64_t> full, Compact& compact) const noexcept;
  void unpack(std::span<const std::uint64_t> compact, std::span<std::uint64_t> full) const noexcept;

  /// The order of GroupValue, key by key.
  std::strong_ordering compare(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                               const base::TextPool& pool) const;
  GroupValue value(std::span<const std::uint64_t> full, std::size_t column,
                   const base::TextPool& pool) const;

 private:
  std::vector<KeyColumn> columns_;
  std::size_t full_words_ = 1;
  std::size_t compact_words_ = 0;
};

}  // namespace weir::compute
