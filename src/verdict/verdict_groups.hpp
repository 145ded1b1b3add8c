// SPDX-License-Identifier: Apache-2.0
// verdict: verdicts -> sums by verdict, interface, peer and port. Behind VerdictGroups.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "verdict/verdict_pool.hpp"

namespace weir::verdict {

/// What records have in common that are told together. From some level on, members are zero.
struct GroupKey {
  std::uint32_t verdict = 0;    ///< a number of the pool
  std::uint32_t interface = 0;  ///< place in Conversations::interfaces()
  Ip peer;
  std::uint16_t port = 0;  ///< of the end that was called
  std::uint8_t protocol = 0;

  friend bool operator==(const GroupKey&, const GroupKey&) = default;
};

/// Sums of groups.
/// Threads: one at a time; those of several are brought together with absorb(), in any order.
class GroupSums {
 public:
  explicit GroupSums(std::size_t most = VerdictGroups::kMostGroups) : most_(most) {}

  void add(std::uint32_t verdict, const Conversation& conversation, const FlowRecord& record);
  void absorb(const GroupSums& other);
  /// Forgets all groups.
  void clear();

  std::size_t size() const noexcept { return sums_.size(); }
  VerdictGroupLevel level() const noexcept { return level_; }
  /// By flows, most first; equal ones by what they are, whatever the numbers of their verdicts.
  std::vector<VerdictGroup> rows(const VerdictPool& pool) const;

 private:
  struct Hash {
    std::size_t operator()(const GroupKey& key) const noexcept;
  };
  using Sums = std::unordered_map<GroupKey, VerdictTotals, Hash>;

  void coarsen();
  void coarsen_to(VerdictGroupLevel level);

  std::size_t most_;
  VerdictGroupLevel level_ = VerdictGroupLevel::all;
  Sums sums_;
  GroupKey last_;
  VerdictTotals* last_totals_ = nullptr;
};

}  // namespace weir::verdict
