// SPDX-License-Identifier: Apache-2.0
// compute: starts of buckets, with a multiplication in place of the division.
#include "compute/time_buckets.hpp"

#include <algorithm>

namespace weir::compute {
namespace {

/// Instants and lengths for which the multiplication is exact: n * (seconds / 2^64) may be too
/// large by less than n * seconds / 2^64, which must stay below one. The year 2514 is far enough.
constexpr std::int64_t kLatest = std::int64_t{1} << 34;
constexpr std::int64_t kLongest = std::int64_t{1} << 28;
/// What zones are asked for: the year 9999. Some value of a hostile log lies far beyond.
constexpr std::uint64_t kLatestOfZones = 253'402'300'799;

}  // namespace

TimeBuckets::TimeBuckets(std::int64_t seconds, const TimeZone& zone)
    : seconds_(static_cast<std::uint64_t>(seconds)),
      reciprocal_(~std::uint64_t{0} / seconds_ + 1),
      zone_(zone) {}

std::uint64_t TimeBuckets::start_of_other(std::uint64_t time) {
  if (time >> 63 != 0) return 0;  // before 1970 as a signed number
  const auto length = static_cast<std::int64_t>(seconds_);
  const TimeZone::Offset offset =
      zone_.offset_around(static_cast<std::int64_t>(std::min(time, kLatestOfZones)));
  // One second has no reciprocal in 64 bits.
  if (length > 1 && length <= kLongest) {
    const std::int64_t distance = std::abs(offset.seconds);
    const std::int64_t begin = std::max(offset.begin, length + distance);
    const std::int64_t end = std::min(offset.end, kLatest - distance);
    offset_ = static_cast<std::uint64_t>(offset.seconds);
    first_ = static_cast<std::uint64_t>(begin);
    count_ = begin < end ? static_cast<std::uint64_t>(end - begin) : 0;
  }
  const __int128 civil = static_cast<__int128>(time) + offset.seconds;
  const __int128 start = civil - (civil % length + length) % length - offset.seconds;
  return start < 0 ? 0 : static_cast<std::uint64_t>(start);
}

}  // namespace weir::compute
