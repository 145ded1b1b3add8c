// SPDX-License-Identifier: Apache-2.0
// base: the blocks of addresses that more than one stage must know.
//
// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries
// (https://www.iana.org/assignments/iana-ipv4-special-registry,
// https://www.iana.org/assignments/iana-ipv6-special-registry).
#pragma once

#include <cstdint>

#include "base/prefix.hpp"
#include "weir/ip.hpp"

namespace weir::base {

/// From the numbers that IPv4 is written with: 0x0a00'0000 and 8 are 10.0.0.0/8.
constexpr Cidr ipv4_prefix(std::uint32_t network, std::uint8_t length) noexcept {
  return {.network = Ip::from_ipv4(network),
          .length = static_cast<std::uint8_t>(kIpv4Bits + length)};
}
constexpr Cidr ipv6_prefix(std::uint64_t high, std::uint8_t length) noexcept {
  return {.network = {.high = high, .low = 0}, .length = length};
}

inline constexpr Cidr kEveryIpv4 = ipv4_prefix(0, 0);
inline constexpr Cidr kEveryIpv6 = ipv6_prefix(0, 0);

// RFC 1918.
inline constexpr Cidr kPrivate8 = ipv4_prefix(0x0a00'0000, 8);               // 10.0.0.0
inline constexpr Cidr kPrivate12 = ipv4_prefix(0xac10'0000, 12);             // 172.16.0.0
inline constexpr Cidr kPrivate16 = ipv4_prefix(0xc0a8'0000, 16);             // 192.168.0.0
inline constexpr Cidr kSharedIpv4 = ipv4_prefix(0x6440'0000, 10);            // 100.64.0.0, RFC 6598
inline constexpr Cidr kLinkLocalIpv4 = ipv4_prefix(0xa9fe'0000, 16);         // RFC 3927
inline constexpr Cidr kUniqueLocal = ipv6_prefix(0xfc00'0000'0000'0000, 7);  // RFC 4193
inline constexpr Cidr kLinkLocalIpv6 = ipv6_prefix(0xfe80'0000'0000'0000, 10);

}  // namespace weir::base
