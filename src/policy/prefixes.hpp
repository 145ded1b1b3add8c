// SPDX-License-Identifier: Apache-2.0
// policy: addresses in prefixes of their own family. For rules, ::/0 holds no IPv4 address.
#pragma once

#include <algorithm>
#include <span>

#include "weir/ip.hpp"

namespace weir::policy {

/// Whether it is a prefix of IPv4 addresses.
constexpr bool is_ipv4(const Cidr& prefix) noexcept {
  return prefix.length >= 96 && prefix.network.is_ipv4();
}

/// The last address; the first one is Cidr::network.
constexpr Ip last_of(const Cidr& prefix) noexcept {
  const Ip mask = Cidr::mask_of(prefix.length);
  return {.high = prefix.network.high | ~mask.high, .low = prefix.network.low | ~mask.low};
}

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
  return prefix.length == (is_ipv4(prefix) ? 96 : 0);
}

/// The prefix of that length that an address is in. IPv4 lengths count from 96.
constexpr Cidr prefix_of(const Ip& address, std::uint8_t length) noexcept {
  const Ip mask = Cidr::mask_of(length);
  return {.network = {.high = address.high & mask.high, .low = address.low & mask.low},
          .length = length};
}

}  // namespace weir::policy
