// SPDX-License-Identifier: Apache-2.0
// verdict: a record, and what was logged around it -> a verdict.
#include "base/protocol.hpp"
#include "verdict/judges.hpp"

namespace weir::verdict {
namespace {

/// True if AWS dropped records of the interface while this one lasted.
bool lost_records(const ObservedInterface& observed, const FlowRecord& record) noexcept {
  const auto after =
      std::partition_point(observed.skipped.begin(), observed.skipped.end(),
                           [&](const TimeSpan& span) { return span.last < record.start; });
  return after != observed.skipped.end() && after->first <= record.end;
}

void conclude(Verdict& verdict, Cause cause, Certainty certainty,
              std::initializer_list<Fact> because) noexcept {
  verdict.cause = cause;
  verdict.certainty = certainty;
  for (const Fact fact : because) verdict.because.add(fact);
}

class LogJudge {
 public:
  LogJudge(const FlowRecord& record, const History& history, Tracking tracking)
      : record_(record), history_(history), tracking_(tracking) {}

  void judge_accept(Verdict& verdict) const {
    conclude(verdict, Cause::allowed, Certainty::certain, {});
    if (!history_.forward) {
      verdict.because.add(Fact::is_reply);
      return;
    }
    const ConversationWay& replies = history_.other_way();
    if (replies.flows == 0) {
      verdict.because.add(Fact::unanswered);
    } else {
      verdict.because.add(replies.accepted > 0 ? Fact::reply_accepted : Fact::reply_rejected);
    }
    if (history_.conversation->state == TcpState::refused) verdict.because.add(Fact::refused);
  }

  void judge_reject(Verdict& verdict) const {
    if (judge_reason(verdict)) return;
    if (has_syn_ack(record_)) verdict.because.add(Fact::syn_ack);
    if (is_midstream(record_)) verdict.because.add(Fact::no_syn);
    if (!history_.forward) verdict.because.add(Fact::is_reply);
    // A record with SYN opens a connection: nothing that went before bears on it.
    if (opens(record_)) return judge_alone(verdict);
    if (history_.other.any && history_.same.any) return judge_after_both(verdict);
    if (history_.other.any) return judge_reply(verdict);
    if (history_.other_overlaps) return judge_overlapping(verdict);
    if (history_.same.any && history_.closed() && is_midstream(record_)) {
      return conclude(verdict, Cause::late_packet, Certainty::likely,
                      {Fact::way_accepted, Fact::connection_closed});
    }
    if (judge_after_earlier(verdict)) return;
    judge_alone(verdict);
  }

 private:
  /// Source: VPC User Guide, "Flow log records", reject-reason: set for Block Public Access and
  /// Encryption Controls alone, so that other rejects have other causes.
  bool judge_reason(Verdict& verdict) const {
    switch (record_.reject_reason) {
      case LoggedRejectReason::block_public_access:
        conclude(verdict, Cause::block_public_access, Certainty::certain,
                 {Fact::reason_block_public_access});
        return true;
      case LoggedRejectReason::encryption_controls:
        conclude(verdict, Cause::encryption_controls, Certainty::certain,
                 {Fact::reason_encryption_controls});
        return true;
      case LoggedRejectReason::other:
        conclude(verdict, Cause::unknown, Certainty::possible, {Fact::reason_other});
        return true;
      case LoggedRejectReason::none:
        break;
    }
    return false;
  }

  /// Only the other way was accepted, and before: the groups have let the connection through and
  /// let its replies pass, so the ACL is left. Whoever is the opener, since a group tracks what it
  /// has let through. Source: VPC User Guide, "Flow log record examples", the ping; "Security
  /// groups", stateful.
  void judge_reply(Verdict& verdict) const {
    const std::int64_t idle = record_.start - history_.other.last;
    if (idle > tracking_.most) {
      return conclude(verdict, Cause::unknown, Certainty::possible,
                      {Fact::request_accepted, Fact::connection_idle});
    }
    conclude(verdict, Cause::network_acl, Certainty::certain,
             {Fact::request_accepted, Fact::groups_are_stateful});
    if (idle > tracking_.least) {
      verdict.certainty = Certainty::likely;
      verdict.because.add(Fact::tracking_may_be_over);
    }
    // Said to be the caller, yet called before: something is not as it seems.
    if (history_.forward) verdict.certainty = Certainty::likely;
  }

