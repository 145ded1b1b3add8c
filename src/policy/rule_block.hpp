// SPDX-License-Identifier: Apache-2.0
// policy: up to 64 rules that are matched at once, one bit per rule.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "policy/address_classes.hpp"
#include "policy/interval_map.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// Bit i: the block's rule i.
using RuleMask = std::uint64_t;
inline constexpr std::size_t kBlockRules = 64;

/// Peers that nobody knows: the entries of a list or the members of a group were not read.
/// What can be said is where they are, if `inside` is not null.
struct UnreadPeers {
  const std::vector<Cidr>* inside = nullptr;
};
bool may_hold(const UnreadPeers& peers, const Ip& address) noexcept;

/// Peers that no packet has any more: the reference is stale.
struct NoPeers {};

/// The peers of a rule, with references resolved: to a set of AddressClasses, if they were read.
using ResolvedPeer = std::variant<Cidr, AddressClasses::SetId, UnreadPeers, NoPeers>;

struct BlockRule {
  TrafficMatch traffic;
  ResolvedPeer peer;
};

struct RuleMatches {
  RuleMask yes = 0;
  RuleMask any = 0;  ///< yes or possibly
};

/// A rule matches if its traffic and its peer do. For both there is a map from what the packet has
/// to the rules that want it, so that a packet costs a search in each and not a look at each rule:
///
///     protocol, port --> 0110...1 |
///                                 +--> of the bits in both, the lowest is the first that matches
///     peer           --> 0010...1 |
///
/// Thousands of rules are several blocks: their memory grows with their number, not its square.
class RuleBlock {
 public:
  /// At most kBlockRules rules.
  explicit RuleBlock(std::span<const BlockRule> rules);

  /// `sets`: the sets that the packet's peer is in, ascending.
  RuleMatches match(const Packet& packet,
                    std::span<const AddressClasses::SetId> sets) const noexcept;

 private:
  struct OtherProtocol {
    std::int16_t protocol = 0;
    RuleMatches rules;
  };
  struct SetRules {
    AddressClasses::SetId set = 0;
    RuleMask rules = 0;
  };
  struct UnreadRules {
    UnreadPeers peers;
    RuleMask rules = 0;
  };

  void add_unread(const UnreadPeers& peers, RuleMask rule);
  RuleMatches match_traffic(const Packet& packet) const noexcept;
  RuleMask in_sets(std::span<const AddressClasses::SetId> sets) const noexcept;

  RuleMask every_protocol_ = 0;
  IntervalMap<std::uint16_t, RuleMask> tcp_;
  IntervalMap<std::uint16_t, RuleMask> udp_;
  std::vector<OtherProtocol> others_;
  IntervalMap<std::uint32_t, RuleMask> ipv4_;
  IntervalMap<Ip, RuleMask> ipv6_;
  std::vector<SetRules> sets_;  // ascending by set
  std::vector<UnreadRules> unread_;
};

}  // namespace weir::policy
