// SPDX-License-Identifier: Apache-2.0
// conversation: the words for what is known of conversations.
#include "weir/conversation.hpp"

namespace weir {

std::string_view side_name(Side side) noexcept {
  switch (side) {
    case Side::unknown:
      return "unknown";
    case Side::inbound:
      return "inbound";
    case Side::outbound:
      return "outbound";
  }
  return {};
}

std::string_view certainty_name(Certainty certainty) noexcept {
  switch (certainty) {
    case Certainty::possible:
      return "possible";
    case Certainty::likely:
      return "likely";
    case Certainty::certain:
      return "certain";
  }
  return {};
}

Certainty certainty_of(SideOrigin origin) noexcept {
  switch (origin) {
    case SideOrigin::flow_direction:
    case SideOrigin::configuration:
      return Certainty::certain;
    case SideOrigin::common_address:
    case SideOrigin::private_address:
      return Certainty::likely;
    case SideOrigin::unknown:
      break;
  }
  return Certainty::possible;
}

std::string_view opener_origin_name(OpenerOrigin origin) noexcept {
  switch (origin) {
    case OpenerOrigin::syn:
      return "syn";
    case OpenerOrigin::syn_ack:
      return "syn-ack";
    case OpenerOrigin::ports:
      return "ports";
    case OpenerOrigin::first_seen:
      return "first-seen";
  }
  return {};
}

std::string_view tcp_state_name(TcpState state) noexcept {
  switch (state) {
    case TcpState::unknown:
      return "unknown";
    case TcpState::opened:
      return "opened";
    case TcpState::closed:
      return "closed";
    case TcpState::refused:
      return "refused";
    case TcpState::half_open:
      return "half-open";
    case TcpState::midstream:
      return "midstream";
  }
  return {};
}

}  // namespace weir
