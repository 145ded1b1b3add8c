// SPDX-License-Identifier: Apache-2.0
// verdict: verdicts -> sums by verdict, interface, peer and port.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/record_sums.hpp"
#include "verdict/verdict_pool.hpp"

namespace weir::verdict {

/// What records have in common that are told together.
struct VerdictGroup {
  std::uint32_t verdict = 0;    ///< a number of the pool
  std::uint32_t interface = 0;  ///< place in Conversations::interfaces()
  Ip peer;                      ///< meaningless from level no_peers on
  std::uint16_t port = 0;       ///< of the end that was called; meaningless from no_ports on
  std::uint8_t protocol = 0;    ///< the same

  friend bool operator==(const VerdictGroup&, const VerdictGroup&) = default;
};

struct VerdictTotals : base::RecordSums {
  bool has_packets = false;
  bool has_bytes = false;

  void add(const FlowRecord& record) noexcept;
  void add(const VerdictTotals& other) noexcept;
};

/// How fine groups are. A log with more groups than are kept is grouped more coarsely as a whole,
/// so that the answer does not depend on which came first.
enum class GroupLevel : std::uint8_t { all, no_peers, no_ports, no_interfaces };

/// Sums of groups.
/// Threads: one at a time; the groups of several are brought together with absorb(), in any order.
/// Memory:  some 150 bytes a group, and as much again for rows().
class VerdictGroups {
 public:
  static constexpr std::size_t kMostGroups = std::size_t{1} << 18;

  explicit VerdictGroups(std::size_t most = kMostGroups) : most_(most) {}

  void add(std::uint32_t verdict, const Conversation& conversation, const FlowRecord& record);
  void absorb(const VerdictGroups& other);
  /// Forgets all groups.
  void clear();

  std::size_t size() const noexcept { return sums_.size(); }
  GroupLevel level() const noexcept { return level_; }
  struct Row {
    VerdictGroup group;
    VerdictTotals totals;
  };
  /// By flows, most first; equal ones by what they are, whatever the numbers of their verdicts.
  std::vector<Row> rows(const VerdictPool& pool) const;

 private:
  struct Hash {
    std::size_t operator()(const VerdictGroup& group) const noexcept;
  };
  using Sums = std::unordered_map<VerdictGroup, VerdictTotals, Hash>;

  void coarsen();
  VerdictTotals& totals_of(const VerdictGroup& group);

  std::size_t most_;
  GroupLevel level_ = GroupLevel::all;
  Sums sums_;
  VerdictGroup last_;
  VerdictTotals* last_totals_ = nullptr;
};

}  // namespace weir::verdict
