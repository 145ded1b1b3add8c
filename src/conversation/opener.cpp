// SPDX-License-Identifier: Apache-2.0
// conversation: who opened a conversation, and what state it reached.
#include <algorithm>
#include <cassert>
#include <optional>

#include "base/protocol.hpp"
#include "conversation/stitch.hpp"
#include "weir/names.hpp"

namespace weir::conversation {
namespace {

/// What the records from one end tell.
struct From {
  const FlowRecord* first = nullptr;
  const FlowRecord* syn = nullptr;  // the first with SYN and without ACK
  bool has_syn_ack = false;
  bool is_accepted = false;
  bool is_rejected = false;

  void add(const FlowRecord& record) {
    if (first == nullptr) first = &record;
    is_accepted = is_accepted || record.action == Action::accept;
    is_rejected = is_rejected || record.action == Action::reject;
    if (record.protocol != base::kTcp) return;
    // ACK is logged only as part of SYN-ACK (VPC User Guide, "Flow log records", tcp-flags).
    const std::uint8_t flags = record.tcp_flags & base::kSynAck;
    if (flags == base::kSyn && syn == nullptr) syn = &record;
    has_syn_ack = has_syn_ack || flags == base::kSynAck;
  }
  bool only_rejected() const noexcept { return is_rejected && !is_accepted; }
};

struct Opener {
  bool is_first = true;  ///< the end that the first record came from
  OpenerOrigin origin = OpenerOrigin::first_seen;
  Certainty certainty = Certainty::possible;
};

/// Ports that answer come before those that ask: the privileged ones, then those with a service,
/// then those that Linux does not pick for clients.
int port_class(std::uint16_t port, std::uint8_t protocol) {
  if (port == 0 || port >= base::kFirstClientPort) return 3;
  if (port < base::kFirstUnprivilegedPort) return 0;
  return service_name(port, protocol).empty() ? 2 : 1;
}

std::optional<Opener> by_ports(const FlowRecord& record) {
  if (record.source_port == record.destination_port) return std::nullopt;
  const int source = port_class(record.source_port, record.protocol);
  const int destination = port_class(record.destination_port, record.protocol);
  if (source == destination) return std::nullopt;
  // NAT gateways, load balancers and old clients pick from 1024 on, and servers may listen
  // anywhere, so a port without a service is no more than a hint.
  const int server = std::min(source, destination);
  const int client = std::max(source, destination);
  const bool likely = server == 0 || (server == 1 && client == 3);
  return Opener{.is_first = source > destination,
                .origin = OpenerOrigin::ports,
                .certainty = likely ? Certainty::likely : Certainty::possible};
}

/// An end with so many peers is a server's, if it has so many times those of the other end.
constexpr unsigned kServerPeers = 4;

std::optional<Opener> by_peers(const FlowRecord& record, const FanIn* fan_in) {
  if (fan_in == nullptr) return std::nullopt;
  const unsigned source =
      fan_in->peers_of(record.packet_source, record.source_port, record.protocol);
  const unsigned destination =
      fan_in->peers_of(record.packet_destination, record.destination_port, record.protocol);
  const bool is_first = destination > source;
  const unsigned least = std::max(std::min(source, destination), 1U);
  if (std::max(source, destination) < kServerPeers * least) return std::nullopt;
  return Opener{
      .is_first = is_first, .origin = OpenerOrigin::peers, .certainty = Certainty::likely};
}

Opener by_time(const FlowRecord& first, const FlowRecord* other) {
  if (other == nullptr) return {};
  if (first.start != other->start) {
    return {.is_first = true, .origin = OpenerOrigin::first_seen, .certainty = Certainty::likely};
  }
  // Both in one second: the higher port, or else the lower address, so that there is an answer.
  if (first.source_port != first.destination_port) {
    return {.is_first = first.source_port > first.destination_port};
  }
  return {.is_first = first.packet_source < first.packet_destination};
}

std::optional<Opener> by_flags(const From& first, const From& other) {
  if (first.syn != nullptr && other.syn != nullptr) {
    return Opener{.is_first = first.syn->start <= other.syn->start,
                  .origin = OpenerOrigin::syn,
                  .certainty = Certainty::likely};
  }
  if (first.syn != nullptr || other.syn != nullptr) {
    return Opener{.is_first = first.syn != nullptr,
                  .origin = OpenerOrigin::syn,
                  .certainty = Certainty::certain};
  }
  if (first.has_syn_ack != other.has_syn_ack) {
    return Opener{.is_first = other.has_syn_ack,
                  .origin = OpenerOrigin::syn_ack,
                  .certainty = Certainty::certain};
  }
  return std::nullopt;
}

/// What a group lets in is opened by whoever was let in: packets that were only rejected opened
/// nothing, and were the replies, unless they came first.
std::optional<Opener> by_actions(const From& first, const From& other) {
  const bool other_way = other.is_accepted && !other.is_rejected && first.only_rejected();
  if (!other_way && !(first.is_accepted && !first.is_rejected && other.only_rejected())) {
    return std::nullopt;
  }
  const From& accepted = other_way ? other : first;
  const From& rejected = other_way ? first : other;
  return Opener{.is_first = !other_way,
                .origin = OpenerOrigin::accepted,
                .certainty = accepted.first->start <= rejected.first->start ? Certainty::certain
                                                                            : Certainty::likely};
}

Opener decide(const From& first, const From& other, const FanIn* fan_in) {
  if (const auto opener = by_flags(first, other)) return *opener;
  const FlowRecord& record = *first.first;
  // Nobody has asked for what was never let in, unless flags show that it goes on with something.
  const bool goes_on = record.protocol == base::kTcp && record.has_tcp_flags;
  if (other.first == nullptr && first.only_rejected() && !goes_on) {
    return {.origin = OpenerOrigin::rejected, .certainty = Certainty::likely};
  }
  const std::optional<Opener> ports = by_ports(record);
  std::optional<Opener> likely;
  for (const std::optional<Opener>& each :
       {ports, by_peers(record, fan_in), by_actions(first, other)}) {
    if (!each || each->certainty == Certainty::possible) continue;
    if (!likely) {
      likely = each;
    } else if (likely->is_first != each->is_first) {
      likely->certainty = Certainty::possible;
    } else {
      likely->certainty = std::max(likely->certainty, each->certainty);
    }
  }
  if (likely) return *likely;
  Opener time = by_time(record, other.first);
  // One way only, without better evidence: whoever sends has opened it.
  if (!ports || other.first == nullptr) return time;
  if (time.certainty == Certainty::possible) return *ports;
  if (time.is_first != ports->is_first) time.certainty = Certainty::possible;
  return time;
}

Side opposite(Side side) {
  if (side == Side::inbound) return Side::outbound;
  return side == Side::outbound ? Side::inbound : Side::unknown;
}

}  // namespace

void find_opener(Conversation& conversation, const FanIn* fan_in) {
  const FlowRecord& head = conversation.records.front();
  From first;
  From other;
  for (const FlowRecord& record : conversation.records) {
    const bool same_way =
        record.packet_source == head.packet_source && record.source_port == head.source_port;
    (same_way ? first : other).add(record);
  }
  assert(first.first != nullptr);  // the head itself
  const Opener opener = decide(first, other, fan_in);
  conversation.protocol = head.protocol;
  conversation.has_packet_addresses =
      std::any_of(conversation.records.begin(), conversation.records.end(),
                  [](const FlowRecord& record) { return record.has_packet_addresses; });
  conversation.opener_origin = opener.origin;
  conversation.opener_certainty = opener.certainty;
  conversation.packet_client = opener.is_first ? head.packet_source : head.packet_destination;
  conversation.packet_server = opener.is_first ? head.packet_destination : head.packet_source;
  conversation.client_port = opener.is_first ? head.source_port : head.destination_port;
  conversation.server_port = opener.is_first ? head.destination_port : head.source_port;
  // srcaddr and dstaddr as the opener's packets have them, where there are any.
  const FlowRecord* const forward = opener.is_first ? first.first : other.first;
  conversation.client = forward != nullptr ? forward->source : head.destination;
  conversation.server = forward != nullptr ? forward->destination : head.source;
  const auto known =
      std::find_if(conversation.records.begin(), conversation.records.end(),
                   [](const FlowRecord& record) { return record.side != Side::unknown; });
  if (known == conversation.records.end()) return;
  conversation.opened = conversation.is_forward(*known) ? known->side : opposite(known->side);
  conversation.side_origin = known->side_origin;
}

TcpState tcp_state_of(const Conversation& conversation) {
  const bool has_flags = std::any_of(conversation.records.begin(), conversation.records.end(),
                                     [](const FlowRecord& record) { return record.has_tcp_flags; });
  if (conversation.protocol != base::kTcp || !has_flags) return TcpState::unknown;
  const ConversationWay& forward = conversation.forward;
  const ConversationWay& backward = conversation.backward;
  const bool has_syn = (forward.tcp_flags & base::kSyn) != 0;
  const bool has_syn_ack = (backward.tcp_flags & base::kSynAck) == base::kSynAck;
  const bool is_reset = ((forward.tcp_flags | backward.tcp_flags) & base::kRst) != 0;
  if (has_syn && !has_syn_ack) {
    // A FIN is sent only once the other end has answered, wherever that was recorded.
    if (backward.flows == 0 && (forward.tcp_flags & base::kFin) == 0) return TcpState::half_open;
    // The ACK of an RST is not logged either.
    if ((backward.tcp_flags & base::kRst) != 0) return TcpState::refused;
  }
  if ((forward.tcp_flags & backward.tcp_flags & base::kFin) != 0 || is_reset)
    return TcpState::closed;
  return has_syn || has_syn_ack ? TcpState::opened : TcpState::midstream;
}

}  // namespace weir::conversation
