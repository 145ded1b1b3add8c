// SPDX-License-Identifier: Apache-2.0
// verdict: conversations, rules -> why each record was accepted or rejected. Behind `weir why`.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/conversation.hpp"
#include "weir/policy.hpp"
#include "weir/record_sums.hpp"

namespace weir {

/// What accepted or rejected a record.
enum class Cause : std::uint8_t {
  security_group,
  network_acl,
  block_public_access,
  encryption_controls,
  late_packet,
  allowed,
  unknown,
};
/// `network-acl`.
std::string_view cause_name(Cause cause) noexcept;

/// One thing that is known and bears on a verdict. fact_table() has the words.
enum class Fact : std::uint8_t {
  // what the record says
  reason_block_public_access,
  reason_encryption_controls,
  reason_other,
  syn_ack,
  no_syn,
  side_inferred,
  side_unknown,
  // what else was logged of its conversation
  is_reply,
  request_accepted,
  groups_are_stateful,
  tracking_may_be_over,
  order_unclear,
  way_accepted,
  connection_closed,
  connection_idle,
  flags_unknown,
  other_way_rejected,
  other_way_unseen,
  reply_accepted,
  reply_rejected,
  unanswered,
  refused,
  // what else was logged of its interface
  others_accepted,
  nobody_else_accepted,
  peer_accepted_here,
  peer_accepted_elsewhere,
  peer_never_accepted,
  too_many_peers,
  records_dropped,
  accepts_only,
  rejects_only,
  // what the rules say
  interface_not_configured,
  groups_allow,
  groups_allowed_request,
  groups_deny,
  groups_unsure,
  groups_not_checked,
  untracked,
  acl_allows,
  acl_denies,
  acl_unsure,
  acl_not_checked,
  doubt_icmp_type,
  doubt_prefix_list,
  doubt_group_members,
  doubt_unread_rules,
  doubt_no_groups,
  doubt_group,
  doubt_acl,
  doubt_subnet_of_peer,
  doubt_transit_gateway,
  doubt_load_balancer,
  opener_unclear,
  public_access_blocked,
  public_access_unknown,
  rules_deny_now,
  rules_allow_now,
  may_be_tracked,
  may_be_late,
};

/// Facts without an order of their own.
class Facts {
 public:
  constexpr Facts() = default;
  constexpr Facts(std::initializer_list<Fact> facts) {
    for (const Fact fact : facts) add(fact);
  }
  constexpr void add(Fact fact) noexcept { bits_ |= bit(fact); }
  constexpr void remove(Fact fact) noexcept { bits_ &= ~bit(fact); }
  constexpr bool has(Fact fact) const noexcept { return (bits_ & bit(fact)) != 0; }
  /// Those that are in both.
  constexpr Facts shared_with(Facts other) const noexcept {
    Facts shared;
    shared.bits_ = bits_ & other.bits_;
    return shared;
  }
  constexpr std::uint64_t bits() const noexcept { return bits_; }
  friend constexpr bool operator==(Facts, Facts) = default;

 private:
  static constexpr std::uint64_t bit(Fact fact) noexcept {
    return std::uint64_t{1} << static_cast<unsigned>(fact);
  }
  std::uint64_t bits_ = 0;
};

/// Why a record was accepted or rejected. Says nothing that belongs to the record alone, so that
/// few different ones stand for many records; Network turns its numbers into names.
struct Verdict {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  Facts because;
  std::uint32_t group = kNone;       ///< place in Network::groups
  std::uint32_t group_rule = kNone;  ///< place in SecurityGroup::rules
  std::uint32_t acl = kNone;         ///< place in Network::acls
  std::uint32_t acl_number = kNone;  ///< of the entry, or of the implicit deny
  std::uint32_t interface = kNone;  ///< place in Network::interfaces, where no group's rule matches
  // The rule that let it open if the other end opened it, where that is as possible.
  std::uint32_t other_group = kNone;
  std::uint32_t other_rule = kNone;
  Action logged = Action::none;
  Cause cause = Cause::unknown;
  Side side = Side::unknown;
  Certainty certainty = Certainty::possible;

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// The rule that decided, as its owner is called by AWS. Texts point into the Network.
struct RuleReference {
  bool is_acl = false;
  std::string_view id;       ///< sg-… or acl-…
  std::string_view rule_id;  ///< sgr-…, or empty; for a group
  std::uint32_t index = 0;   ///< SecurityGroupRule::index, for a group
  std::uint32_t number = 0;  ///< for an ACL
  RuleDirection direction = RuleDirection::ingress;
};

/// The rule that a verdict names, or nothing. `network` is what was judged with, null if nothing.
std::optional<RuleReference> deciding_rule(const Verdict& verdict, const Network* network);
/// `acl-… egress 100`, `sg-… ingress 0`.
std::string to_string(const RuleReference& rule);
/// Short sentences without a final period, in the order of evaluation.
std::vector<std::string> because_texts(const Verdict& verdict, const Network* network);
/// One sentence for a person, that begins with ACCEPT or REJECT and has no final period.
std::string verdict_text(const Verdict& verdict, const Network* network);

// ---- evidence ----

/// What was accepted at each interface, whatever the conversation: what a lone reject is held
/// against.
///
/// Shape:   Conversations::visit() with a gatherer() for each thread, absorb() each, then ask.
/// Threads: gatherers may work side by side; everything else is immutable after absorb().
/// Memory:  bounded by `most` entries a kind, some 104 MiB with kMostEntries, and 2 MiB a gatherer;
///          a log with more gives no answers, and is_complete() says so.
class Evidence {
 public:
  /// What fits a table of 2^20 places.
  static constexpr std::size_t kMostEntries = std::size_t{3} << 18;

