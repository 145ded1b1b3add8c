// SPDX-License-Identifier: Apache-2.0
// suggest: sets of prefixes, and how few hold them.
#include "suggest/prefixes.hpp"

#include <algorithm>

#include "base/prefix.hpp"

namespace weir::suggest {

std::vector<Cidr> cover_exactly(std::vector<Cidr> prefixes) {
  // A prefix sorts before those that it holds.
  std::sort(prefixes.begin(), prefixes.end());
  std::vector<Cidr> cover;
  for (const Cidr& prefix : prefixes) {
    if (!cover.empty() && base::holds_all(cover.back(), prefix)) continue;
    cover.push_back(prefix);
    while (cover.size() >= 2) {
      const Cidr& left = cover[cover.size() - 2];
      const Cidr& right = cover.back();
      const std::uint8_t least = base::is_ipv4(right) ? base::kIpv4Bits : 0;
      if (left.length != right.length || left.length == least ||
          base::common_bits(left.network, right.network) + 1 != left.length) {
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
    if (base::common_bits(sorted[i - 1].network, sorted[i].network) < length) ++count;
  }
  return count;
}

std::vector<Cidr> merge_within(std::span<const Cidr> sorted, std::uint8_t length) {
  std::vector<Cidr> merged;
  for (const Cidr& prefix : sorted) {
    const std::uint8_t shared =
        merged.empty() ? 0 : base::common_bits(merged.back().network, prefix.network);
    if (merged.empty() || shared < length) {
      merged.push_back(prefix);
      continue;
    }
    Cidr& wider = merged.back();
    wider.length = std::min({wider.length, prefix.length, shared});
    wider.network = base::first_of(wider.network, wider.length);
  }
  return merged;
}

}  // namespace weir::suggest
