// SPDX-License-Identifier: Apache-2.0
// suggest: sets of prefixes, and how few hold them. All lengths are over 128 bits, see weir::Ip.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/ip.hpp"

namespace weir::suggest {

/// Bits of ::ffff:0:0/96, which all IPv4 addresses share.
inline constexpr std::uint8_t kIpv4Bits = 96;

/// The first address of the prefix of this length that holds the address.
constexpr Ip first_address(const Ip& address, std::uint8_t length) noexcept {
  const Ip mask = Cidr::mask_of(length);
  return {.high = address.high & mask.high, .low = address.low & mask.low};
}

/// How many leading bits two addresses share.
std::uint8_t common_length(const Ip& a, const Ip& b) noexcept;

/// True for prefixes of IPv4 addresses.
constexpr bool is_ipv4_prefix(const Cidr& prefix) noexcept {
  return prefix.length >= kIpv4Bits && prefix.network.is_ipv4();
}

/// The fewest prefixes that hold the same addresses, sorted. IPv4 ones stay so.
std::vector<Cidr> cover_exactly(std::vector<Cidr> prefixes);

/// How many prefixes merge_within() would leave.
std::size_t merged_size(std::span<const Cidr> sorted, std::uint8_t length) noexcept;

/// Puts all prefixes that share `length` bits into the longest one that holds them. `sorted` must
/// be sorted and disjoint, as the result is.
std::vector<Cidr> merge_within(std::span<const Cidr> sorted, std::uint8_t length);

}  // namespace weir::suggest
