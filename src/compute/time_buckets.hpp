// SPDX-License-Identifier: Apache-2.0
// compute: times -> starts of the buckets that they fall into, counted from a zone's midnight.
#pragma once

#include <cstdint>

#include "weir/time.hpp"

namespace weir::compute {

/// Threads: one at a time; it remembers the offset of the zone that it met last.
class TimeBuckets {
 public:
  TimeBuckets(std::int64_t seconds, const TimeZone& zone);

  /// Start of the bucket of an instant, never before 1970.
  std::uint64_t start_of(std::uint64_t time) {
    if (time - first_ >= count_) return start_of_other(time);
    const std::uint64_t civil = time + offset_;
    const auto bucket =
        static_cast<std::uint64_t>(static_cast<unsigned __int128>(civil) * reciprocal_ >> 64);
    return bucket * seconds_ - offset_;
  }

 private:
  std::uint64_t start_of_other(std::uint64_t time);

  std::uint64_t seconds_;
  std::uint64_t reciprocal_;  // 2^64 / seconds_, rounded up
  std::uint64_t offset_ = 0;  // of the zone at the instants below; modulo 2^64
  std::uint64_t first_ = 0;   // instants that need no division: `count_` of them from here
  std::uint64_t count_ = 0;
  TimeZone zone_;
};

}  // namespace weir::compute
