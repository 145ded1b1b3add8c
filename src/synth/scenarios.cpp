// SPDX-License-Identifier: Apache-2.0
// synth: what goes on in a network. Each function makes some conversations of one kind.
#include "synth/addresses.hpp"
#include "synth/openings.hpp"
#include "synth/traffic.hpp"

namespace weir::synth {
namespace {

// Traffic paths, AWS VPC User Guide, "Flow log records".
constexpr std::uint8_t kSameVpc = 1;
constexpr std::uint8_t kGatewayEndpoint = 7;
constexpr std::uint8_t kInternetGateway = 8;

/// IPv6 headers are 20 bytes longer.
void lengthen_headers(Conversation& conversation) noexcept {
  conversation.request.bytes += conversation.request.packets * 20;
  conversation.reply.bytes += conversation.reply.packets * 20;
}

/// What scanners look for, most wanted first.
constexpr std::uint16_t kScannedPorts[] = {
    23, 22, 3389, 445,  80,   443,  8080, 5900,  1433,  2323, 6379, 3306, 81,   8443, 5555, 2375,
    21, 25, 5432, 8088, 8000, 9200, 7547, 37215, 27017, 110,  143,  1723, 2222, 5985, 6443, 10250};
constexpr std::uint16_t kScannedUdpPorts[] = {53, 123, 161, 1900, 5060, 389, 11211, 500};

}  // namespace

void Traffic::visit(std::uint32_t conversations) {
  const Interface& server = any_of(random_.percent(80) ? Role::balancer : Role::web);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const std::uint16_t port = random_.percent(88) ? 443 : 80;
    const bool closed = random_.below(300) == 0;
    Conversation made = closed ? refused_conversation(random_, window_, 8443)
                               : tcp_conversation(random_, window_, port, kWebLoad);
    // People come from phones and offices behind address translators too.
    const std::uint32_t system = random_.below(100);
    if (system < 30) made.client_port = windows_port(random_);
    if (system >= 50) made.client_port = balancer_port(random_);
    report({.at = &server,
            .client = &client(false),
            .server = &server.ipv4,
            .traffic_path = kInternetGateway,
            .encryption = external_encryption()},
           made);
  }
}

void Traffic::visit_ipv6(std::uint32_t conversations) {
  const Interface& server = any_of(Role::balancer);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    Conversation made = tcp_conversation(random_, window_, 443, kWebLoad);
    lengthen_headers(made);
    report({.at = &server,
            .client = &client(true),
            .server = &server.ipv6,
            .traffic_path = kInternetGateway,
            .encryption = external_encryption()},
           made);
  }
}

void Traffic::balance(std::uint32_t conversations) {
  const Interface& balancer = any_of(Role::balancer);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Interface& target = neighbour(balancer, random_.percent(60) ? Role::app : Role::task);
    Conversation made = tcp_conversation(random_, window_, 8080, kWebLoad);
    made.client_port = balancer_port(random_);
    report_internal(balancer, target, made, internal_encryption());
  }
}

void Traffic::balance_network(std::uint32_t conversations) {
  const Interface& balancer = any_of(Role::network_balancer);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Interface& target = any_host();
    Conversation made = tcp_conversation(random_, window_, 8443, kWebLoad);
    report({.at = &balancer,
            .client = &client(false),
            .server = &balancer.ipv4,
            .traffic_path = kInternetGateway,
            .encryption = external_encryption()},
           made);
    // The balancer keeps the client's address: only the packets know it.
    report({.at = &target,
            .client = &balancer.ipv4,
            .server = &target.ipv4,
            .packet_client = &client_,
            .traffic_path = kSameVpc,
            .encryption = internal_encryption(),
            .later = true},
           made);
  }
}

void Traffic::query(std::uint32_t conversations) {
  struct Target {
    Role role;
    std::uint16_t port;
    Load load;
  };
  constexpr Target targets[] = {
      {Role::database, 5432, kQueryLoad}, {Role::database, 5432, kQueryLoad},
      {Role::cache, 6379, kQueryLoad},    {Role::cache, 6379, kQueryLoad},
      {Role::database, 3306, kQueryLoad}, {Role::app, 8080, kWebLoad},
      {Role::app, 9092, kUploadLoad},     {Role::task, 8443, kQueryLoad}};
  const Interface& host = any_host();
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Target& target = targets[random_.below(std::size(targets))];
    const Conversation made = tcp_conversation(random_, window_, target.port, target.load);
    report_internal(host, neighbour(host, target.role), made, internal_encryption());
  }
}

