// SPDX-License-Identifier: Apache-2.0
// suggest: sets of prefixes, how few hold them, and wider ones until there are few enough. All
// lengths are over 128 bits, see weir::Ip.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "weir/ip.hpp"

namespace weir::suggest {

/// The fewest prefixes that hold the same addresses, sorted. IPv4 ones stay so.
std::vector<Cidr> cover_exactly(std::vector<Cidr> prefixes);

/// How many prefixes merge_within() would leave.
std::size_t merged_size(std::span<const Cidr> sorted, std::uint8_t length) noexcept;

/// Puts all prefixes that share `length` bits into the longest one that holds them. `sorted` must
/// be sorted and disjoint, as the result is.
std::vector<Cidr> merge_within(std::span<const Cidr> sorted, std::uint8_t length);

/// Adjacent ports of one protocol that the same prefixes use: as many rules as prefixes.
struct PortClass {
  std::vector<Cidr> prefixes;      ///< of one family, sorted and disjoint
  std::vector<std::size_t> ports;  ///< whose they are, by places that the caller knows
};

/// Merges prefixes, the closest ones first, until there are at most `limit`, but never into one
/// shorter than `shortest` (of the family: 0..32 or 0..128). Among equally close ones the port that
/// saves most rules comes first.
///
/// A prefix shorter than /8 (IPv6: /16) is no network that anyone owns. Where 0 is allowed these
/// are passed over, and a port becomes open to every address, which says what it is.
///
/// Returns the prefix length that it took, 32 (128) if none; nothing if the limit was not met.
std::optional<std::uint8_t> widen_to_limit(std::vector<PortClass>& classes, std::uint64_t limit,
                                           std::uint8_t shortest, bool is_ipv6);

}  // namespace weir::suggest
