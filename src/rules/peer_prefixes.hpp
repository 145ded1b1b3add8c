// SPDX-License-Identifier: Apache-2.0
// rules: distinct addresses in bounded space.
#pragma once

#include <cstdint>
#include <vector>

#include "base/prefix.hpp"
#include "weir/ip.hpp"

namespace weir::rules {

/// The networks that addresses are counted and shown by: what subnets look like.
inline constexpr std::uint8_t kNetworkLengthIpv4 = base::kIpv4Bits + 24;
inline constexpr std::uint8_t kNetworkLengthIpv6 = 64;

/// Distinct addresses, exact while there are at most `most` of a family; beyond that the distinct
/// prefixes of one length, the longest of which there are at most `most`. What it holds does not
/// depend on the order in which addresses came, nor on how they were spread over merged ones.
///
/// Memory: 16 bytes an address or prefix.
class PeerPrefixes {
 public:
  explicit PeerPrefixes(std::uint32_t most) : most_(most) {}

  void add(const Ip& address);
  /// `other` must have the same `most`.
  void merge(const PeerPrefixes& other);

  bool empty() const noexcept { return ipv4_.networks.empty() && ipv6_.networks.empty(); }
  /// True if every address is held.
  bool exact() const noexcept { return ipv4_.length == 128 && ipv6_.length == 128; }
  /// Distinct addresses; if not exact(), the least that there are.
  std::uint64_t count() const noexcept;
  /// At most `most` prefixes of a family, none longer than given, that together hold every
  /// address; the nearest are brought together first. Ascending.
  std::vector<Cidr> cover(std::size_t most, std::uint8_t longest_ipv4,
                          std::uint8_t longest_ipv6) const;

 private:
  struct Family {
    std::vector<Ip> networks;   // ascending, distinct
    std::uint8_t length = 128;  // of all of them
  };

  void insert(Family& family, const Ip& address) const;
  void shorten(Family& family, std::uint8_t length) const;
  void merge(Family& family, const Family& other) const;

  std::uint32_t most_;
  Family ipv4_;
  Family ipv6_;
};

/// What people are shown: the addresses themselves while they are few, else networks like subnets,
/// /24 and /64, brought together to at most kShownPrefixes a family.
std::vector<Cidr> shown_peers(const PeerPrefixes& peers);

}  // namespace weir::rules
