// SPDX-License-Identifier: Apache-2.0
// policy: the protocols of which a rule says more than the number.
#pragma once

#include <cstdint>

namespace weir::policy {

// Source: IANA, Assigned Internet Protocol Numbers.
inline constexpr std::int16_t kIcmpNumber = 1;
inline constexpr std::int16_t kTcpNumber = 6;
inline constexpr std::int16_t kUdpNumber = 17;
inline constexpr std::int16_t kIcmpv6Number = 58;

}  // namespace weir::policy
