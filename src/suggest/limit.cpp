// SPDX-License-Identifier: Apache-2.0
// suggest: wider prefixes until there are few enough rules.
#include "suggest/limit.hpp"

#include <algorithm>

#include "base/prefix.hpp"
#include "suggest/prefixes.hpp"

namespace weir::suggest {
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
