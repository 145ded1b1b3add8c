// SPDX-License-Identifier: Apache-2.0
// synth: what happens how often, where, and who sees it.
#include "synth/traffic.hpp"

#include <algorithm>

namespace weir::synth {

// Shares are those of the data that the speed of weir was first measured with.
const std::array<Traffic::Scenario, 19> Traffic::kScenarios = {{
    {4710, 2, 2, &Traffic::visit},          {100, 2, 2, &Traffic::visit_ipv6},
    {500, 4, 2, &Traffic::balance},         {250, 4, 2, &Traffic::balance_network},
    {598, 4, 2, &Traffic::query},           {30, 4, 2, &Traffic::query_ipv6},
    {90, 4, 1, &Traffic::administer},       {600, 6, 1, &Traffic::go_out},
    {60, 6, 1, &Traffic::go_out_regional},  {760, 2, 2, &Traffic::go_out_directly},
    {400, 2, 2, &Traffic::use_gateway},     {100, 4, 2, &Traffic::use_endpoint},
    {200, 4, 2, &Traffic::resolve},         {60, 4, 2, &Traffic::ping},
    {1120, 1, 2, &Traffic::scan},           {120, 2, 1, &Traffic::reply_denied},
    {120, 2, 2, &Traffic::refuse_internal}, {80, 1, 1, &Traffic::arrive_late},
    {102, 1, 1, &Traffic::stay_empty},
}};

Traffic::Traffic(const Network& network, const RecordPlan& plan, LogWriter& writer, Random random,
                 std::optional<std::uint32_t> account, bool obeys_rules)
    : network_(network),
      writer_(writer),
      random_(random),
      only_account_(account),
      tells_reject_reason_(plan.has_reject_reason()),
      obeys_rules_(obeys_rules) {
  std::array<std::uint64_t, kScenarios.size()> weights{};
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Scenario& scenario = kScenarios[i];
    const std::uint64_t records = std::uint64_t{scenario.records} * scenario.conversations;
    weights[i] = scenario.share * std::uint64_t{1'000'000} / records;
    all += weights[i];
  }
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i];
    thresholds_[i] = static_cast<std::uint32_t>((sum << 32) / std::max<std::uint64_t>(all, 1) - 1);
  }
}

void Traffic::burst(std::int64_t second) {
  choose_place(second);
  const auto draw = static_cast<std::uint32_t>(random_.next() >> 32);
  std::size_t chosen = 0;
  while (draw > thresholds_[chosen]) ++chosen;
  const Scenario& scenario = kScenarios[chosen];
  // From 1 to twice the average less 1.
  const std::uint32_t conversations = random_.between(1, 2 * scenario.conversations - 1);
  (this->*scenario.burst)(conversations);
}

void Traffic::choose_place(std::int64_t second) {
  std::uint32_t account = 0;
  if (only_account_) {
    account = *only_account_;
  } else {
    std::uint32_t draw = random_.below(100);
    while (draw >= network_.accounts()[account].share) {
      draw -= network_.accounts()[account++].share;
    }
  }
  account_ = &network_.accounts()[account];
  const auto count = static_cast<std::uint32_t>(account_->vpcs.size());
  vpc_ = &network_.vpcs()[account_->vpcs[random_.skewed_below(count)]];
  const auto seconds = static_cast<std::int64_t>(account_->window_seconds);
  window_ = {.begin = second - second % seconds, .seconds = account_->window_seconds};
  // What was seen in one window is delivered before the next.
  if (second / 60 != minute_) writer_.release();
  minute_ = second / 60;
}

const Interface& Traffic::one_of(std::span<const std::uint32_t> interfaces) {
  // Balanced for the most part, but some are busier.
  const auto count = static_cast<std::uint32_t>(interfaces.size());
  const std::uint32_t chosen =
      random_.percent(20) ? random_.below(count) : random_.skewed_below(count);
  return network_.interfaces()[interfaces[chosen]];
}

const Interface& Traffic::any_of(Role role) { return one_of(vpc_->of(role)); }

const Interface& Traffic::any_public() {
  constexpr Role roles[] = {Role::balancer, Role::web, Role::web,         Role::network_balancer,
                            Role::web,      Role::web, Role::nat_gateway, Role::bastion};
  return any_of(roles[random_.below(8)]);
}

