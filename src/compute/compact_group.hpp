// SPDX-License-Identifier: Apache-2.0
// compute: a group with a compact key, and the hash of keys.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/hash.hpp"
#include "base/same_words.hpp"
#include "weir/aggregate.hpp"
#include "weir/batch.hpp"

namespace weir::compute {

/// Sums that usually fit: what does not goes to the table of full keys, where sums have 128 bits.
/// Whether packets and bytes are known is the same for all groups of this form (`KnownCounts`).
template <std::size_t Words>
struct CompactGroup {
  std::array<std::uint64_t, Words> key;
  std::uint64_t bytes;
  std::uint32_t packets;
  std::uint32_t flows;  // zero: the group's sums are all in the table of full keys

  /// Returns false, and does nothing, if a sum would not fit.
  bool add(std::uint64_t more_flows, std::uint64_t more_packets,
           std::uint64_t more_bytes) noexcept {
    const std::uint64_t sum_of_bytes = bytes + more_bytes;
    const std::uint64_t sum_of_packets = packets + more_packets;
    const std::uint64_t sum_of_flows = flows + more_flows;
    if (sum_of_bytes < more_bytes || ((sum_of_packets | more_packets | sum_of_flows) >> 32) != 0)
        [[unlikely]] {
      return false;
    }
    bytes = sum_of_bytes;
    packets = static_cast<std::uint32_t>(sum_of_packets);
    flows = static_cast<std::uint32_t>(sum_of_flows);
    return true;
  }
};

/// The columns of a batch that are summed up; null: missing, or not asked for.
struct CountColumns {
  const Column* packets = nullptr;
  const Column* bytes = nullptr;
};

/// Which counts the records have whose sums are in compact groups. Records that differ go to the
/// table of full keys.
struct KnownCounts {
  bool packets = false;
  bool bytes = false;

  GroupTotals totals(std::uint64_t flows, std::uint64_t sum_of_packets,
                     std::uint64_t sum_of_bytes) const noexcept {
    return {.flows = flows,
            .packets = sum_of_packets,
            .bytes = sum_of_bytes,
            .with_packets = packets ? flows : 0,
            .with_bytes = bytes ? flows : 0};
  }
  template <std::size_t Words>
  GroupTotals totals(const CompactGroup<Words>& group) const noexcept {
    return totals(group.flows, group.packets, group.bytes);
  }
};

/// Multiplies to 128 bits and folds: every bit of a key reaches every bit of the hash. The seed
/// differs from run to run, so that nobody can send packets whose keys all collide.
///
///   63      58 57                    26 25               8 7      0
///   partition  slot in its partition    part of a partition  tag
class KeyHash {
 public:
  explicit KeyHash(std::uint64_t seed) noexcept : seed_(seed) {}

  std::uint64_t of(std::span<const std::uint64_t> key) const noexcept {
    std::uint64_t hash = seed_;
    for (const std::uint64_t word : key) {
      hash = base::folded_product(hash ^ word, base::kGoldenRatio) + kStep;
    }
    return hash;
  }
  template <std::size_t Words>
  std::uint64_t of(const std::array<std::uint64_t, Words>& key) const noexcept {
    return of(std::span<const std::uint64_t>(key));
  }

 private:
  static constexpr std::uint64_t kStep = 0x2545'f491'4f6c'dd1d;

  std::uint64_t seed_;
};

inline constexpr std::size_t kPartitions = 64;
inline std::size_t partition_of(std::uint64_t hash) noexcept { return hash >> 58; }

}  // namespace weir::compute
