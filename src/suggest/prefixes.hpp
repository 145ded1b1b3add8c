// SPDX-License-Identifier: Apache-2.0
// suggest: sets of prefixes, and how few hold them. All lengths are over 128 bits, see weir::Ip.
#pragma once

#include <cstdint>
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

}  // namespace weir::suggest