  /// The other way was accepted, but begins later in the log than this record does.
  void judge_overlapping(Verdict& verdict) const {
    const Certainty opener = history_.conversation->opener_certainty;
    if (has_syn_ack(record_) || (!history_.forward && opener != Certainty::possible)) {
      conclude(verdict, Cause::network_acl,
               has_syn_ack(record_) || opener == Certainty::certain ? Certainty::certain
                                                                    : Certainty::likely,
               {Fact::request_accepted, Fact::groups_are_stateful});
      return;
    }
    conclude(verdict, Cause::unknown, Certainty::possible,
             {Fact::request_accepted, Fact::order_unclear});
  }

  /// Both ways had been accepted: late packets, or an ACL that was changed, which cuts connections
  /// at once. Source: VPC User Guide, "Flow log records", action: packets that arrive after the
  /// connection was closed are rejected; EC2 User Guide, "Security group connection tracking".
  void judge_after_both(Verdict& verdict) const {
    const std::int64_t idle = record_.start - history_.last();
    if (record_.protocol != base::kTcp) {
      if (idle > tracking_.least) {
        return conclude(verdict, Cause::unknown, Certainty::possible,
                        {Fact::way_accepted, idle > tracking_.most ? Fact::connection_idle
                                                                   : Fact::tracking_may_be_over});
      }
      return conclude(verdict, Cause::network_acl, Certainty::likely,
                      {Fact::way_accepted, Fact::groups_are_stateful});
    }
    if (!record_.has_tcp_flags) {
      return conclude(verdict, Cause::unknown, Certainty::possible,
                      {Fact::way_accepted, Fact::flags_unknown});
    }
    if (has_syn_ack(record_)) {
      return conclude(verdict, Cause::network_acl, Certainty::likely,
                      {Fact::way_accepted, Fact::groups_are_stateful});
    }
    conclude(verdict, Cause::late_packet, Certainty::possible, {Fact::way_accepted});
    if (history_.closed()) {
      verdict.certainty = Certainty::likely;
      verdict.because.add(Fact::connection_closed);
    } else if (idle > tracking_.most) {
      verdict.certainty = Certainty::likely;
      verdict.because.add(Fact::connection_idle);
    } else if (idle > tracking_.least) {
      verdict.because.add(Fact::tracking_may_be_over);
    }
  }

  /// Nothing of this conversation was accepted before, but an earlier one of the same tuple was.
  bool judge_after_earlier(Verdict& verdict) const {
    const Conversation* earlier = history_.earlier;
    if (earlier == nullptr || record_.protocol != base::kTcp || has_syn_ack(record_) ||
        earlier->forward.accepted == 0 || earlier->backward.accepted == 0) {
      return false;
    }
    if (!record_.has_tcp_flags) {
      conclude(verdict, Cause::unknown, Certainty::possible,
               {Fact::way_accepted, Fact::flags_unknown});
      return true;
    }
    const bool closed = earlier->state == TcpState::closed || earlier->state == TcpState::refused;
    const std::int64_t idle =
        record_.start - std::max(earlier->forward.last, earlier->backward.last);
    conclude(verdict, Cause::late_packet,
             closed || idle > tracking_.most ? Certainty::likely : Certainty::possible,
             {Fact::way_accepted, closed                  ? Fact::connection_closed
                                  : idle > tracking_.most ? Fact::connection_idle
                                                          : Fact::tracking_may_be_over});
    return true;
  }

  /// Nothing was accepted that this record could belong to: groups and ACL are both possible.
  void judge_alone(Verdict& verdict) const {
    if (has_syn_ack(record_) && verdict.side == Side::outbound) {
      // Its SYN got in, at this interface or another; from outside it may be anyone's invention.
      return conclude(verdict, Cause::network_acl, Certainty::likely, {Fact::groups_are_stateful});
    }
    conclude(verdict, Cause::unknown, Certainty::possible, {});
    if (history_.same.any) verdict.because.add(Fact::way_accepted);
    const ConversationWay& other = history_.other_way();
    if (other.flows == 0) verdict.because.add(Fact::other_way_unseen);
    if (other.rejected > 0) verdict.because.add(Fact::other_way_rejected);
  }

