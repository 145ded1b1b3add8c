// SPDX-License-Identifier: Apache-2.0
// suggest: conversations and networks made by hand, for the tests of suggestions.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/opening.hpp"
#include "weir/suggest.hpp"

namespace weir::suggest {

inline Ip ip(std::string_view text) { return *parse_ip(text); }
inline Cidr cidr(std::string_view text) { return *parse_cidr(text); }

/// What a test says of a conversation; the rest is as in an ordinary, accepted one.
struct Talk {
  std::string interface = "eni-a";
  Side opened = Side::inbound;
  std::string peer = "10.0.0.1";
  std::uint8_t protocol = 6;
  std::uint16_t port = 443;  ///< the server's
  Certainty certainty = Certainty::certain;
  std::uint64_t accepted = 1;  ///< records there
  std::uint64_t rejected = 0;
  std::uint64_t answers = 1;  ///< accepted records back
  std::int64_t start = 1'700'000'000;
  bool selected = true;
};

/// A log of conversations.
class HandmadeLog {
 public:
  HandmadeLog() = default;
  HandmadeLog(std::initializer_list<Talk> talks) {
    for (const Talk& talk : talks) add(talk);
  }

  void add(const Talk& talk) { talks_.push_back(talk); }
  const std::vector<Talk>& talks() const { return talks_; }

  /// Runs a suggester with so many visitors; they get the conversations in turn.
  Result<Suggestions> suggest(const SuggestOptions& options, std::size_t visitors = 1) {
    prepare();
    if (options.policy != nullptr) weigh(*options.policy);
    Suggester suggester(options, interfaces_);
    std::vector<std::unique_ptr<ConversationVisitor>> taking;
    for (std::size_t i = 0; i < visitors; ++i) taking.push_back(suggester.visitor());
    for (std::size_t i = 0; i < conversations_.size(); ++i) {
      taking[i % visitors]->take(std::span(&conversations_[i], 1));
    }
    taking.clear();
    return suggester.finish();
  }

 private:
  void prepare() {
    interfaces_.clear();
    conversations_.clear();
    records_.clear();
    std::map<std::string, std::uint32_t> places;
    for (const Talk& talk : talks_) places[talk.interface] = 0;
    for (auto& [id, place] : places) {
      place = static_cast<std::uint32_t>(interfaces_.size());
      ObservedInterface& observed = interfaces_.emplace_back();
      observed.id = id;
      observed.first = 1'700'000'000;
      observed.last = 1'700'000'060;
    }
    for (const Talk& talk : talks_) conversations_.push_back(make(talk, places[talk.interface]));
  }

  /// What conversations are given with a configuration.
  void weigh(const Evaluator& policy) {
    for (Conversation& made : conversations_) {
      const std::uint32_t handle = policy.find_interface(interfaces_[made.interface].id);
      if (handle == Evaluator::kUnknownInterface) continue;
      conversation::weigh_rules(made, policy, handle);
    }
  }

  Conversation make(const Talk& talk, std::uint32_t interface) {
    const Ip peer = ip(talk.peer);
    const Ip local = peer.is_ipv4() ? ip("10.9.9.9") : ip("2001:db8:9::9");
    Conversation made;
    made.interface = interface;
    made.client = talk.opened == Side::inbound ? peer : local;
    made.server = talk.opened == Side::inbound ? local : peer;
    made.packet_client = made.client;
    made.packet_server = made.server;
    made.client_port = 50000;
    made.server_port = talk.port;
    made.protocol = talk.protocol;
    made.opener_certainty = talk.certainty;
    made.opened = talk.opened;
    made.side_origin = SideOrigin::flow_direction;
    std::vector<FlowRecord>& records = records_.emplace_back();
    const auto add_records = [&](std::uint64_t count, bool forward, Action action) {
      for (std::uint64_t i = 0; i < count; ++i) {
        FlowRecord& record = records.emplace_back();
        record.source = forward ? made.client : made.server;
        record.destination = forward ? made.server : made.client;
        record.packet_source = record.source;
        record.packet_destination = record.destination;
        record.source_port = forward ? made.client_port : made.server_port;
        record.destination_port = forward ? made.server_port : made.client_port;
        record.protocol = made.protocol;
        record.packets = 2;
        record.bytes = 100;
        record.start = talk.start;
        record.end = talk.start + 60;
        record.action = action;
        record.selected = talk.selected;
      }
    };
    add_records(talk.accepted, true, Action::accept);
    add_records(talk.rejected, true, Action::reject);
    add_records(talk.answers, false, Action::accept);
    made.forward = {.flows = talk.accepted + talk.rejected,
                    .accepted = talk.accepted,
                    .rejected = talk.rejected};
    made.backward = {.flows = talk.answers, .accepted = talk.answers};
    made.records = records;
    return made;
  }

  std::vector<Talk> talks_;
  std::vector<ObservedInterface> interfaces_;
  std::deque<std::vector<FlowRecord>> records_;
  std::vector<Conversation> conversations_;
};

/// An interface of a network made by hand.
inline void add_interface(Network& network, const std::string& id,
                          const std::vector<std::string>& groups,
                          const std::vector<std::string>& addresses,
                          const std::string& vpc = "vpc-1") {
  NetworkInterface& interface = network.interfaces.emplace_back();
  interface.id = id;
  interface.type = "interface";
  interface.vpc_id = vpc;
  interface.account_id = "123456789012";
  interface.group_ids = groups;
  for (const std::string& address : addresses) interface.addresses.push_back(ip(address));
  for (const std::string& group : groups) {
    const bool is_known =
        std::any_of(network.groups.begin(), network.groups.end(),
                    [&](const SecurityGroup& known) { return known.id == group; });
    if (is_known) continue;
    SecurityGroup& made = network.groups.emplace_back();
    made.id = group;
    made.name = group.substr(3);
    made.vpc_id = vpc;
    made.account_id = "123456789012";
  }
}

/// Adds a rule that admits everything to a group; its peer is still to be set.
inline SecurityGroupRule& add_rule(Network& network, std::string_view group_id,
                                   RuleDirection direction = RuleDirection::ingress) {
  const auto group = std::find_if(network.groups.begin(), network.groups.end(),
                                  [&](const SecurityGroup& known) { return known.id == group_id; });
  SecurityGroupRule& rule = group->rules.emplace_back();
  rule.direction = direction;
  return rule;
}

/// `ingress tcp 443 10.0.0.0/24`, one rule per line.
inline std::string rules_text(const Suggestion& proposal) {
  std::string text;
  for (const SuggestedRule& rule : proposal.rules) {
    text += std::string(rule_direction_name(rule.direction)) + ' ' + to_string(rule.traffic) + ' ' +
            to_string(rule.peer) + '\n';
  }
  return text;
}

}  // namespace weir::suggest
