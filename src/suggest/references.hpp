// SPDX-License-Identifier: Apache-2.0
// suggest: peers -> the groups that they carry and the prefix lists that hold them.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "suggest/evidence.hpp"
#include "weir/policy.hpp"

namespace weir::suggest {

/// Peers that one reference stands for.
struct ReferredPeers {
  RulePeer reference;
  std::vector<PeerTraffic> peers;
};

/// Finds references.
/// Threads: immutable, may be shared.
class ReferenceFinder {
 public:
  /// `network` must have been indexed and outlive this.
  explicit ReferenceFinder(const Network& network);

  /// Takes the peers that references stand for out of `port`.
  ///
  /// A group needs members that were seen in a fair share: one member of a default group is no
  /// reason to admit the whole VPC. A prefix list needs a current rule of the same direction in
  /// `groups` that refers to it, unless it is that of S3 or DynamoDB and they are called.
  std::vector<ReferredPeers> take_references(PortTraffic& port, std::string_view vpc_id,
                                             std::span<const std::string> groups) const;

  /// Members of a group that are not among these peers.
  std::uint64_t members_not_seen(const std::string& group_id, std::span<const Cidr> peers) const;

  /// How many rules of one family a reference counts as.
  /// Source: VPC User Guide, "Amazon VPC quotas" and "AWS-managed prefix lists", weight.
  std::uint64_t weight(const RulePeer& reference, bool is_ipv6) const;

 private:
  struct Candidate;

  bool is_reachable(const std::string& vpc_id, const std::string& other_vpc) const;
  void take_groups(PortTraffic& port, const std::string& vpc_id,
                   std::vector<ReferredPeers>& references) const;
  void take_prefix_lists(PortTraffic& port, std::span<const std::string> groups,
                         std::vector<ReferredPeers>& references) const;
  GroupReference reference_to(const std::string& group_id, const std::string& vpc_id) const;

  const Network* network_;
  std::multimap<Ip, const NetworkInterface*> owners_;
  std::unordered_map<std::string, std::vector<const NetworkInterface*>> members_;
  /// Of each prefix list, sorted and disjoint.
  std::vector<std::vector<Cidr>> list_entries_;
  /// Active peerings by the ids of both VPCs, either way round.
  std::map<std::pair<std::string, std::string>, std::string> peerings_;
};

}  // namespace weir::suggest
