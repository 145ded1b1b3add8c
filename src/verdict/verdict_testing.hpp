// SPDX-License-Identifier: Apache-2.0
// verdict: conversations built by hand, for tests.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "weir/verdict.hpp"

namespace weir::verdict {

/// A record as a test writes it down: `in` or `out`, accepted or not, from when to when.
struct TestRecord {
  Side side = Side::inbound;
  Action action = Action::accept;
  std::int64_t start = 0;
  std::int64_t end = 60;
  int tcp_flags = -1;  ///< -1: the log has none
  LoggedRejectReason reason = LoggedRejectReason::none;
};

constexpr Side kIn = Side::inbound;
constexpr Side kOut = Side::outbound;
constexpr Action kAccept = Action::accept;
constexpr Action kReject = Action::reject;

/// Who talks with whom: `remote` with the interface at `local`.
struct TestTuple {
  std::string_view remote = "203.0.113.12";
  std::string_view local = "172.31.16.139";
  std::uint16_t remote_port = 49152;
  std::uint16_t local_port = 443;
  std::uint8_t protocol = 6;
  Side opened = Side::inbound;
  Certainty opener = Certainty::certain;
  std::uint32_t interface = 0;
  TcpState state = TcpState::unknown;
};

/// Owns the records that conversations point to.
class TestLog {
 public:
  TestLog() : interfaces_(1) { interfaces_[0].id = "eni-1235b8ca123456789"; }

  const Conversation& add(const TestTuple& tuple, const std::vector<TestRecord>& records) {
    std::vector<FlowRecord>& kept = records_.emplace_back();
    for (const TestRecord& record : records) kept.push_back(make(tuple, record));
    std::stable_sort(kept.begin(), kept.end(), [](const FlowRecord& a, const FlowRecord& b) {
      return std::pair(a.start, a.end) < std::pair(b.start, b.end);
    });
    Conversation& made = conversations_.emplace_back();
    const bool inbound = tuple.opened == Side::inbound;
    made.interface = tuple.interface;
    made.client = *parse_ip(inbound ? tuple.remote : tuple.local);
    made.server = *parse_ip(inbound ? tuple.local : tuple.remote);
    made.packet_client = made.client;
    made.packet_server = made.server;
    made.client_port = inbound ? tuple.remote_port : tuple.local_port;
    made.server_port = inbound ? tuple.local_port : tuple.remote_port;
    made.protocol = tuple.protocol;
    made.opener_certainty = tuple.opener;
    made.opened = tuple.opened;
    made.state = tuple.state;
    made.records = kept;
    for (const FlowRecord& record : kept) {
      count(made.is_forward(record) ? made.forward : made.backward, record);
      (record.action == kAccept ? interfaces_[0].accepted : interfaces_[0].rejected) += 1;
    }
    return made;
  }

  std::vector<ObservedInterface>& interfaces() { return interfaces_; }
  const std::vector<Conversation>& conversations() const { return conversations_; }

  /// What was gathered from all conversations.
  Evidence evidence(std::size_t most = Evidence::kMostEntries) const {
    Evidence evidence(most);
    auto gatherer = evidence.gatherer(interfaces_);
    for (const Conversation& conversation : conversations_) gatherer->take({&conversation, 1});
    evidence.absorb(*gatherer);
    return evidence;
  }

  /// Verdicts of the first so many conversations taken as one tuple, or of all; in time order.
  std::vector<Verdict> judge(JudgeOptions options = {}) const {
    options.interfaces = interfaces_;
    std::vector<Verdict> verdicts;
    Judge(options).judge(conversations_, [&](const Conversation&, const FlowRecord&,
                                             const Verdict& v) { verdicts.push_back(v); });
    return verdicts;
  }

 private:
  static FlowRecord make(const TestTuple& tuple, const TestRecord& record) {
    FlowRecord made;
    const bool inbound = record.side == Side::inbound;
    made.source = made.packet_source = *parse_ip(inbound ? tuple.remote : tuple.local);
    made.destination = made.packet_destination = *parse_ip(inbound ? tuple.local : tuple.remote);
    made.source_port = inbound ? tuple.remote_port : tuple.local_port;
    made.destination_port = inbound ? tuple.local_port : tuple.remote_port;
    made.protocol = tuple.protocol;
    made.start = record.start;
    made.end = record.end;
    made.action = record.action;
    made.side = record.side;
    made.side_origin = SideOrigin::flow_direction;
    made.reject_reason = record.reason;
    made.has_tcp_flags = record.tcp_flags >= 0;
    made.tcp_flags = static_cast<std::uint8_t>(std::max(record.tcp_flags, 0));
    return made;
  }

  static void count(ConversationWay& way, const FlowRecord& record) {
    if (way.flows == 0) way.first = record.start;
    way.flows += 1;
    way.accepted += record.action == kAccept ? 1 : 0;
    way.rejected += record.action == kReject ? 1 : 0;
    way.first = std::min(way.first, record.start);
    way.last = std::max(way.last, record.end);
    way.tcp_flags = static_cast<std::uint8_t>(way.tcp_flags | record.tcp_flags);
  }

  std::deque<std::vector<FlowRecord>> records_;
  std::vector<Conversation> conversations_;
  std::vector<ObservedInterface> interfaces_;
};

}  // namespace weir::verdict
