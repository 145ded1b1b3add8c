// SPDX-License-Identifier: Apache-2.0
// suggest: sets of prefixes, and how few hold them.
#include "suggest/prefixes.hpp"

#include <algorithm>
#include <bit>

namespace weir::suggest {
namespace {

bool holds(const Cidr& prefix, const Cidr& other) noexcept {
  return prefix.length <= other.length && prefix.contains(other.network);
}

}  // namespace

std::uint8_t common_length(const Ip& a, const Ip& b) noexcept {
  const std::uint64_t high = a.high ^ b.high;
  const int bits = high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(a.low ^ b.low);
  return static_cast<std::uint8_t>(bits);
}

std::vector<Cidr> cover_exactly(std::vector<Cidr> prefixes) {
  // A prefix sorts before those that it holds.
  std::sort(prefixes.begin(), prefixes.end());
  std::vector<Cidr> cover;
  for (const Cidr& prefix : prefixes) {
    if (!cover.empty() && holds(cover.back(), prefix)) continue;
    cover.push_back(prefix);
    while (cover.size() >= 2) {
      const Cidr& left = cover[cover.size() - 2];
      const Cidr& right = cover.back();
      const std::uint8_t least = is_ipv4_prefix(right) ? kIpv4Bits : 0;
      if (left.length != right.length || left.length == least ||
          common_length(left.network, right.network) + 1 != left.length) {
        break;
      }
      cover.pop_back();
      --cover.back().length;
    }
  }
  return cover;
}

std::size_t merged_size(std::span<const Cidr> sorted, std::uint8_t length) noexcept {
  std::size_t count = sorted.empty() ? 0 : 1;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (common_length(sorted[i - 1].network, sorted[i].network) < length) ++count;
  }
  return count;
}

std::vector<Cidr> merge_within(std::span<const Cidr> sorted, std::uint8_t length) {
  std::vector<Cidr> merged;
  for (const Cidr& prefix : sorted) {
    const std::uint8_t shared =
        merged.empty() ? 0 : common_length(merged.back().network, prefix.network);
    if (merged.empty() || shared < length) {
      merged.push_back(prefix);
      continue;
    }
    Cidr& wider = merged.back();
    wider.length = std::min({wider.length, prefix.length, shared});
    wider.network = first_address(wider.network, wider.length);
  }
  return merged;
}

}  // namespace weir::suggest