void Traffic::query_ipv6(std::uint32_t conversations) {
  const Interface& host = any_host();
  for (std::uint32_t i = 0; i < conversations; ++i) {
    Conversation made = random_.percent(30) ? ping_conversation(random_, window_, true)
                                            : tcp_conversation(random_, window_, 8080, kWebLoad);
    if (made.protocol == Protocol::tcp) lengthen_headers(made);
    report_internal(host, neighbour(host, Role::app), made, internal_encryption(), true);
  }
}

void Traffic::administer(std::uint32_t conversations) {
  const Interface& bastion = any_of(Role::bastion);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Interface& host = neighbour(bastion, random_.percent(80) ? Role::app : Role::web);
    const Conversation made = tcp_conversation(random_, window_, 22, kShellLoad);
    report_internal(bastion, host, made, internal_encryption());
  }
}

void Traffic::go_out(std::uint32_t conversations) {
  const Interface& host = any_host();
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const auto servers = static_cast<std::uint32_t>(network_.servers().size());
    const Endpoint& server = network_.servers()[random_.skewed_below(servers)];
    const std::uint16_t port = random_.percent(92) ? 443 : 80;
    through_nat(host, server, tcp_conversation(random_, window_, port, kDownloadLoad));
  }
}

void Traffic::through_nat(const Interface& host, const Endpoint& server,
                          const Conversation& conversation) {
  const Interface& nat = zone_nat(host);
  report({.at = &host,
          .next_hop = &nat,
          .client = &host.ipv4,
          .server = &server,
          .at_client = true,
          .traffic_path = kSameVpc,
          .encryption = external_encryption()},
         conversation);
  // AWS VPC User Guide, "Flow log record examples", traffic through a NAT gateway: inside, the
  // server is known only from the packets; outside, the gateway is the client.
  report({.at = &nat,
          .next_hop = &host,
          .client = &host.ipv4,
          .server = &nat.ipv4,
          .packet_server = &server,
          .traffic_path = kSameVpc,
          .encryption = external_encryption(),
          .later = true},
         conversation);
  Conversation outside = conversation;
  outside.client_port = balancer_port(random_);
  report({.at = &nat,
          .client = &nat.ipv4,
          .server = &server,
          .at_client = true,
          .traffic_path = kInternetGateway,
          .encryption = external_encryption(),
          .later = true},
         outside);
}

void Traffic::go_out_regional(std::uint32_t conversations) {
  const Interface& host = any_host();
  const Interface& nat = any_of(Role::regional_nat_gateway);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const auto servers = static_cast<std::uint32_t>(network_.servers().size());
    const Endpoint& server = network_.servers()[random_.skewed_below(servers)];
    through_regional_nat(host, nat, server, tcp_conversation(random_, window_, 443, kWebLoad));
  }
}

void Traffic::through_regional_nat(const Interface& host, const Interface& nat,
                                   const Endpoint& server, const Conversation& conversation) {
  View view{.at = &host,
            .client = &host.ipv4,
            .server = &server,
            .at_client = true,
            .traffic_path = kSameVpc,
            .encryption = external_encryption()};
  report(view, conversation);
  // The same page, regional NAT gateways: no interface, and its public address stands in the log.
  view.at = &nat;
  view.next_hop = &host;
  view.at_client = false;
  view.later = true;
  report(view, conversation);
  Conversation outside = conversation;
  outside.client_port = balancer_port(random_);
  view.next_hop = nullptr;
  view.client = &nat.public_ipv4;
  view.at_client = true;
  view.traffic_path = kInternetGateway;
  report(view, outside);
}

void Traffic::go_out_directly(std::uint32_t conversations) {
  const Interface& host = any_of(Role::web);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const auto servers = static_cast<std::uint32_t>(network_.servers().size());
    const Endpoint& server = network_.servers()[random_.skewed_below(servers)];
    const std::uint32_t kind = random_.below(100);
    report({.at = &host,
            .client = &host.ipv4,
            .server = &server,
            .at_client = true,
            .traffic_path = kInternetGateway,
            .encryption = external_encryption()},
           kind < 10   ? ntp_conversation(random_, window_)
           : kind < 70 ? tcp_conversation(random_, window_, 443, kDownloadLoad)
                       : tcp_conversation(random_, window_, 443, kUploadLoad));
  }
}

