// SPDX-License-Identifier: Apache-2.0
// base: what there is to calculate with prefixes. Lengths are over 128 bits, see weir::Ip.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

#include "weir/ip.hpp"

namespace weir::base {

/// Bits of ::ffff:0:0/96, which all IPv4 addresses share: the length of 0.0.0.0/0.
inline constexpr std::uint8_t kIpv4Bits = 96;
/// The length of a prefix that is one address.
inline constexpr std::uint8_t kAddressBits = 128;

/// Whether it is a prefix of IPv4 addresses.
constexpr bool is_ipv4(const Cidr& prefix) noexcept {
  return prefix.length >= kIpv4Bits && prefix.network.is_ipv4();
}

/// The first address of the prefix of that length that an address is in.
constexpr Ip first_of(const Ip& address, std::uint8_t length) noexcept {
  const Ip mask = Cidr::mask_of(length);
  return {.high = address.high & mask.high, .low = address.low & mask.low};
}

/// The last address of a prefix; the first one is Cidr::network.
constexpr Ip last_of(const Cidr& prefix) noexcept {
  const Ip mask = Cidr::mask_of(prefix.length);
  return {.high = prefix.network.high | ~mask.high, .low = prefix.network.low | ~mask.low};
}

/// The prefix of that length that an address is in.
constexpr Cidr prefix_of(const Ip& address, std::uint8_t length) noexcept {
  return {.network = first_of(address, length), .length = length};
}
constexpr Cidr prefix_of(const Ip& address) noexcept { return prefix_of(address, kAddressBits); }

/// How many leading bits two addresses share, 0 to 128.
constexpr std::uint8_t common_bits(const Ip& a, const Ip& b) noexcept {
  const std::uint64_t high = a.high ^ b.high;
  const int bits = high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(a.low ^ b.low);
  return static_cast<std::uint8_t>(bits);
}

/// How many addresses a prefix has, exactly.
inline double address_count(const Cidr& prefix) noexcept {
  return std::ldexp(1.0, kAddressBits - prefix.length);
}

// ---- Prefixes of rules: ::/0 holds no IPv4 address. ----

constexpr bool holds(const Cidr& prefix, const Ip& address) noexcept {
  return is_ipv4(prefix) == address.is_ipv4() && prefix.contains(address);
}

constexpr bool any_holds(std::span<const Cidr> prefixes, const Ip& address) noexcept {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const Cidr& prefix) { return holds(prefix, address); });
}

/// Whether every address of `inner` is in `outer`.
constexpr bool holds_all(const Cidr& outer, const Cidr& inner) noexcept {
  return is_ipv4(outer) == is_ipv4(inner) && outer.length <= inner.length &&
         outer.contains(inner.network);
}

/// 0.0.0.0/0 or ::/0.
constexpr bool is_every_address(const Cidr& prefix) noexcept {
  return prefix.length == (is_ipv4(prefix) ? kIpv4Bits : 0);
}

}  // namespace weir::base
