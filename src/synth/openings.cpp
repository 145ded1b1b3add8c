// SPDX-License-Identifier: Apache-2.0
// synth: the table of openings.
#include "synth/openings.hpp"

#include <algorithm>

namespace weir::synth {
namespace {

constexpr bool kIn = false;
constexpr bool kOut = true;
using enum RuleProtocol;

constexpr Opening kOpenings[] = {
    {Role::balancer, kIn, tcp, 443, Peers::everyone, "customers"},
    {Role::balancer, kIn, tcp, 443, Peers::everyone_v6, "customers"},
    {Role::balancer, kIn, tcp, 80, Peers::everyone, "sent on to 443"},
    {Role::balancer, kIn, tcp, 8443, Peers::everyone, "the old API, nobody listens"},
    {Role::balancer, kIn, icmp, 0, Peers::everyone, "ping"},
    {Role::balancer, kOut, tcp, 8080, Peers::apps},
    {Role::balancer, kOut, tcp, 8080, Peers::tasks},
    {Role::network_balancer, kIn, tcp, 8443, Peers::everyone, "partners"},
    {Role::network_balancer, kOut, tcp, 8443, Peers::company},
    {Role::bastion, kIn, tcp, 22, Peers::offices},
    {Role::bastion, kOut, tcp, 22, Peers::company},
    {Role::resolver, kIn, udp, 53, Peers::company},
    {Role::resolver, kIn, tcp, 53, Peers::company},
    {Role::resolver, kOut, all, 0, Peers::everyone},
    {Role::web, kIn, tcp, 443, Peers::everyone, "customers"},
    {Role::web, kIn, tcp, 80, Peers::everyone, "sent on to 443"},
    {Role::web, kIn, tcp, 8443, Peers::everyone, "the old API, nobody listens"},
    {Role::web, kIn, icmp, 0, Peers::everyone, "ping"},
    {Role::web, kOut, all, 0, Peers::everyone},
    {Role::web, kOut, all, 0, Peers::everyone_v6},
    {Role::app, kIn, tcp, 8080, Peers::balancers},
    {Role::app, kIn, tcp, 8080, Peers::apps},
    {Role::app, kIn, tcp, 8080, Peers::tasks},
    {Role::app, kIn, tcp, 8080, Peers::company_v6},
    {Role::app, kIn, tcp, 9092, Peers::apps, "events"},
    {Role::app, kIn, tcp, 9092, Peers::tasks, "events"},
    // AWS Network Load Balancers, "Client IP preservation": rules see the client.
    {Role::app, kIn, tcp, 8443, Peers::everyone, "partners, through the network balancer"},
    {Role::app, kIn, icmp, 0, Peers::web, "ping"},
    {Role::app, kIn, icmpv6, 0, Peers::company_v6, "ping"},
    {Role::app, kOut, all, 0, Peers::company},
    {Role::app, kOut, all, 0, Peers::company_v6},
    {Role::app, kOut, tcp, 443, Peers::object_store},
    {Role::app, kOut, tcp, 443, Peers::key_value_store},
    {Role::app, kOut, tcp, 443, Peers::everyone},
    {Role::app, kOut, tcp, 80, Peers::everyone},
    {Role::task, kIn, tcp, 8080, Peers::balancers},
    {Role::task, kIn, tcp, 8443, Peers::everyone, "partners, through the network balancer"},
    {Role::task, kOut, all, 0, Peers::company},
    {Role::task, kOut, all, 0, Peers::company_v6},
    {Role::task, kOut, tcp, 443, Peers::object_store},
    {Role::task, kOut, tcp, 443, Peers::key_value_store},
    {Role::task, kOut, tcp, 443, Peers::everyone},
    {Role::task, kOut, tcp, 80, Peers::everyone},
    {Role::database, kIn, tcp, 5432, Peers::apps, "PostgreSQL"},
    {Role::database, kIn, tcp, 5432, Peers::tasks, "PostgreSQL"},
    {Role::database, kIn, tcp, 3306, Peers::apps, "MySQL"},
    {Role::database, kIn, tcp, 3306, Peers::tasks, "MySQL"},
    {Role::cache, kIn, tcp, 6379, Peers::apps},
    {Role::cache, kIn, tcp, 6379, Peers::tasks},
    {Role::endpoint, kIn, tcp, 443, Peers::vpc},
};

RuleProtocol rule_protocol(Protocol protocol) noexcept {
  constexpr RuleProtocol by_protocol[] = {icmp, tcp, udp, icmpv6};
  return by_protocol[static_cast<std::size_t>(protocol)];
}

bool is_open(Role role, Protocol protocol, std::uint16_t port, Peers peers) noexcept {
  return std::any_of(std::begin(kOpenings), std::end(kOpenings), [&](const Opening& opening) {
    return opening.role == role && !opening.outbound && opening.peers == peers &&
           opening.protocol == rule_protocol(protocol) && opening.port == port;
  });
}

}  // namespace

std::span<const Opening> openings() noexcept { return kOpenings; }

bool is_open_to_everyone(Role role, Protocol protocol, std::uint16_t port) noexcept {
  if (role != Role::nat_gateway) return is_open(role, protocol, port, Peers::everyone);
  // What the ACL lets in for the sake of replies and of its neighbours.
  switch (protocol) {
    case Protocol::tcp:
      return port >= 1024 || port == 443 || port == 80;
    case Protocol::udp:
      return port >= 1024 || port == 123;
    case Protocol::icmp:
      return true;
    case Protocol::icmpv6:
      break;
  }
  return false;
}

bool is_open_to_hosts(Role role, Protocol protocol, std::uint16_t port) noexcept {
  return is_open(role, protocol, port, Peers::apps) ||
         is_open(role, protocol, port, Peers::everyone);
}

}  // namespace weir::synth
