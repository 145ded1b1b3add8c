// SPDX-License-Identifier: Apache-2.0
// synth: share of the day's traffic -> time of day. Offices sleep at night.
#pragma once

#include <cstdint>

namespace weir::synth {

/// The second of the day (0 to 86399) at which this share of its traffic has passed, in 2^-32.
std::uint32_t second_of_day(std::uint64_t share) noexcept;

}  // namespace weir::synth
