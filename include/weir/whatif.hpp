// SPDX-License-Identifier: Apache-2.0
// whatif: conversations, a proposed configuration -> what it would cut and what it would admit.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/conversation.hpp"
#include "weir/policy.hpp"
#include "weir/record_sums.hpp"
#include "weir/result.hpp"
#include "weir/rule_use.hpp"

namespace weir {

/// What a proposal does to a conversation. The first two are labelled by a Certainty; `possible`
/// means that the log lacks what would tell.
enum class Effect : std::uint8_t { cut, admitted };
/// `cut`, `possibly-cut`, `admitted`, `possibly-admitted`.
std::string_view effect_name(Effect effect, Certainty certainty) noexcept;

/// Conversations that a proposal treats alike.
struct WhatifRow {
  Effect effect = Effect::cut;
  Certainty certainty = Certainty::certain;
  RulePlace proposed;  ///< what decides in the proposal
  bool has_now = false;
  RulePlace now;  ///< what decides now; meaningful if `has_now`
  /// Place in Conversations::interfaces(), or kEveryInterface.
  std::uint32_t interface = 0;
  Side opened = Side::unknown;
  std::uint8_t protocol = 0;
  std::vector<PortRange> ports;  ///< of the server; empty for protocols without ports
  bool ports_exact = true;       ///< false: the ranges also cover other ports

  std::uint64_t conversations = 0;
  std::uint64_t flows = 0;  ///< records: the accepted ones if cut, the rejected ones if admitted
  unsigned __int128 packets = 0;
  unsigned __int128 bytes = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;

  std::uint64_t peers = 0;          ///< distinct; the least there are if not `peers_exact`
  bool peers_exact = true;          ///< false beyond WhatifReplay::kCountedPeers
  std::vector<Cidr> peer_prefixes;  ///< at most kShownPrefixes a family, covering all peers

  static constexpr std::uint32_t kEveryInterface = ~std::uint32_t{0};
};

/// `tcp 443 from 203.0.113.7 to eni-…: no group rule for ingress matches; now sg-… ingress 0 (tcp
/// 443 from 0.0.0.0/0) does`.
std::string whatif_text(const WhatifRow& row, std::span<const ObservedInterface> interfaces);

struct WhatifTotals : RecordSums {
  std::uint64_t conversations = 0;

  void add(const RecordSums& records, std::uint64_t of_conversations) noexcept {
    RecordSums::add(records);
    conversations += of_conversations;
  }
};

struct WhatifReport {
  /// What is cut first, then what is possibly cut, then what is admitted; of each the most bytes
  /// first.
  std::vector<WhatifRow> rows;
  WhatifTotals cut;
  WhatifTotals possibly_cut;
  WhatifTotals admitted;
  WhatifTotals possibly_admitted;
  WhatifTotals unchanged;
  WhatifTotals unconfigured;  ///< at interfaces that the proposal does not know
  WhatifTotals unplaced;      ///< whose side is not known
  /// Of `unchanged`: what was logged is not what today's rules say, so nothing can be told from
  /// them: opened under other rules, late packets, Block Public Access.
  WhatifTotals disagreeing;
  WhatifTotals without_acl;          ///< of all: judged by groups alone, since the ACL is not known
  bool ports_together = false;       ///< rows were too many, and no longer differ by port
  bool interfaces_together = false;  ///< nor by interface
};

/// Replays conversations against a proposal.
///
/// A conversation is cut if it was accepted, today's rules admit it, and in the proposal its
/// opening is denied by the security groups or one of its ways by a network ACL. It is admitted if
/// it, or its replies, were rejected by a rule, and the proposal lets them pass. Without rules of
/// now the log alone says what they do.
///
/// Shape:   one for each thread that visits conversations; merge() them into one; report().
/// Threads: one at a time.
/// Memory:  bounded by kMostRows; beyond it rows that differ by port or interface are one.
/// Source:  VPC User Guide, "Security group rules", "Control subnet traffic with network access
///          control lists"; EC2 User Guide, "Security group connection tracking".
class WhatifReplay final : public ConversationVisitor {
 public:
  static constexpr std::size_t kMostRows = 16384;
  static constexpr std::uint32_t kCountedPeers = 64;

  /// `now` is null if the log's own verdicts are to be compared with. All must outlive this.
  WhatifReplay(const Evaluator* now, const Evaluator& proposed,
               std::span<const ObservedInterface> interfaces, std::size_t most_rows = kMostRows);
  ~WhatifReplay() override;
  WhatifReplay(WhatifReplay&&) noexcept;
  WhatifReplay& operator=(WhatifReplay&&) noexcept;

  std::string_view work() const noexcept override { return "replaying"; }
  void take(std::span<const Conversation> conversations) override;
  /// Adds what another one with the same arguments has found. The order does not matter.
  void merge(const WhatifReplay& other);
  WhatifReport report() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Visits everything on `threads` threads and reports.
/// Errors: what Conversations::visit() reports.
Result<WhatifReport> replay(Conversations& conversations, const Evaluator* now,
                            const Evaluator& proposed, std::size_t threads);

/// Takes over from `now` what a proposal leaves out: people propose groups and ACLs, and export
/// those alone that they change. A subnet stays with the ACL that the proposal gives it. Neither
/// has to be indexed, and `proposed` has to be afterwards.
/// Returns what was taken over: `12 network interfaces`, `1 subnet`.
std::vector<std::string> complete_proposal(Network& proposed, const Network& now);

}  // namespace weir
