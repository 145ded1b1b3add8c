// SPDX-License-Identifier: Apache-2.0
// filter: sets of addresses that tell in constant time whether an address is a member.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/range_set.hpp"

namespace weir::filter {

/// IPv4 ranges as a tree of three levels, of 16, 8 and 8 bits of the address:
///
///     top[65536] --> middle[256 each] --> bits[256 each]
///
/// Parts without members, and parts full of them, share one node each, so that every address takes
/// the same three loads and no branch.
///
/// Memory: 256 KiB; besides, at most two nodes of 1 KiB and two of 32 bytes a range, and never more
/// than 64 MiB of the first kind.
class Ipv4Table {
 public:
  explicit Ipv4Table(const base::RangeSet<std::uint32_t>& ranges);

  bool contains(std::uint32_t address) const noexcept {
    const std::size_t middle = top_[address >> 16];
    const std::size_t leaf = middle_[middle][(address >> 8) & 0xff];
    return (leaves_[leaf][(address >> 6) & 3] >> (address & 63) & 1) != 0;
  }
  bool contains(const Ip& address) const noexcept {
    return (static_cast<unsigned>(address.is_ipv4()) &
            static_cast<unsigned>(contains(static_cast<std::uint32_t>(address.low)))) != 0;
  }

 private:
  using Middle = std::array<std::uint32_t, 256>;
  using Leaf = std::array<std::uint64_t, 4>;
  // The first two nodes of each level.
  static constexpr std::uint32_t kNone = 0;
  static constexpr std::uint32_t kAll = 1;

  void add(std::uint32_t low, std::uint32_t high);
  void add_to_middle(std::uint32_t low, std::uint32_t high);
  void add_to_leaf(std::uint32_t low, std::uint32_t high);

  std::vector<std::uint32_t> top_;
  std::vector<Middle> middle_;
  std::vector<Leaf> leaves_;
};

/// IPv6 ranges as prefixes in a hash table. A range that is not a few prefixes is kept as it is.
///
/// Cost: contains() probes once for each length of prefix in the set, however many prefixes there
/// are; among the ranges that are no prefixes it searches, in logarithmic time.
/// Memory: 24 bytes to twice as many prefixes as there are, at most eight a range.
class Ipv6Table {
 public:
  explicit Ipv6Table(const base::RangeSet<Ip>& ranges);
  bool contains(const Ip& address) const noexcept;

 private:
  struct Slot {
    Ip network;
    std::uint8_t length = 0;
    bool used = false;
  };
  std::size_t slot_of(const Ip& network, std::uint8_t length) const noexcept;

  std::vector<Slot> slots_;
  int shift_ = 0;
  std::vector<std::uint8_t> lengths_;  // of the prefixes in the table, each once, shortest first
  base::RangeSet<Ip> ranges_;
};

/// Both families.
class AddressTable {
 public:
  AddressTable(const base::RangeSet<std::uint32_t>& ipv4, const base::RangeSet<Ip>& ipv6);
  bool contains(const Ip& address) const noexcept {
    if (!address.is_ipv4()) return ipv6_.contains(address);
    const auto value = static_cast<std::uint32_t>(address.low);
    return ipv4_ ? ipv4_->contains(value) : few_ipv4_.contains(value);
  }

 private:
  base::RangeSet<std::uint32_t> few_ipv4_;
  std::optional<Ipv4Table> ipv4_;  // only where there is more than a few
  Ipv6Table ipv6_;
};

}  // namespace weir::filter
