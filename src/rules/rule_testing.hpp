// SPDX-License-Identifier: Apache-2.0
// rules: conversations with packets and bytes, made by hand to be counted by tests.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/opening.hpp"
#include "weir/conversation.hpp"

namespace weir::rules {

/// A record of a conversation: which way, what came of it.
struct MadeRecord {
  bool forward = true;
  Action action = Action::accept;
  std::uint64_t bytes = 100;
  std::int64_t start = 0;
  LoggedRejectReason reason = LoggedRejectReason::none;
  bool selected = true;
};

/// A conversation as the interface sees it.
struct MadeConversation {
  std::string_view interface;
  Side opened = Side::inbound;
  std::string_view local;
  std::string_view remote;
  std::uint8_t protocol = 6;
  std::uint16_t server_port = 443;
  std::uint16_t client_port = 50000;
  Certainty opener = Certainty::certain;
  std::vector<MadeRecord> records = {{.forward = true}, {.forward = false}};
};

/// Owns what conversations point to.
class MadeLog {
 public:
  /// `policy` knows the interfaces, by id. `weighs`: it says who opened what, too.
  explicit MadeLog(const Evaluator& policy, bool weighs = true)
      : policy_(&policy), weighs_(weighs) {}

  void observe(std::string_view id) { interface_of(id); }
  ObservedInterface& observed(std::string_view id) { return interfaces_[interface_of(id)]; }

  void add(const MadeConversation& wanted) {
    Conversation made;
    made.interface = interface_of(wanted.interface);
    const bool inbound = wanted.opened == Side::inbound;
    made.client = *parse_ip(inbound ? wanted.remote : wanted.local);
    made.server = *parse_ip(inbound ? wanted.local : wanted.remote);
    made.packet_client = made.client;
    made.packet_server = made.server;
    made.client_port = wanted.client_port;
    made.server_port = wanted.server_port;
    made.protocol = wanted.protocol;
    made.opened = wanted.opened;
    made.opener_certainty = wanted.opener;
    std::vector<FlowRecord>& records = records_.emplace_back();
    for (const MadeRecord& record : wanted.records) {
      records.push_back(record_of(made, record));
      ConversationWay& way = record.forward ? made.forward : made.backward;
      ++way.flows;
      way.accepted += record.action == Action::accept ? 1 : 0;
      way.rejected += record.action == Action::reject ? 1 : 0;
      way.packets += 1;
      way.bytes += record.bytes;
      ObservedInterface& observed = interfaces_[made.interface];
      observed.last = std::max(observed.last, record.start + 60);
      observed.accepted += record.action == Action::accept ? 1 : 0;
      observed.rejected += record.action == Action::reject ? 1 : 0;
    }
    made.records = records;
    const std::uint32_t handle = interfaces_[made.interface].configured;
    if (weighs_ && handle != Evaluator::kUnknownInterface)
      conversation::weigh_rules(made, *policy_, handle);
    conversations_.push_back(made);
  }

  const std::vector<Conversation>& conversations() const { return conversations_; }
  const std::vector<ObservedInterface>& interfaces() const { return interfaces_; }

 private:
  std::uint32_t interface_of(std::string_view id) {
    for (std::size_t i = 0; i < interfaces_.size(); ++i) {
      if (interfaces_[i].id == id) return static_cast<std::uint32_t>(i);
    }
    ObservedInterface& made = interfaces_.emplace_back();
    made.id = id;
    made.configured = policy_->find_interface(id);
    return static_cast<std::uint32_t>(interfaces_.size() - 1);
  }

  static FlowRecord record_of(const Conversation& made, const MadeRecord& record) {
    FlowRecord flow;
    flow.source = record.forward ? made.client : made.server;
    flow.destination = record.forward ? made.server : made.client;
    flow.packet_source = flow.source;
    flow.packet_destination = flow.destination;
    flow.source_port = record.forward ? made.client_port : made.server_port;
    flow.destination_port = record.forward ? made.server_port : made.client_port;
    flow.protocol = made.protocol;
    flow.packets = 1;
    flow.bytes = record.bytes;
    flow.start = record.start;
    flow.end = record.start + 60;
    flow.action = record.action;
    flow.reject_reason = record.reason;
    flow.selected = record.selected;
    return flow;
  }

  const Evaluator* policy_;
  bool weighs_;
  std::deque<std::vector<FlowRecord>> records_;
  std::vector<Conversation> conversations_;
  std::vector<ObservedInterface> interfaces_;
};

}  // namespace weir::rules
