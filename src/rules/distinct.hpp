// SPDX-License-Identifier: Apache-2.0
// rules: distinct ports and addresses in bounded space.
#pragma once

#include <cstdint>
#include <vector>

#include "base/distinct_prefixes.hpp"
#include "base/prefix.hpp"
#include "weir/ip.hpp"
#include "weir/policy.hpp"

namespace weir::rules {

/// Memory: two bytes a port while they are few, 8 KiB at most.
class PortSet {
 public:
  void add(std::uint16_t port);
  void merge(const PortSet& other);
  std::uint32_t count() const noexcept;
  bool contains(std::uint16_t port) const noexcept;
  /// At most `most` ranges that cover all ports, closing the smallest gaps first.
  std::vector<PortRange> ranges(std::size_t most) const;

 private:
  void to_bits();
  std::vector<std::uint16_t> all() const;

  std::vector<std::uint16_t> few_;   // ascending
  std::vector<std::uint64_t> bits_;  // empty, or a bit a port
};

/// How many ports ranges that do not overlap have.
std::uint32_t covered_ports(const std::vector<PortRange>& ranges) noexcept;

/// The networks that addresses are counted and shown by: what subnets look like.
inline constexpr std::uint8_t kNetworkLengthIpv4 = base::kIpv4Bits + 24;
inline constexpr std::uint8_t kNetworkLengthIpv6 = 64;

/// Distinct addresses of both families, exact while there are at most `most` of a family; see
/// base::DistinctPrefixes for what is held beyond that.
class PeerPrefixes {
 public:
  explicit PeerPrefixes(std::uint32_t most) : most_(most) {}

  void add(const Ip& address) { (address.is_ipv4() ? ipv4_ : ipv6_).add(address, {}, most_); }
  /// `other` must have the same `most`.
  void merge(const PeerPrefixes& other) {
    ipv4_.merge(other.ipv4_, most_);
    ipv6_.merge(other.ipv6_, most_);
  }

  bool empty() const noexcept { return ipv4_.empty() && ipv6_.empty(); }
  /// True if every address is held.
  bool exact() const noexcept { return ipv4_.exact() && ipv6_.exact(); }
  /// Distinct addresses; if not exact(), the least that there are.
  std::uint64_t count() const noexcept;
  /// At most `most` prefixes of a family, none longer than given, that together hold every
  /// address; the nearest are brought together first. Ascending.
  std::vector<Cidr> cover(std::size_t most, std::uint8_t longest_ipv4,
                          std::uint8_t longest_ipv6) const;

 private:
  using Family = base::DistinctPrefixes<base::NoValue>;

  std::uint32_t most_;
  Family ipv4_;
  Family ipv6_;
};

/// What people are shown: the addresses themselves while they are few, else networks like subnets,
/// /24 and /64, brought together to at most kShownPrefixes a family.
std::vector<Cidr> shown_peers(const PeerPrefixes& peers);

}  // namespace weir::rules
