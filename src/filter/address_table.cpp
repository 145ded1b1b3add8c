// SPDX-License-Identifier: Apache-2.0
// filter: ranges of addresses -> a tree for IPv4, a table of prefixes for IPv6.
#include "filter/address_table.hpp"

#include <algorithm>
#include <bit>

#include "base/hash.hpp"
#include "base/prefix.hpp"

namespace weir::filter {
namespace {

constexpr std::uint64_t kEveryBit = ~std::uint64_t{0};
constexpr std::size_t kMostPrefixes = 8;

/// The longest prefix that begins where the range does and does not leave it.
Cidr first_prefix(const base::ValueRange<Ip>& range) {
  const int zeros = range.low.low != 0    ? std::countr_zero(range.low.low)
                    : range.low.high != 0 ? 64 + std::countr_zero(range.low.high)
                                          : 128;
  Cidr prefix{.network = range.low, .length = static_cast<std::uint8_t>(128 - zeros)};
  while (range.high < base::last_of(prefix)) ++prefix.length;
  return prefix;
}

/// The prefixes that a range consists of; none if these are too many.
std::vector<Cidr> prefixes_of(base::ValueRange<Ip> range) {
  std::vector<Cidr> prefixes;
  while (prefixes.size() < kMostPrefixes) {
    prefixes.push_back(first_prefix(range));
    const Ip last = base::last_of(prefixes.back());
    if (last == range.high) return prefixes;
    range.low = base::successor(last);
  }
  return {};
}

}  // namespace

Ipv4Table::Ipv4Table(const base::RangeSet<std::uint32_t>& ranges) : top_(std::size_t{1} << 16) {
  leaves_.assign(2, Leaf{});
  leaves_[kAll].fill(kEveryBit);
  middle_.assign(2, Middle{});
  middle_[kAll].fill(kAll);
  for (const auto& [low, high] : ranges.ranges()) add(low, high);
  middle_.shrink_to_fit();
  leaves_.shrink_to_fit();
}

/// Ranges are disjoint: a node that is full is met by no later one.
void Ipv4Table::add(std::uint32_t low, std::uint32_t high) {
  for (std::uint32_t part = low >> 16; part <= high >> 16; ++part) {
    const std::uint32_t first = std::max(low, part << 16);
    const std::uint32_t last = std::min(high, part << 16 | 0xffff);
    if (last - first == 0xffff) {
      top_[part] = kAll;
    } else {
      add_to_middle(first, last);
    }
  }
}

void Ipv4Table::add_to_middle(std::uint32_t low, std::uint32_t high) {
  std::uint32_t& middle = top_[low >> 16];
  if (middle == kNone) {
    middle = static_cast<std::uint32_t>(middle_.size());
    middle_.emplace_back();
  }
  for (std::uint32_t part = low >> 8; part <= high >> 8; ++part) {
    const std::uint32_t first = std::max(low, part << 8);
    const std::uint32_t last = std::min(high, part << 8 | 0xff);
    if (last - first == 0xff) {
      middle_[middle][part & 0xff] = kAll;
    } else {
      add_to_leaf(first, last);
    }
  }
}

void Ipv4Table::add_to_leaf(std::uint32_t low, std::uint32_t high) {
  std::uint32_t& leaf = middle_[top_[low >> 16]][(low >> 8) & 0xff];
  if (leaf == kNone) {
    leaf = static_cast<std::uint32_t>(leaves_.size());
    leaves_.emplace_back();
  }
  for (std::uint32_t bit = low & 0xff; bit <= (high & 0xff); ++bit) {
    leaves_[leaf][bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
}

Ipv6Table::Ipv6Table(const base::RangeSet<Ip>& ranges) {
  std::vector<Cidr> prefixes;
  std::vector<base::ValueRange<Ip>> others;
  for (const base::ValueRange<Ip>& range : ranges.ranges()) {
    const std::vector<Cidr> parts = prefixes_of(range);
    if (parts.empty()) others.push_back(range);
    prefixes.insert(prefixes.end(), parts.begin(), parts.end());
  }
  ranges_ = base::RangeSet(std::move(others));
  slots_.resize(std::bit_ceil(2 * prefixes.size() + 2));
  shift_ = 64 - std::countr_zero(slots_.size());
  for (const Cidr& prefix : prefixes) {
    slots_[slot_of(prefix.network, prefix.length)] = {
        .network = prefix.network, .length = prefix.length, .used = true};
    lengths_.push_back(prefix.length);
  }
  std::sort(lengths_.begin(), lengths_.end());
  lengths_.erase(std::unique(lengths_.begin(), lengths_.end()), lengths_.end());
}

/// Where the prefix is, or would be.
std::size_t Ipv6Table::slot_of(const Ip& network, std::uint8_t length) const noexcept {
  std::uint64_t hash = base::scatter_high(network.high ^ length);
  hash = (hash ^ hash >> 32 ^ network.low) * base::kSecondFactor;
  hash = base::scatter_high(hash ^ hash >> 32);
  std::size_t slot = hash >> shift_;
  while (slots_[slot].used && !(slots_[slot].network == network && slots_[slot].length == length)) {
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

bool Ipv6Table::contains(const Ip& address) const noexcept {
  for (const std::uint8_t length : lengths_) {
    if (slots_[slot_of(base::first_of(address, length), length)].used) return true;
  }
  return !ranges_.ranges().empty() && ranges_.contains(address);
}

AddressTable::AddressTable(const base::RangeSet<std::uint32_t>& ipv4,
                           const base::RangeSet<Ip>& ipv6)
    : ipv6_(ipv6) {
  if (ipv4.ranges().size() > base::kFewRanges) {
    ipv4_.emplace(ipv4);
  } else {
    few_ipv4_ = ipv4;
  }
}

}  // namespace weir::filter
