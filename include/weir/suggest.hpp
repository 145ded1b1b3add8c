// SPDX-License-Identifier: Apache-2.0
// suggest: conversations -> the narrowest security groups that admit what was accepted.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/conversation.hpp"
#include "weir/policy.hpp"
#include "weir/record_sums.hpp"
#include "weir/result.hpp"

namespace weir {

/// Rules that a group may have in each direction, IPv4 and IPv6 counted apart, unless AWS raised
/// it. Source: VPC User Guide, "Amazon VPC quotas".
inline constexpr std::uint32_t kUsualRuleQuota = 60;

struct SuggestOptions {
  const Evaluator* policy = nullptr;  ///< the configuration; null: none, so no references
  std::string interface_id = {};      ///< only this one; empty: all
  std::string group_id = {};          ///< only the interfaces that carry it; empty: all
  /// Most rules of a group in a direction, IPv4 and IPv6 apart. Peers are merged to get there, as
  /// far as the next two allow.
  std::uint32_t max_rules = kUsualRuleQuota;
  /// Shortest prefix that may hold addresses nobody was seen with; without value none may.
  std::optional<std::uint8_t> widen_ipv4 = {};  ///< 0..32
  std::optional<std::uint8_t> widen_ipv6 = {};  ///< 0..128
  /// Different pairs of port and peer that are kept apart. Beyond it, peers of the ports that have
  /// most are kept as the longest prefixes that there is room for.
  std::uint64_t most_tuples = std::uint64_t{1} << 21;
  /// What such a pair takes until it is made into rules, its share of tables included.
  static constexpr std::uint64_t kBytesOfTuple = 400;
};

/// What was seen of the traffic that a rule admits. Counts are of accepted records, both ways.
struct RuleEvidence : RecordSums {
  std::uint64_t conversations = 0;
  std::uint64_t answered = 0;  ///< of them: the other end sent something, and not only RST
  /// Of the best proof that the port is a server's, and of the side. `possible`: weak, either end
  /// may have opened the conversations, and the other direction has a rule for them too.
  Certainty certainty = Certainty::possible;

  void add(const RuleEvidence& other) noexcept;
};

struct SuggestedRule {
  RuleDirection direction = RuleDirection::ingress;
  TrafficMatch traffic;
  RulePeer peer;
  RuleEvidence evidence;
  std::uint64_t peers = 0;      ///< different addresses seen
  bool peers_are_more = false;  ///< true: `peers` counts prefixes, there are more addresses
  bool is_wider = false;        ///< the prefix holds addresses that were not seen
  std::uint64_t not_seen = 0;   ///< of a reference: members of the group that were not seen
};

/// Rules of one direction and address family, against the limit.
struct RuleCount {
  std::uint64_t rules = 0;
  std::uint64_t limit = 0;
  /// The longest prefix to widen to that would meet the limit, if they exceed it and one does.
  std::optional<std::uint8_t> widen_to;

  bool is_met() const noexcept { return rules <= limit; }
};

/// A port that so many addresses of so many networks used, that it seems to be open to everyone.
struct PublicPort {
  RuleDirection direction = RuleDirection::ingress;
  TrafficMatch traffic;
  bool is_ipv6 = false;
  std::uint64_t peers = 0;
  bool peers_are_more = false;
  std::uint64_t networks = 0;  ///< different /8 (IPv6: /16)
};

/// A proposal for the interfaces that carry the same groups, or for one interface.
struct Suggestion {
  std::string group_id;                    ///< whose rules it would replace; empty: a new group
  std::vector<std::string> group_ids;      ///< what the interfaces carry now, sorted
  std::vector<std::string> interface_ids;  ///< that have records, sorted
  std::uint64_t silent_interfaces = 0;     ///< carry the same groups and have no records
  std::string vpc_id;                      ///< empty if it is not known
  std::string account_id;
  std::vector<SuggestedRule> rules;                ///< ingress first; by protocol, port and peer
  std::array<std::array<RuleCount, 2>, 2> counts;  ///< by direction, then IPv4 and IPv6
  std::vector<PublicPort> public_ports;

