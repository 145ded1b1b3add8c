// SPDX-License-Identifier: Apache-2.0
// compute: keys of a fixed number of 64-bit words -> totals of 128 bits. Open addressing, linear
// probing. For the groups that have no compact form.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compute/compact_group.hpp"
#include "weir/aggregate.hpp"

namespace weir::compute {

class GroupTable {
 public:
  GroupTable(std::size_t words, KeyHash hash) : words_(words), hash_(hash) {}

  /// Totals of a key, new if it was not there. Valid until the next call.
  GroupTotals& at(std::span<const std::uint64_t> key);
  void clear();

  std::size_t size() const noexcept { return totals_.size(); }
  std::span<const std::uint64_t> key(std::size_t group) const noexcept {
    return std::span(keys_).subspan(group * words_, words_);
  }
  const GroupTotals& totals(std::size_t group) const noexcept { return totals_[group]; }
  GroupTotals& totals(std::size_t group) noexcept { return totals_[group]; }
  std::size_t memory_bytes() const noexcept;

 private:
  void grow();

  static constexpr std::uint32_t kEmpty = ~std::uint32_t{0};
  static constexpr std::size_t kFirstSlots = 64;

  std::size_t words_;
  KeyHash hash_;
  std::vector<std::uint32_t> slots_;  // index of a group, or kEmpty; a power of two of them
  std::vector<std::uint64_t> keys_;   // words_ of each group
  std::vector<std::uint64_t> hashes_;
  std::vector<GroupTotals> totals_;
};

}  // namespace weir::compute