  explicit Evidence(std::size_t most = kMostEntries);
  ~Evidence();
  Evidence(Evidence&&) noexcept;
  Evidence& operator=(Evidence&&) noexcept;

  class Gatherer : public ConversationVisitor {
   public:
    std::string_view work() const noexcept override { return "gathering evidence"; }
  };
  /// `interfaces` are those of the log.
  std::unique_ptr<Gatherer> gatherer(std::span<const ObservedInterface> interfaces);
  /// Takes what a gatherer has not handed over yet.
  void absorb(const Gatherer& gatherer);

  /// False: the log has too many peers and ports, and what others() and of_peer() say means
  /// nothing.
  bool is_complete() const noexcept;

  /// A port of an interface as conversations are opened towards it: an own one where they come in.
  struct Opening {
    std::uint32_t interface = 0;
    Side side = Side::unknown;
    std::uint8_t protocol = 0;
    std::uint16_t port = 0;
  };
  struct AtPort {
    bool peer = false;    ///< this peer was accepted
    bool others = false;  ///< another one was
  };
  AtPort at_port(const Opening& opening, const Ip& peer) const noexcept;
  /// True if the peer was accepted at another port.
  bool elsewhere(const Opening& opening, const Ip& peer) const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// ---- judging ----

struct JudgeOptions {
  std::span<const ObservedInterface> interfaces = {};  ///< of the log
  const Evidence* evidence = nullptr;                  ///< null: was not gathered
  const Evaluator* policy = nullptr;                   ///< null: the log alone is judged
  bool accepts_only = false;                           ///< Conversations::accepts_only()
  bool rejects_only = false;
};

/// Judges records.
///
/// Shape:   judge() what a ConversationVisitor takes.
/// Threads: one at a time; several may share the options.
/// Source:  VPC User Guide, "Flow log record examples"; "Network ACLs"; "Security groups". EC2 User
///          Guide, "Security group connection tracking".
class Judge {
 public:
  explicit Judge(const JudgeOptions& options) : options_(options) {}

  /// Told every selected record that has an action, and its verdict.
  using Take = std::function<void(const Conversation&, const FlowRecord&, const Verdict&)>;
  /// Judges the conversations of one tuple, at whatever interfaces.
  void judge(std::span<const Conversation> conversations, const Take& take) const;

 private:
  JudgeOptions options_;
};

// ---- groups of verdicts ----

/// Sums over records, and what none of them told.
struct VerdictTotals : RecordSums {
  bool has_packets = false;  ///< false: no record has a packet count
  bool has_bytes = false;

  void add(const FlowRecord& record) noexcept;
  void add(const VerdictTotals& other) noexcept;
};

/// What groups are told apart by, besides verdicts. A log with more groups than are kept is grouped
/// more coarsely as a whole, so that the answer does not depend on which came first.
enum class VerdictGroupLevel : std::uint8_t {
  all,            ///< interface, peer, protocol and port
  no_peers,       ///< interface, protocol and port
  no_ports,       ///< interface
  no_interfaces,  ///< nothing
};

/// Records that have a verdict, an interface, a peer and a service in common.
struct VerdictGroup {
  const Verdict* verdict = nullptr;  ///< lives as long as the VerdictGroups
  std::uint32_t interface = 0;       ///< place in Conversations::interfaces(); up to no_ports
  Ip peer;                           ///< the other end; at level all only
  std::uint16_t port = 0;            ///< of the end that was called; up to no_peers
  std::uint8_t protocol = 0;         ///< the same
  VerdictTotals totals;
};

/// Judges the selected records of conversations and sums them up by what they have in common.
///
/// Shape:   Conversations::visit() with a visitor() for each thread; destroy the visitors; then
/// ask. Errors:  none. Threads: visitors may work side by side, and are made and destroyed in one
/// thread; the rest is
///          for one thread.
/// Memory:  some 150 bytes a group, as much again for rows(), and up to 4,096 groups a visitor.
class VerdictGroups {
 public:
  static constexpr std::size_t kMostGroups = std::size_t{1} << 18;

  explicit VerdictGroups(const JudgeOptions& options, std::size_t most = kMostGroups);
  ~VerdictGroups();

  std::unique_ptr<ConversationVisitor> visitor();

  std::uint64_t judged() const noexcept;  ///< records
  VerdictGroupLevel level() const noexcept;
  /// By flows, most first; equal ones by what they are.
  std::vector<VerdictGroup> rows() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir
