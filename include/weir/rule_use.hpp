// SPDX-License-Identifier: Apache-2.0
// rule_use: conversations -> what each rule of the security groups and network ACLs did, and what
// that says about the rule.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/conversation.hpp"
#include "weir/policy.hpp"
#include "weir/result.hpp"

namespace weir {

enum class RuleKind : std::uint8_t { security_group, network_acl };
/// `security-group`, `network-acl`.
std::string_view rule_kind_name(RuleKind kind) noexcept;

/// A rule and where it stands, or what decides where no rule does.
struct RulePlace {
  RuleKind kind = RuleKind::security_group;
  RuleDirection direction = RuleDirection::ingress;
  const SecurityGroup* group = nullptr;     ///< null for ACLs, and where no group rule admits
  const SecurityGroupRule* rule = nullptr;  ///< of `group`
  const NetworkAcl* acl = nullptr;
  const AclEntry* entry = nullptr;  ///< of `acl`; null: the implicit deny
  std::uint32_t number = 0;         ///< of the entry or of the implicit deny

  bool allows() const noexcept { return rule != nullptr || (entry != nullptr && entry->allow); }
  /// What the rule says of traffic; null for the implicit denies of groups and ACLs.
  const TrafficMatch* traffic() const noexcept {
    return rule != nullptr ? &rule->traffic : entry != nullptr ? &entry->traffic : nullptr;
  }
};
/// `sg-… ingress 0`, `acl-… egress 100`, `no group rule for ingress`.
std::string to_string(const RulePlace& place);

/// What can be said against a rule, the surest first.
enum class UseFindingKind : std::uint8_t {
  stale_reference,  ///< RuleFinding::stale_reference
  duplicate,        ///< RuleFinding::duplicate
  shadowed,         ///< RuleFinding::shadowed
  wider,            ///< admits much more than what used it
  unused,           ///< no hit, though every interface that carries the rule was logged
  unattached,       ///< no interface carries the rule
  not_seen,         ///< no hit, and the log does not allow the claim `unused`: the detail says why
};
/// `not-seen`.
std::string_view use_finding_name(UseFindingKind kind) noexcept;

struct UseFinding {
  UseFindingKind kind = UseFindingKind::not_seen;
  std::string detail;  ///< a sentence without a full stop
};

/// Ports of the servers that a rule let through, of one protocol.
struct UsedPorts {
  std::uint8_t protocol = 0;
  std::uint32_t count = 0;        ///< distinct ports; 0 for protocols without ports
  std::vector<PortRange> ranges;  ///< at most kShownRanges, covering all of them
  bool exact = true;              ///< false: the ranges also cover ports that were not used
};

inline constexpr std::size_t kShownRanges = 4;
inline constexpr std::size_t kShownPrefixes = 4;
/// Distinct peers are counted exactly up to this many.
inline constexpr std::uint32_t kCountedPeers = 1024;

/// What the claim rests on.
struct RuleCoverage {
  std::uint64_t interfaces = 0;  ///< of the configuration, that carry the rule
  std::uint64_t logged = 0;      ///< of these, with any record, NODATA included
  std::uint64_t nodata = 0;      ///< records at these
  std::uint64_t skipdata = 0;
  std::int64_t first = 0;  ///< earliest start of their records
  std::int64_t last = 0;   ///< latest end
};

/// What one rule did.
///
/// A rule that admits is hit by accepted records, one that denies by rejected ones. All records of
/// a conversation, replies too, hit every group rule that lets it open; an ACL entry is hit by the
/// records that it decides, each in its own direction.
struct RuleUse {
  RulePlace place;

  std::uint64_t flows = 0;  ///< records
  unsigned __int128 packets = 0;
  unsigned __int128 bytes = 0;
  std::int64_t first = 0;  ///< earliest start; meaningful if there are flows
  std::int64_t last = 0;   ///< latest end
  /// Of `flows`: those that no other rule would have admitted (allow), or that would have passed
  /// (deny). This is what taking the rule away changes.
  std::uint64_t sole_flows = 0;
  /// Not in `flows`: what the rule may have let through, as far as the log tells.
  std::uint64_t possible_flows = 0;
  /// Not in `flows`: replies of untracked connections, which the rule lets through as long as it is
  /// there. Source: EC2 User Guide, "Security group connection tracking".
  std::uint64_t untracked_replies = 0;
  /// Not in `flows`: records that an ACL entry let pass and a security group rejected.
  std::uint64_t rejected_behind = 0;

  std::uint64_t peers = 0;          ///< distinct; the least there are if not `peers_exact`
  bool peers_exact = true;          ///< false beyond kCountedPeers
  std::vector<Cidr> peer_prefixes;  ///< at most kShownPrefixes a family, covering all peers
  /// Networks that the peers are in, /24 and /64, or the shorter prefixes that were kept of too
  /// many peers; in addresses, of the family that has any.
  double used_addresses = 0;
  std::vector<UsedPorts> used_ports;  ///< by protocol; without the ports of replies
  bool has_replies = false;           ///< an ACL entry let replies through

  RuleCoverage coverage;
  std::vector<UseFinding> findings;
};

/// Who used a rule: `10.0.1.7`, `5 addresses in 10.0.1.0/24, 10.0.2.0/24`; empty if nobody did.
std::string used_peers_text(const RuleUse& use);
/// What for: `tcp 22, 443 and udp 53`; empty if not at all.
std::string used_traffic_text(const RuleUse& use);

struct RuleUseReport {
  /// Groups by id, then the two rows of what no group rule admitted, then ACLs by id; rules in
  /// their own order, the implicit denies last in their direction.
  std::vector<RuleUse> rules;
  std::uint64_t unconfigured_interfaces = 0;  ///< seen in the log, unknown to the configuration
  std::uint64_t unconfigured_flows = 0;       ///< their records
  std::uint64_t unplaced_flows = 0;           ///< of conversations whose side is not known
  /// Accepted records of conversations that either end may have opened: they may have used rules of
  /// both directions, and are in RuleUse::possible_flows of both.
  std::uint64_t opener_unclear = 0;
  std::uint64_t accepted_against_rules = 0;  ///< accepted records that the rules deny
  std::uint64_t rejected_against_rules = 0;  ///< rejected records that the rules admit
  std::uint64_t rejected_otherwise = 0;      ///< by Block Public Access or encryption controls
};

struct RuleUseOptions {
  /// The log was filtered before it was counted: then nothing is called unused.
  bool filtered = false;
  bool accepts_only = false;  ///< Conversations::accepts_only()
  bool rejects_only = false;  ///< Conversations::rejects_only()
};

/// Counts what rules did.
///
/// Shape:   one for each thread that visits conversations; merge() them into one; report().
/// Threads: one at a time.
/// Memory:  by rules: a few hundred bytes each, and up to 24 KiB for one that was much used.
/// Source:  VPC User Guide, "Security group rules", "Control subnet traffic with network access
///          control lists".
class RuleUseCounter final : public ConversationVisitor {
 public:
  /// Both must outlive this.
  RuleUseCounter(const Evaluator& policy, std::span<const ObservedInterface> interfaces);
  ~RuleUseCounter() override;
  RuleUseCounter(RuleUseCounter&&) noexcept;
  RuleUseCounter& operator=(RuleUseCounter&&) noexcept;

  std::string_view work() const noexcept override { return "matching rules"; }
  void take(std::span<const Conversation> conversations) override;
  /// Adds what another one of the same policy and interfaces counted. The order does not matter.
  void merge(const RuleUseCounter& other);
  RuleUseReport report(const RuleUseOptions& options) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Visits everything on `threads` threads and reports; `options` need not name what the log lacks.
/// Errors: what Conversations::visit() reports.
Result<RuleUseReport> measure_rule_use(Conversations& conversations, const Evaluator& policy,
                                       std::size_t threads, RuleUseOptions options);

}  // namespace weir