  const FlowRecord& record_;
  const History& history_;
  Tracking tracking_;
};

}  // namespace

Tracking tracking_of(std::uint8_t protocol, bool both_ways,
                     const NetworkInterface* interface) noexcept {
  const auto configured = [](std::uint32_t seconds, Tracking otherwise) {
    return seconds == 0 ? otherwise : Tracking{.least = seconds, .most = seconds};
  };
  switch (protocol) {
    case base::kTcp:
      return configured(interface == nullptr ? 0 : interface->tcp_established_seconds,
                        {.least = interface == nullptr ? base::kLeastTcpIdle : base::kNitroTcpIdle,
                         .most = base::kTcpIdle});
    case base::kUdp:
      if (both_ways) {
        return configured(
            interface == nullptr ? 0 : interface->udp_stream_seconds,
            {.least = interface == nullptr ? base::kLeastUdpStreamIdle : base::kUdpStreamIdle,
             .most = base::kUdpStreamIdle});
      }
      return configured(interface == nullptr ? 0 : interface->udp_seconds,
                        {.least = base::kUdpIdle,
                         .most = interface == nullptr ? base::kMostUdpIdle : base::kUdpIdle});
    case base::kIcmp:
    case base::kIcmpv6:
      return {.least = base::kUdpIdle, .most = base::kOtherIdle};  // not documented
    default:
      return {.least = base::kOtherIdle, .most = base::kOtherIdle};
  }
}

Verdict judge_from_log(const FlowRecord& record, const History& history,
                       const ObservedInterface& observed, const NetworkInterface* interface,
                       const JudgeOptions& options) {
  Verdict verdict;
  verdict.logged = record.action;
  verdict.side = record.side;
  const Tracking tracking =
      tracking_of(record.protocol, history.same.any && history.other.any, interface);
  const LogJudge judge(record, history, tracking);
  if (record.action == Action::accept) {
    judge.judge_accept(verdict);
  } else {
    judge.judge_reject(verdict);
  }
  if (record.side == Side::unknown) {
    verdict.because.add(Fact::side_unknown);
  } else if (record.side_origin != SideOrigin::flow_direction &&
             record.side_origin != SideOrigin::configuration) {
    verdict.because.add(Fact::side_inferred);
  }
  const bool absence_counts =
      verdict.because.has(Fact::unanswered) || verdict.because.has(Fact::other_way_unseen);
  const bool by_reason = record.reject_reason != LoggedRejectReason::none;
  if (record.action == Action::reject && !by_reason) {
    if (lost_records(observed, record)) {
      verdict.because.add(Fact::records_dropped);
      if (verdict.certainty == Certainty::certain) verdict.certainty = Certainty::likely;
    }
    if (options.rejects_only) verdict.because.add(Fact::rejects_only);
  } else if (absence_counts) {
    if (lost_records(observed, record)) verdict.because.add(Fact::records_dropped);
    if (options.accepts_only) verdict.because.add(Fact::accepts_only);
  }
  return verdict;
}

void add_evidence(Verdict& verdict, const FlowRecord& record, const History& history,
                  const JudgeOptions& options) {
  if (options.evidence == nullptr || verdict.side == Side::unknown || !history.forward ||
      verdict.because.has(Fact::reason_other)) {
    return;
  }
  if (!options.evidence->is_complete()) {
    verdict.because.add(Fact::too_many_peers);
    return;
  }
  const bool inbound = verdict.side == Side::inbound;
  const Ip& peer = inbound ? record.packet_source : record.packet_destination;
  const Evidence::Opening opening{.interface = history.conversation->interface,
                                  .side = verdict.side,
                                  .protocol = record.protocol,
                                  .port = record.destination_port};
  const Evidence::AtPort at_port = options.evidence->at_port(opening, peer);
  const bool elsewhere = options.evidence->elsewhere(opening, peer);
  verdict.because.add(at_port.others ? Fact::others_accepted : Fact::nobody_else_accepted);
  if (at_port.peer) verdict.because.add(Fact::peer_accepted_here);
  if (elsewhere) verdict.because.add(Fact::peer_accepted_elsewhere);
  if (!at_port.peer && !elsewhere) verdict.because.add(Fact::peer_never_accepted);
}

}  // namespace weir::verdict
