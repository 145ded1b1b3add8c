// SPDX-License-Identifier: Apache-2.0
// conversation: the words for what is known of conversations.
#include "base/enum_table.hpp"
#include "weir/conversation.hpp"

namespace weir {
namespace {

constexpr base::NameRow<Side> kSides[] = {
    {Side::unknown, "unknown"},
    {Side::inbound, "inbound"},
    {Side::outbound, "outbound"},
};
static_assert(base::names_all<kSides>());

constexpr base::NameRow<Certainty> kCertainties[] = {
    {Certainty::possible, "possible"},
    {Certainty::likely, "likely"},
    {Certainty::certain, "certain"},
};
static_assert(base::names_all<kCertainties>());

constexpr base::NameRow<OpenerOrigin> kOpenerOrigins[] = {
    {OpenerOrigin::syn, "syn"},           {OpenerOrigin::syn_ack, "syn-ack"},
    {OpenerOrigin::rules, "rules"},       {OpenerOrigin::rejected, "rejected"},
    {OpenerOrigin::accepted, "accepted"}, {OpenerOrigin::ports, "ports"},
    {OpenerOrigin::peers, "peers"},       {OpenerOrigin::first_seen, "first-seen"},
};
static_assert(base::names_all<kOpenerOrigins>());

constexpr base::NameRow<TcpState> kTcpStates[] = {
    {TcpState::unknown, "unknown"},     {TcpState::opened, "opened"},
    {TcpState::closed, "closed"},       {TcpState::refused, "refused"},
    {TcpState::half_open, "half-open"}, {TcpState::midstream, "midstream"},
};
static_assert(base::names_all<kTcpStates>());

}  // namespace

std::string_view side_name(Side side) noexcept { return base::name_in(kSides, side); }

std::string_view certainty_name(Certainty certainty) noexcept {
  return base::name_in(kCertainties, certainty);
}

std::string_view opener_origin_name(OpenerOrigin origin) noexcept {
  return base::name_in(kOpenerOrigins, origin);
}

std::string_view tcp_state_name(TcpState state) noexcept {
  return base::name_in(kTcpStates, state);
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

}  // namespace weir
