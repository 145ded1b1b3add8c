// SPDX-License-Identifier: Apache-2.0
// base: distinct addresses, and something of each, in bounded space.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/prefix.hpp"
#include "weir/ip.hpp"

namespace weir::base {

/// For a table of addresses that stand alone.
struct AddressHash {
  std::size_t operator()(const Ip& address) const noexcept {
    WordHash hash;
    hash.add(address.high);
    hash.add(address.low);
    return hash.value();
  }
};

/// A value of addresses that are only counted.
struct NoValue {
  constexpr void add(const NoValue&) noexcept {}
};

/// Distinct addresses of one family, each with a Value that add()s another one to itself. Where
/// there are more than a bound they are kept as prefixes of one length, the longest of which there
/// are not more than the bound. Which length that is depends on the set of addresses alone, so the
/// order in which they come, and how they are spread over sets that are brought together, do not
/// matter.
template <class Value>
class DistinctPrefixes {
 public:
  using Table = std::unordered_map<Ip, Value, AddressHash>;

  /// Address or prefix, by its first address -> value; in no order.
  const Table& table() const noexcept { return table_; }
  std::size_t size() const noexcept { return table_.size(); }
  bool empty() const noexcept { return table_.empty(); }
  /// Of all prefixes, over 128 bits.
  std::uint8_t length() const noexcept { return length_; }
  /// True if every address is held.
  bool exact() const noexcept { return length_ == kAddressBits; }

  /// `most` is the bound, 1 or more, as below.
  void add(const Ip& address, const Value& value, std::size_t most) {
    insert(address, value);
    keep_within(most);
  }
  void merge(const DistinctPrefixes& other, std::size_t most) {
    shorten(other.length_);
    for (const auto& [prefix, value] : other.table_) insert(prefix, value);
    keep_within(most);
  }
  void keep_within(std::size_t most) {
    if (table_.size() <= most) return;
    const std::vector<Ip> prefixes = sorted();
    // Neighbours that share n bits stay two prefixes at any length above n.
    std::vector<std::uint8_t> shared;
    shared.reserve(prefixes.size());
    for (std::size_t i = 1; i < prefixes.size(); ++i) {
      shared.push_back(common_bits(prefixes[i - 1], prefixes[i]));
    }
    std::sort(shared.begin(), shared.end());
    shorten(shared[most - 1]);
  }
  /// Prefixes of this length at most.
  void shorten(std::uint8_t length) {
    if (length >= length_) return;
    const Table longer = std::exchange(table_, {});
    length_ = length;
    for (const auto& [prefix, value] : longer) insert(prefix, value);
  }

  /// The first addresses of all prefixes, ascending.
  std::vector<Ip> sorted() const {
    std::vector<Ip> prefixes;
    prefixes.reserve(table_.size());
    for (const auto& [prefix, value] : table_) prefixes.push_back(prefix);
    std::sort(prefixes.begin(), prefixes.end());
    return prefixes;
  }

 private:
  void insert(const Ip& address, const Value& value) {
    table_[first_of(address, length_)].add(value);
  }

  Table table_;
  std::uint8_t length_ = kAddressBits;
};

}  // namespace weir::base