const Interface& Traffic::any_host() {
  return any_of(random_.percent(70) ? Role::app : Role::task);
}

const Interface& Traffic::neighbour(const Interface& of, Role role) {
  // One conversation in sixteen goes to a peered VPC of the same account.
  const std::span<const std::uint32_t> vpcs = account_->vpcs;
  const std::uint32_t vpc = random_.below(16) == 0
                                ? vpcs[random_.below(static_cast<std::uint32_t>(vpcs.size()))]
                                : of.vpc;
  return one_of(network_.vpcs()[vpc].of(role));
}

const Interface& Traffic::zone_nat(const Interface& of) {
  const std::span<const std::uint32_t> all = network_.vpcs()[of.vpc].of(Role::nat_gateway);
  return network_.interfaces()[all[of.index % all.size()]];
}

const Endpoint& Traffic::client(bool is_ipv6) {
  if (is_ipv6) {
    network_.stranger_ipv6(random_.skewed_below(1U << 14), client_);
  } else {
    network_.stranger(1, random_.skewed_below(1U << 20), client_);
  }
  return client_;
}

char Traffic::internal_encryption() const noexcept { return vpc_->encryption_controls ? '1' : '-'; }
char Traffic::external_encryption() const noexcept { return vpc_->encryption_controls ? '0' : '-'; }

void Traffic::report(const View& view, const Conversation& conversation) {
  Record record;
  record.at = view.at;
  record.next_hop = view.next_hop == nullptr ? &network_.nowhere() : view.next_hop;
  record.protocol = conversation.protocol;
  record.end = conversation.end;
  record.encryption = view.encryption;
  const auto write = [&](const Direction& direction, bool is_request) {
    record.source = is_request ? view.client : view.server;
    record.destination = is_request ? view.server : view.client;
    record.packet_source = is_request ? view.packet_client : view.packet_server;
    record.packet_destination = is_request ? view.packet_server : view.packet_client;
    if (record.packet_source == nullptr) record.packet_source = record.source;
    if (record.packet_destination == nullptr) record.packet_destination = record.destination;
    record.source_port = is_request ? conversation.client_port : conversation.server_port;
    record.destination_port = is_request ? conversation.server_port : conversation.client_port;
    record.packets = direction.packets;
    record.bytes = direction.bytes;
    record.tcp_flags = direction.tcp_flags;
    record.start = conversation.start + (is_request ? 0 : conversation.reply_delay);
    record.rejected = direction.rejected;
    record.egress = is_request == view.at_client;
    record.traffic_path = record.egress ? view.traffic_path : std::uint8_t{0};
    if (view.later) {
      writer_.write_later(record);
    } else {
      writer_.write(record);
    }
  };
  write(conversation.request, true);
  if (conversation.reply.packets > 0) write(conversation.reply, false);
}

void Traffic::report_internal(const Interface& client, const Interface& server,
                              Conversation conversation, char encryption, bool is_ipv6) {
  if (client.index == server.index) return;  // does not leave the host
  if (is_ongoing(conversation)) keep_port(client, server, conversation);
  View view{.at = &client,
            .next_hop = &server,
            .client = is_ipv6 ? &client.ipv6 : &client.ipv4,
            .server = is_ipv6 ? &server.ipv6 : &server.ipv4,
            .at_client = true,
            .traffic_path = static_cast<std::uint8_t>(client.vpc == server.vpc ? 1 : 4),
            .encryption = encryption};
  report(view, conversation);
  view.at = &server;
  view.next_hop = &client;
  view.at_client = false;
  view.later = true;
  report(view, conversation);
}

void Traffic::keep_port(const Interface& client, const Interface& server,
                        Conversation& conversation) {
  // A pool holds some connections for an hour or so, and every window has them.
  const std::uint64_t pair = (std::uint64_t{client.index} << 32) | server.index;
  const auto hour = static_cast<std::uint64_t>(window_.begin / 3600);
  const std::uint64_t drawn = scatter(pair ^ scatter(hour * 32 + random_.below(32)));
  conversation.client_port = static_cast<std::uint16_t>(32768 + drawn % (61000 - 32768));
}

}  // namespace weir::synth
