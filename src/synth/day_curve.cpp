// SPDX-License-Identifier: Apache-2.0
// synth: share of the day's traffic -> time of day.
#include "synth/day_curve.hpp"

#include <algorithm>
#include <array>

namespace weir::synth {
namespace {

/// Traffic of each hour, UTC.
constexpr std::array<std::uint64_t, 24> kHours = {76,  72,  70,  68,  68,  72,  78,  86,
                                                  96,  106, 112, 116, 118, 120, 122, 124,
                                                  122, 118, 114, 110, 104, 98,  90,  82};

/// Traffic before each hour, and of the whole day.
constexpr std::array<std::uint64_t, 25> kBefore = [] {
  std::array<std::uint64_t, 25> before{};
  for (std::size_t hour = 0; hour < 24; ++hour) before[hour + 1] = before[hour] + kHours[hour];
  return before;
}();

}  // namespace

std::uint32_t second_of_day(std::uint64_t share) noexcept {
  const std::uint64_t passed = std::min(share, (std::uint64_t{1} << 32) - 1) * kBefore[24];
  std::uint32_t hour = 0;
  while ((kBefore[hour + 1] << 32) <= passed) ++hour;
  const std::uint64_t within = passed - (kBefore[hour] << 32);
  return hour * 3600 + static_cast<std::uint32_t>((within / kHours[hour] * 3600) >> 32);
}

}  // namespace weir::synth