void Traffic::use_gateway(std::uint32_t conversations) {
  const Interface& host = any_host();
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const auto servers = static_cast<std::uint32_t>(network_.gateway_servers().size());
    const Endpoint& server = network_.gateway_servers()[random_.skewed_below(servers)];
    const Load load = random_.percent(60) ? kDownloadLoad : kUploadLoad;
    report({.at = &host,
            .client = &host.ipv4,
            .server = &server,
            .at_client = true,
            .traffic_path = kGatewayEndpoint,
            .encryption = vpc_->encryption_controls ? '2' : '-'},
           tcp_conversation(random_, window_, 443, load));
  }
}

void Traffic::use_endpoint(std::uint32_t conversations) {
  const Interface& host = any_host();
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Conversation made = tcp_conversation(random_, window_, 443, kQueryLoad);
    report_internal(host, any_of(Role::endpoint), made, vpc_->encryption_controls ? '3' : '-');
  }
}

void Traffic::resolve(std::uint32_t conversations) {
  const Interface& host = any_host();
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Conversation made = dns_conversation(random_, window_);
    report_internal(host, neighbour(host, Role::resolver), made, internal_encryption());
  }
}

void Traffic::ping(std::uint32_t conversations) {
  const Interface& host = any_of(Role::web);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Conversation made = ping_conversation(random_, window_, false);
    report_internal(host, neighbour(host, Role::app), made, internal_encryption());
  }
}

Conversation Traffic::probe() {
  const std::uint32_t kind = random_.below(100);
  const auto any_port = static_cast<std::uint16_t>(random_.between(1, 65535));
  Conversation made = unanswered_syn(random_, window_, any_port);
  if (kind < 80) {
    made.server_port = kScannedPorts[random_.skewed_below(std::size(kScannedPorts))];
  } else if (kind >= 94) {
    made.protocol = Protocol::icmp;
    made.client_port = made.server_port = 0;
  } else if (kind >= 86) {
    made.protocol = Protocol::udp;
    made.server_port = kScannedUdpPorts[random_.below(std::size(kScannedUdpPorts))];
  }
  if (made.protocol != Protocol::tcp) made.request.tcp_flags = 0;
  made.request.rejected = true;
  return made;
}

void Traffic::shut_out(const Interface& victim, Conversation& probe) const noexcept {
  if (!is_open_to_everyone(victim.role, probe.protocol, probe.server_port)) return;
  if (probe.protocol == Protocol::icmp) {
    // Another way to find out who is there.
    probe.protocol = Protocol::udp;
    probe.client_port = 40'125;
  }
  probe.server_port = probe.protocol == Protocol::tcp ? 23 : 161;
}

void Traffic::scan(std::uint32_t conversations) {
  const bool is_ipv6 = random_.below(60) == 0;
  const Endpoint& scanner = client_;
  if (is_ipv6) {
    network_.stranger_ipv6((1U << 20) + random_.skewed_below(1U << 10), client_);
  } else {
    network_.stranger(2, random_.skewed_below(1U << 21), client_);
  }
  Conversation made = probe();
  const bool sweeps_ports = made.protocol == Protocol::tcp && random_.percent(45);
  if (is_ipv6 && made.protocol == Protocol::icmp) made.protocol = Protocol::icmpv6;
  if (is_ipv6) lengthen_headers(made);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Interface& victim = any_public();
    if (sweeps_ports) made.server_port = static_cast<std::uint16_t>(random_.between(1, 65535));
    if (obeys_rules_) shut_out(victim, made);
    Record record{.at = &victim,
                  .next_hop = &network_.nowhere(),
                  .source = &scanner,
                  .destination = is_ipv6 ? &victim.ipv6 : &victim.ipv4,
                  .packet_source = &scanner,
                  .packet_destination = is_ipv6 ? &victim.ipv6 : &victim.ipv4,
                  .packets = made.request.packets,
                  .bytes = made.request.bytes,
                  .start = made.start,
                  .end = made.end,
                  .source_port = made.client_port,
                  .destination_port = made.server_port,
                  .protocol = made.protocol,
                  .tcp_flags = made.request.tcp_flags,
                  .rejected = true,
                  .block_public_access = random_.below(12) == 0 && tells_reject_reason_,
                  .encryption = external_encryption()};
    writer_.write(record);
    // The next one is tried a second later and, by most tools, from another port.
    if (made.end + 1 < window_.begin + window_.seconds) ++made.start, ++made.end;
    if (made.client_port != 0) made.client_port = balancer_port(random_);
  }
}

