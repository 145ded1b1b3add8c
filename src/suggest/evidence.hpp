// SPDX-License-Identifier: Apache-2.0
// suggest: who used which port, in bounded memory.
#pragma once

#include <compare>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/distinct_prefixes.hpp"
#include "weir/ip.hpp"
#include "weir/suggest.hpp"

namespace weir::suggest {

/// A port of a subject (the interfaces that a proposal is for) that peers of one family use.
struct PortKey {
  std::uint32_t subject = 0;
  RuleDirection direction = RuleDirection::ingress;
  bool is_ipv6 = false;
  std::uint8_t protocol = 0;
  std::uint16_t port = 0;  ///< 0 unless TCP or UDP
  friend constexpr auto operator<=>(const PortKey&, const PortKey&) = default;
};

struct PeerTraffic {
  Cidr peer;
  RuleEvidence evidence;
};

struct PortTraffic {
  PortKey key;
  /// Sorted and disjoint. Single addresses, unless there were too many.
  std::vector<PeerTraffic> peers;
  bool is_coarse = false;  ///< the peers are prefixes
};

/// Evidence by port and peer.
///
/// Peers of a port beyond a bound are kept as prefixes (base::DistinctPrefixes); where all ports
/// together hold too much, the bound is halved. What is left does not depend on the order in which
/// peers come, nor on how they are spread over stores that are brought together.
class EvidenceStore {
 public:
  explicit EvidenceStore(std::uint64_t most_tuples) : most_tuples_(most_tuples) {}

  void add(const PortKey& key, const Ip& peer, const RuleEvidence& evidence);
  /// Takes everything out of the other one.
  void merge(EvidenceStore& other);

  std::uint64_t tuples() const noexcept { return charged_; }
  /// True if even a few peers a port are too many; what was kept is no use then.
  bool is_overfull() const noexcept { return is_overfull_; }
  /// Everything, by key. The store is empty then.
  std::vector<PortTraffic> take();

 private:
  static constexpr std::size_t kMostPeers = std::size_t{1} << 16;
  static constexpr std::size_t kLeastPeers = 16;

  struct KeyHash {
    std::size_t operator()(const PortKey& key) const noexcept;
  };
  using PeerSet = base::DistinctPrefixes<RuleEvidence>;

  // A set that was cut counts as full: so the charge only grows with what was added, and a part
  // of the input never needs shorter prefixes than all of it.
  std::uint64_t charge_of(const PeerSet& set) const noexcept {
    return set.exact() ? set.size() : bound_;
  }
  void keep_within_bound();
  void halve_bound();

  std::unordered_map<PortKey, PeerSet, KeyHash> sets_;
  std::uint64_t most_tuples_;
  std::uint64_t charged_ = 0;
  std::size_t bound_ = kMostPeers;
  bool is_overfull_ = false;
};

}  // namespace weir::suggest
