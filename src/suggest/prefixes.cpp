// SPDX-License-Identifier: Apache-2.0
// suggest: sets of prefixes, how few hold them, and wider ones until there are few enough.
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

namespace {

constexpr int kShortestOfNetworks[] = {8, 16};

struct Saving {
  std::size_t rules;
  std::size_t place;
};

std::uint64_t count_prefixes(const std::vector<PortClass>& classes) {
  std::uint64_t count = 0;
  for (const PortClass& ports : classes) count += ports.prefixes.size();
  return count;
}

/// Merges at one length, port by port, until the count is met.
void merge_at(std::vector<PortClass>& classes, std::uint8_t length, bool is_ipv6,
              std::uint64_t limit, std::uint64_t& count) {
  const std::uint8_t least = is_ipv6 ? 0 : base::kIpv4Bits;
  std::vector<Saving> savings;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const std::vector<Cidr>& prefixes = classes[i].prefixes;
    const std::size_t saved = prefixes.size() - merged_size(prefixes, length);
    if (saved > 0) savings.push_back({.rules = saved, .place = i});
  }
  std::stable_sort(savings.begin(), savings.end(),
                   [](const Saving& a, const Saving& b) { return a.rules > b.rules; });
  for (const Saving& saving : savings) {
    if (count <= limit) return;
    std::vector<Cidr>& prefixes = classes[saving.place].prefixes;
    if (length == least) {
      prefixes = {{.network = base::first_of(prefixes.front().network, least), .length = least}};
    } else {
      prefixes = merge_within(prefixes, length);
    }
    count -= saving.rules;
  }
}

}  // namespace

std::optional<std::uint8_t> widen_to_limit(std::vector<PortClass>& classes, std::uint64_t limit,
                                           std::uint8_t shortest, bool is_ipv6) {
  const int bits = is_ipv6 ? 128 : 32;
  std::uint64_t count = count_prefixes(classes);
  if (count <= limit) return static_cast<std::uint8_t>(bits);
  for (int length = bits - 1; length >= shortest; --length) {
    if (shortest == 0 && length < kShortestOfNetworks[is_ipv6 ? 1 : 0]) length = 0;
    merge_at(classes, static_cast<std::uint8_t>(128 - bits + length), is_ipv6, limit, count);
    if (count <= limit) return static_cast<std::uint8_t>(length);
  }
  return std::nullopt;
}

}  // namespace weir::suggest