void Traffic::reply_denied(std::uint32_t conversations) {
  // AWS VPC User Guide, "Flow log record examples": a security group lets the reply to what it let
  // in pass, a network ACL need not.
  const Interface& server = obeys_rules_ ? any_of(Role::web) : any_public();
  for (std::uint32_t i = 0; i < conversations; ++i) {
    Conversation made = ping_conversation(random_, window_, false);
    const bool is_ping = !random_.percent(60);
    if (!is_ping) {
      made = refused_conversation(random_, window_, 443);
      made.reply.tcp_flags = 18;
      made.reply.bytes = made.reply.packets * 60;
    }
    made.reply.rejected = true;
    client(false);
    if (obeys_rules_ && !is_ping) write_ipv4(kSilencedNetwork | random_.below(256), client_);
    report({.at = &server,
            .client = &client_,
            .server = &server.ipv4,
            .traffic_path = kInternetGateway,
            .encryption = external_encryption()},
           made);
  }
}

void Traffic::refuse_internal(std::uint32_t conversations) {
  constexpr std::uint16_t ports[] = {5432, 3306, 9100, 445, 8125, 3389, 9200, 2049};
  const Interface& host = any_host();
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const Interface& target = neighbour(host, random_.percent(50) ? Role::database : Role::web);
    Conversation made = unanswered_syn(random_, window_, ports[random_.below(std::size(ports))]);
    made.client_port = linux_port(random_);
    if (obeys_rules_ && is_open_to_hosts(target.role, made.protocol, made.server_port)) {
      made.server_port = 22;
    }
    View view{.at = &host,
              .next_hop = &target,
              .client = &host.ipv4,
              .server = &target.ipv4,
              .at_client = true,
              .traffic_path = static_cast<std::uint8_t>(host.vpc == target.vpc ? 1 : 4),
              .encryption = internal_encryption()};
    report(view, made);
    view.at = &target;
    view.next_hop = &host;
    view.at_client = false;
    view.later = true;
    made.request.rejected = true;
    report(view, made);
  }
}

void Traffic::arrive_late(std::uint32_t conversations) {
  constexpr std::uint8_t flags[] = {4, 4, 4, 1, 1, 0};
  const Interface& server = any_of(Role::balancer);
  for (std::uint32_t i = 0; i < conversations; ++i) {
    Conversation made = unanswered_syn(random_, window_, 443);
    made.client_port = linux_port(random_);
    made.request.tcp_flags = flags[random_.below(std::size(flags))];
    made.request.bytes = made.request.packets * 40;
    made.request.rejected = true;
    const View view{.at = &server,
                    .client = &client(false),
                    .server = &server.ipv4,
                    .encryption = external_encryption()};
    if (obeys_rules_) report_closed(view, made);
    report(view, made);
  }
}

void Traffic::report_closed(const View& view, const Conversation& late) {
  constexpr std::uint64_t packets = 6;
  constexpr std::uint64_t bytes = packets * 52;
  Conversation closed = late;
  // Not before the window: what is late may follow within the same second.
  closed.start = window_.begin;
  closed.end = late.start;
  closed.request = {.packets = packets, .bytes = bytes, .tcp_flags = 3, .rejected = false};
  closed.reply = {.packets = packets, .bytes = bytes, .tcp_flags = 19, .rejected = false};
  report(view, closed);
}

void Traffic::stay_empty(std::uint32_t conversations) {
  constexpr Role quiet[] = {Role::bastion, Role::endpoint, Role::web, Role::app, Role::task};
  for (std::uint32_t i = 0; i < conversations; ++i) {
    const std::uint32_t early = random_.below(4);
    writer_.write(EmptyWindow{.at = &any_of(quiet[random_.below(std::size(quiet))]),
                              .start = window_.begin + early,
                              .end = window_.begin + window_.seconds - 1 - random_.below(3),
                              .skipped = random_.below(51) == 0});
  }
}

}  // namespace weir::synth