  // What the proposal rests on, and what it leaves out.
  std::int64_t first = 0;          ///< earliest start of a record of the interfaces
  std::int64_t last = 0;           ///< latest end
  std::uint64_t skipdata = 0;      ///< records
  std::uint64_t accepted = 0;      ///< records whose conversations are admitted
  std::uint64_t rejected = 0;      ///< records; not admitted
  std::uint64_t without_side = 0;  ///< accepted records whose direction is not known; left out
  std::uint64_t only_replies = 0;  ///< accepted records of which the opening was refused; left out
  bool merged_for_room = false;    ///< peers beyond SuggestOptions::most_tuples became prefixes

  const RuleCount& count(RuleDirection direction, bool is_ipv6) const noexcept {
    return counts[static_cast<std::size_t>(direction)][is_ipv6 ? 1 : 0];
  }
};

/// An interface that has records and gets no proposal, since it carries no security group.
struct Ungrouped {
  std::string interface_id;
  std::string type;  ///< AWS's InterfaceType
};

struct Suggestions {
  std::vector<Suggestion> proposals;  ///< by group_ids, then by interface_ids
  std::vector<Ungrouped> ungrouped;
};

/// Suggests rules from conversations.
///
/// Shape:   have each thread take conversations with a visitor() of its own, then finish().
///          Only what was accepted is admitted: the direction from which a conversation was opened,
///          its protocol, the server's port, and the peer. Replies need no rule, since groups are
///          stateful. Where either end may have opened it, there is a rule for both, on weak
///          evidence. Peers become a group where all of them carry it, a prefix list where one of
///          the current rules or of S3 has them, else the fewest prefixes that hold no other
///          address; wider ones only as SuggestOptions::widen_ipv4 allows and the limit demands.
///          The answer does not depend on which visitor took what.
/// Errors:  not_found if a chosen interface or group has no records or is not there; usage if there
///          are too many different ports to keep.
/// Threads: visitors are independent of one another; everything else is for one thread at a time.
/// Memory:  by SuggestOptions::most_tuples.
/// Source:  VPC User Guide, "Security group rules"; EC2 User Guide, "Security group connection
///          tracking".
class Suggester {
 public:
  /// `interfaces` must outlive this.
  Suggester(SuggestOptions options, std::span<const ObservedInterface> interfaces);
  ~Suggester();
  Suggester(Suggester&&) noexcept;
  Suggester& operator=(Suggester&&) noexcept;

  /// Must be destroyed before finish().
  std::unique_ptr<ConversationVisitor> visitor();
  Result<Suggestions> finish();

 private:
  friend class SuggestVisitor;
  struct State;
  std::unique_ptr<State> state_;
};

/// The network as it would be: with the proposed rules in the groups that they replace, or in new
/// groups `sg-suggested-N` that the interfaces carry too. Groups that the interfaces carried and no
/// proposal replaces lose their rules if all who carry them have a proposal; otherwise they are
/// taken off the interfaces, unless a rule refers to them. The result is indexed.
Network adopt(const Network* now, const Suggestions& suggestions);

/// What distinguishes the network after adopt() from the one before, as one JSON document with what
/// describe-security-groups and describe-network-interfaces print: `SecurityGroups` and
/// `NetworkInterfaces`.
std::string security_groups_document(const Network* now, const Suggestions& suggestions);

/// Shell commands for the AWS CLI, whose JSON is in the form of `--ip-permissions`.
/// Source: AWS CLI, authorize-security-group-ingress, authorize-security-group-egress.
std::string aws_cli_commands(const Suggestions& suggestions);

/// Resources aws_vpc_security_group_ingress_rule and aws_vpc_security_group_egress_rule, and a
/// variable for the id of each group that does not exist yet.
/// Source: Terraform Registry, hashicorp/aws, those two resources.
std::string terraform_document(const Suggestions& suggestions);

/// What a rule rests on, in characters and a length that AWS accepts as a description.
/// Source: EC2 API Reference, IpRange: up to 255 of `a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`.
std::string rule_description(const SuggestedRule& rule);

}  // namespace weir
