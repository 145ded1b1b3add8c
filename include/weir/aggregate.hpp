// SPDX-License-Identifier: Apache-2.0
// aggregate: batches -> sums by group. Behind `weir top` and `weir timeline`.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/batch.hpp"
#include "weir/ip.hpp"
#include "weir/progress.hpp"
#include "weir/result.hpp"
#include "weir/time.hpp"

namespace weir {

/// What records are grouped by: the value of a field, or the bucket of time into which it falls.
struct GroupKey {
  std::string field;                ///< with hyphens
  std::int64_t bucket_seconds = 0;  ///< 0: the value itself; else for `start` and `end`
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

/// Value of a measure, or nothing if no record of the group has it.
inline std::optional<unsigned __int128> measure_of(const GroupTotals& totals,
                                                   Measure measure) noexcept {
  switch (measure) {
    case Measure::flows:
      return totals.flows;
    case Measure::packets:
      return totals.with_packets > 0 ? std::optional(totals.packets) : std::nullopt;
    case Measure::bytes:
      return totals.with_bytes > 0 ? std::optional(totals.bytes) : std::nullopt;
  }
  return std::nullopt;
}

struct AggregateOptions {
  /// Groups beyond this go to a temporary file, and the answer is the same. The texts of keys stay
  /// in memory in any case, and each thread has about a MiB besides.
  std::uint64_t memory_bytes = ~std::uint64_t{0};
  std::string temp_directory;  ///< empty: $TMPDIR, or /tmp
  /// Count records and nothing else: packets and bytes are not read, and unknown in every group.
  bool count_only = false;
  Progress* progress = nullptr;  ///< told of what follows on adding, or null
};

/// Sums flows, packets and bytes by group.
///
/// Shape:   add() batches, or have each thread add() to a part() of its own; finish() everything,
/// in
///          that order; then ask. Any distribution of the rows over parts gives the same answers.
/// Errors:  only a temporary file can fail. From then on what is added is dropped, failed() is true
///          and finish() says why.
/// Threads: parts are independent of one another; everything else is for one thread at a time.
/// Memory:  by the number of groups (24 to 60 bytes each for keys of ports, times, texts and IPv4
///          addresses, some 150 for others) up to AggregateOptions::memory_bytes.
class Aggregator {
 public:
  /// At most 63 keys.
  explicit Aggregator(std::vector<GroupKey> keys, AggregateOptions options = {});
  ~Aggregator();
  Aggregator(Aggregator&&) noexcept;
  Aggregator& operator=(Aggregator&&) noexcept;

  /// A thread's share of the work. The aggregator must outlive it.
  class Part {
   public:
    virtual ~Part() = default;
    virtual void add(const Batch& batch, const Selection& selection) = 0;
    /// Hands over what is still here. Nothing may be added afterwards.
    virtual void finish() = 0;
  };

  /// The fields that add() reads.
  FieldSet fields() const;
  std::unique_ptr<Part> part();
  /// Adds the selected rows. Records that lack every key are counted in without_key() instead.
  void add(const Batch& batch, const Selection& selection);
  bool failed() const noexcept;
  /// Why it failed, if it did. Threads: any.
  Result<void> failure() const;
  /// Brings everything together. To be called once all parts are finished.
  Result<void> finish();

  std::uint64_t group_count() const noexcept;
  std::uint64_t without_key() const noexcept;
  /// Sums over all groups.
  GroupTotals total() const;

  /// Told the groups in order. `group` is valid during the call. Returns false to hear no more.
  using Visitor = std::function<Result<bool>(const Group& group)>;
  /// Visits all groups, in the order of their values.
  Result<void> visit(const Visitor& visitor);
  /// Visits the `limit` groups with the largest measure, largest first; ties in the order of
  /// values.
  Result<void> visit_top(Measure measure, std::uint64_t limit, const Visitor& visitor);

  /// The same, gathered.
  Result<std::vector<Group>> sorted();
  Result<std::vector<Group>> top(Measure measure, std::uint64_t limit);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir
