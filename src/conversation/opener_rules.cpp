// SPDX-License-Identifier: Apache-2.0
// conversation: who opened a conversation, as far as the configuration tells.
#include <algorithm>
#include <utility>

#include "base/protocol.hpp"
#include "conversation/opening.hpp"

namespace weir::conversation {
namespace {

/// A rule for at most so many ports names its servers' ports: Kubernetes' NodePorts, 30000 to
/// 32767, are the widest range in common use. Rules for more are for clients' ports, or for all.
constexpr std::uint32_t kMostServerPorts = 4096;

/// Whether a rule that admits the opening is for just these ports.
bool names_port(const Evaluator& policy, std::uint32_t interface, const Packet& opening) {
  if (!base::has_ports(opening.protocol)) return false;
  bool named = false;
  policy.each_matching_rule(
      interface, opening, [&](const SecurityGroup&, const SecurityGroupRule& rule, Answer) {
        named = named ||
                (base::has_ports(rule.traffic.protocol) &&
                 std::uint32_t{rule.traffic.ports.to} - rule.traffic.ports.from < kMostServerPorts);
      });
  return named;
}

/// Only one way can it have been opened. What the log suggests otherwise may still be right, if
/// the rules have changed.
void decide_for(Conversation& conversation, bool client) {
  const bool contested = !client && conversation.opener_certainty == Certainty::likely;
  if (!client) turn_round(conversation);
  conversation.opener_origin = OpenerOrigin::rules;
  conversation.opener_certainty = contested ? Certainty::likely : Certainty::certain;
}

/// Both ways are admitted, one of them by a rule for just this port. `is_known`: no rule that might
/// say as much of the other way was left unread.
void lean_to(Conversation& conversation, bool client, bool is_known) {
  const Certainty so_far = conversation.opener_certainty;
  if (client) {
    // Times may be off by a minute and flows begin anywhere: an order is no second proof.
    const bool agrees = is_known && so_far == Certainty::likely &&
                        conversation.opener_origin != OpenerOrigin::first_seen;
    if (!agrees) conversation.opener_origin = OpenerOrigin::rules;
    conversation.opener_certainty = agrees ? Certainty::certain : Certainty::likely;
  } else if (so_far == Certainty::likely) {
    conversation.opener_certainty = Certainty::possible;
  } else {
    turn_round(conversation);
    conversation.opener_origin = OpenerOrigin::rules;
    conversation.opener_certainty = Certainty::likely;
  }
}

}  // namespace

void turn_round(Conversation& conversation) noexcept {
  std::swap(conversation.client, conversation.server);
  std::swap(conversation.packet_client, conversation.packet_server);
  std::swap(conversation.client_port, conversation.server_port);
  std::swap(conversation.forward, conversation.backward);
  if (conversation.opened != Side::unknown) {
    conversation.opened = conversation.opened == Side::inbound ? Side::outbound : Side::inbound;
  }
}

// Source: VPC User Guide, "Security group rules": groups are stateful, so what was accepted has
// been opened in a direction that a rule admits, and its replies need none.
void weigh_rules(Conversation& conversation, const Evaluator& policy, std::uint32_t interface) {
  if (conversation.opener_certainty == Certainty::certain || !has_side(conversation)) return;
  const GroupDecision from_server = policy.groups(interface, backward_packet(conversation));
  if (conversation.opener_origin == OpenerOrigin::rejected) {
    // It is no reply if nobody may have asked, or if a reply would have got through: groups let it
    // pass, and the network ACL too.
    const AclDecision acl = policy.acl(interface, forward_packet(conversation));
    const bool reply_passes =
        acl.allowed == Answer::yes &&
        (acl.doubt == Doubt::none || acl.doubt == Doubt::icmp_type ||
         acl.doubt == Doubt::load_balancer || acl.doubt == Doubt::subnet_of_peer ||
         acl.doubt == Doubt::transit_gateway);
    if (from_server.allowed == Answer::no || reply_passes) {
      conversation.opener_certainty = Certainty::certain;
    }
    return;
  }
  if (conversation.forward.accepted + conversation.backward.accepted == 0) return;
  const Packet opening = forward_packet(conversation);
  const GroupDecision from_client = policy.groups(interface, opening);
  if (!from_client.checked || !from_server.checked) return;
  const bool client_may = from_client.allowed != Answer::no;
  const bool server_may = from_server.allowed != Answer::no;
  if (client_may != server_may) return decide_for(conversation, client_may);
  if (!client_may) return;
  const bool names_server = names_port(policy, interface, opening);
  const bool names_client = names_port(policy, interface, backward_packet(conversation));
  const bool is_known = from_client.allowed == Answer::yes && from_server.allowed == Answer::yes;
  if (names_server != names_client) lean_to(conversation, names_server, is_known);
}

}  // namespace weir::conversation
