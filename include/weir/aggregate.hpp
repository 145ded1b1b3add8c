// SPDX-License-Identifier: Apache-2.0
// aggregate: batches -> sums by group. Behind `weir top` and `weir timeline`.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/batch.hpp"
#include "weir/ip.hpp"
#include "weir/time.hpp"

namespace weir {

/// What records are grouped by: the value of a field, or the bucket of time in which they start.
struct GroupKey {
  std::string field;                ///< with hyphens; `start` for buckets
  std::int64_t bucket_seconds = 0;  ///< 0: the value itself
  TimeZone zone;                    ///< whose midnight buckets are counted from
};

/// A key value of a group: missing, number or time, address, text. Ordered as listed.
using GroupValue = std::variant<std::monostate, std::uint64_t, Ip, std::string>;

/// Sums of a group. 128 bits hold 2^64 records of 2^64 bytes each, so nothing can overflow.
struct GroupTotals {
  std::uint64_t flows = 0;  ///< records
  unsigned __int128 packets = 0;
  unsigned __int128 bytes = 0;
  std::uint64_t with_packets = 0;  ///< records that have a packet count
  std::uint64_t with_bytes = 0;    ///< records that have a byte count

  void add(const GroupTotals& other) noexcept {
    flows += other.flows;
    packets += other.packets;
    bytes += other.bytes;
    with_packets += other.with_packets;
    with_bytes += other.with_bytes;
  }
};

struct Group {
  std::vector<GroupValue> values;  ///< parallel to the keys
  GroupTotals totals;
};

enum class Measure : std::uint8_t { flows, packets, bytes };

/// Sums flows, packets and bytes by group.
///
/// Memory:  by the number of groups, not of records.
/// Threads: one at a time; sums of several are brought together by merge().
class Aggregator {
 public:
  explicit Aggregator(std::vector<GroupKey> keys);
  ~Aggregator();
  Aggregator(Aggregator&&) noexcept;
  Aggregator& operator=(Aggregator&&) noexcept;

  /// The fields that add() reads.
  FieldSet fields() const;
  /// Adds the selected rows. Records that lack every key are counted in without_key() instead.
  void add(const Batch& batch, const Selection& selection);
  void merge(const Aggregator& other);

  std::size_t group_count() const noexcept;
  std::uint64_t without_key() const noexcept;
  /// The `limit` groups with the largest measure, largest first; ties in the order of their values.
  std::vector<Group> top(Measure measure, std::size_t limit) const;
  /// Every group in the order of its values.
  std::vector<Group> sorted() const;
  /// Sums over all groups.
  GroupTotals total() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Value of a measure, or nothing if no record of the group has it.
std::optional<unsigned __int128> measure_of(const GroupTotals& totals, Measure measure) noexcept;

}  // namespace weir
