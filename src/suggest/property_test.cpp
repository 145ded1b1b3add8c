// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <tuple>

#include "base/prefix.hpp"
#include "suggest/prefixes.hpp"
#include "suggest/suggest_testing.hpp"

namespace weir::suggest {
namespace {

constexpr std::uint16_t kClientPort = 50000;

using Random = std::mt19937;

/// Direction, protocol, port and peer, as a rule admits them.
using Use = std::tuple<RuleDirection, int, int, Ip>;

Network random_network(Random& random) {
  Network network;
  for (int i = 0; i < 12; ++i) {
    std::vector<std::string> groups = {"sg-" + std::to_string(random() % 5)};
    if (random() % 3 == 0) groups.push_back("sg-" + std::to_string(5 + random() % 2));
    add_interface(network, "eni-" + std::to_string(i), groups,
                  {"10.0.0." + std::to_string(i), "2001:db8::" + std::to_string(i)});
  }
  for (SecurityGroup& group : network.groups) {
    for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
      if (random() % 3 == 0) continue;
      for (const char* everywhere : {"0.0.0.0/0", "::/0"}) {
        SecurityGroupRule& rule = add_rule(network, group.id, direction);
        rule.peer = cidr(everywhere);
      }
    }
    if (random() % 2 == 0) continue;
    SecurityGroupRule& rule = add_rule(network, group.id);
    rule.traffic.protocol = 6;
    rule.peer = GroupReference{.group_id = "sg-" + std::to_string(random() % 5)};
  }
  network.index();
  return network;
}

HandmadeLog random_log(Random& random) {
  HandmadeLog log;
  constexpr std::uint8_t kProtocols[] = {6, 6, 6, 17, 1, 50};
  const unsigned spread = 1U << (2 + random() % 5);
  for (auto i = 20 + random() % 80; i > 0; --i) {
    Talk talk;
    talk.interface = "eni-" + std::to_string(random() % 12);
    talk.opened = random() % 8 == 0   ? Side::unknown
                  : random() % 2 == 0 ? Side::inbound
                                      : Side::outbound;
    const std::string host = std::to_string(random() % spread);
    talk.peer = random() % 3 == 0   ? "2001:db8::" + std::to_string(random() % 12)
                : random() % 2 == 0 ? "10.0.0." + std::to_string(random() % 12)
                                    : "203.0.113." + host;
    talk.protocol = kProtocols[random() % std::size(kProtocols)];
    talk.port = static_cast<std::uint16_t>(440 + random() % 6);
    talk.certainty = random() % 3 == 0 ? Certainty::possible : Certainty::certain;
    talk.accepted = random() % 3;
    talk.rejected = random() % 6 == 0 ? 1 : 0;
    talk.answers = random() % 3;
    log.add(talk);
  }
  return log;
}

Packet opening_of(const Talk& talk) {
  return {
      .direction = talk.opened == Side::inbound ? RuleDirection::ingress : RuleDirection::egress,
      .peer = ip(talk.peer),
      .protocol = talk.protocol,
      .source_port = kClientPort,
      .destination_port = talk.port};
}

Packet reply_of(const Talk& talk) {
  Packet reply = opening_of(talk);
  reply.direction =
      reply.direction == RuleDirection::ingress ? RuleDirection::egress : RuleDirection::ingress;
  std::swap(reply.source_port, reply.destination_port);
  return reply;
}

/// What has to be admitted: the definition, written apart from the library. Nothing for talks that
/// were not accepted, or that the rules of now deny for certain; two where either end may have
/// opened it. No rule of these networks is for just one port.
std::vector<Packet> wanted(const Talk& talk, const Evaluator* now, std::uint32_t handle) {
  if (talk.opened == Side::unknown || talk.accepted + talk.answers == 0) return {};
  const bool was_refused = talk.accepted == 0 && talk.rejected > 0;
  const bool is_guess = talk.certainty != Certainty::certain;
  const auto is_denied = [&](const Packet& packet) {
    return now != nullptr && now->groups(handle, packet).allowed == Answer::no;
  };
  const bool denies_opening = is_denied(opening_of(talk));
  const bool denies_reply = is_denied(reply_of(talk));
  const bool is_decided = denies_opening != denies_reply;
  std::vector<Packet> packets;
  const bool may_open = !is_guess || !is_decided || denies_reply;
  if (may_open && !(was_refused && (now == nullptr || denies_opening))) {
    packets.push_back(opening_of(talk));
  }
  if (is_guess && (!is_decided || denies_opening)) packets.push_back(reply_of(talk));
  return packets;
}

bool holds_peer(const RulePeer& peer, const Ip& address, const Network& network) {
  if (const auto* prefix = std::get_if<Cidr>(&peer)) return prefix->contains(address);
  const auto* const group = std::get_if<GroupReference>(&peer);
  return std::any_of(
      network.interfaces.begin(), network.interfaces.end(), [&](const NetworkInterface& member) {
        return std::find(member.group_ids.begin(), member.group_ids.end(), group->group_id) !=
                   member.group_ids.end() &&
               std::find(member.addresses.begin(), member.addresses.end(), address) !=
                   member.addresses.end();
      });
}

bool has_ports(int protocol) { return protocol == 6 || protocol == 17; }

bool admits(const Suggestion& proposal, const Packet& packet, const Network& network) {
  return std::any_of(proposal.rules.begin(), proposal.rules.end(), [&](const SuggestedRule& rule) {
    return rule.direction == packet.direction && rule.traffic.protocol == packet.protocol &&
           (!has_ports(packet.protocol) || rule.traffic.ports.contains(packet.destination_port)) &&
           holds_peer(rule.peer, packet.peer, network);
  });
}

/// Every address and port that a rule for a prefix admits was used.
void expect_narrow(const SuggestedRule& rule, const std::set<Use>& uses) {
  const auto* const prefix = std::get_if<Cidr>(&rule.peer);
  if (prefix == nullptr) {
    const auto& group = std::get<GroupReference>(rule.peer);
    EXPECT_LE(rule.not_seen, 3 * rule.peers) << group.group_id;
    return;
  }
  ASSERT_GE(prefix->length, 110) << to_string(*prefix);
  const std::uint64_t addresses = std::uint64_t{1} << (128 - prefix->length);
  EXPECT_EQ(rule.peers, addresses);
  for (std::uint64_t i = 0; i < addresses; ++i) {
    const Ip address{.high = prefix->network.high, .low = prefix->network.low + i};
    const bool ports = has_ports(rule.traffic.protocol);
    for (int port = ports ? rule.traffic.ports.from : 0;
         port <= (ports ? rule.traffic.ports.to : 0); ++port) {
      EXPECT_TRUE(uses.contains({rule.direction, rule.traffic.protocol, port, address}))
          << to_string(rule.traffic) << ' ' << to_string(rule.peer);
    }
  }
}

void expect_counted(const Suggestion& proposal, const SuggestOptions& options) {
  for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
    for (const bool is_ipv6 : {false, true}) {
      const RuleCount& count = proposal.count(direction, is_ipv6);
      const auto rules = std::count_if(
          proposal.rules.begin(), proposal.rules.end(), [&](const SuggestedRule& rule) {
            const auto* const prefix = std::get_if<Cidr>(&rule.peer);
            return rule.direction == direction &&
                   (prefix == nullptr || base::is_ipv4(*prefix) != is_ipv6);
          });
      EXPECT_EQ(count.rules, static_cast<std::uint64_t>(rules));
      EXPECT_EQ(count.is_met(), count.rules <= options.max_rules);
      const auto& widen = is_ipv6 ? options.widen_ipv6 : options.widen_ipv4;
      if (count.is_met()) {
        EXPECT_FALSE(count.widen_to);
      } else if (widen == 0) {
        EXPECT_FALSE(count.widen_to) << "everything that is allowed was done";
      }
    }
  }
  for (const SuggestedRule& rule : proposal.rules) {
    const auto* const prefix = std::get_if<Cidr>(&rule.peer);
    if (prefix == nullptr || !rule.is_wider) continue;
    const bool is_ipv4 = base::is_ipv4(*prefix);
    const auto& widen = is_ipv4 ? options.widen_ipv4 : options.widen_ipv6;
    ASSERT_TRUE(widen) << to_string(rule.peer);
    EXPECT_GE(prefix->length, *widen + (is_ipv4 ? base::kIpv4Bits : 0)) << to_string(rule.peer);
  }
}

void expect_all(HandmadeLog& log, const Network& network, const SuggestOptions& options,
                bool has_policy, const std::string& where) {
  SCOPED_TRACE(where);
  const Evaluator now(network);
  SuggestOptions asked = options;
  if (has_policy) asked.policy = &now;
  const auto suggested = log.suggest(asked);
  if (!suggested) {
    EXPECT_EQ(suggested.error().code, ErrorCode::not_found);
    return;
  }
  const auto again = log.suggest(asked, 3);
  ASSERT_TRUE(again);
  const Network* const base = has_policy ? &network : nullptr;
  EXPECT_EQ(security_groups_document(base, *suggested), security_groups_document(base, *again));
  const Network adopted = adopt(base, *suggested);
  const Evaluator after(adopted);
  std::set<std::string> covered;
  for (const Suggestion& proposal : suggested->proposals) {
    std::set<Use> uses;
    for (const Talk& talk : log.talks()) {
      if (std::find(proposal.interface_ids.begin(), proposal.interface_ids.end(), talk.interface) ==
          proposal.interface_ids.end()) {
        continue;
      }
      covered.insert(talk.interface);
      for (const Packet& packet :
           wanted(talk, has_policy ? &now : nullptr, now.find_interface(talk.interface))) {
        uses.insert({packet.direction, packet.protocol,
                     has_ports(packet.protocol) ? packet.destination_port : 0, packet.peer});
        EXPECT_TRUE(admits(proposal, packet, network)) << talk.interface << ' ' << talk.peer;
        EXPECT_EQ(after.groups(after.find_interface(talk.interface), packet).allowed, Answer::yes)
            << talk.interface << ' ' << talk.peer;
      }
    }
    for (const SuggestedRule& rule : proposal.rules) {
      if (!rule.is_wider) expect_narrow(rule, uses);
    }
    expect_counted(proposal, asked);
  }
  if (!has_policy) return;
  // Nobody else loses what the rules of now admit.
  for (const Talk& talk : log.talks()) {
    const std::uint32_t handle = now.find_interface(talk.interface);
    if (covered.contains(talk.interface) || talk.opened == Side::unknown) continue;
    if (now.groups(handle, opening_of(talk)).allowed == Answer::no) continue;
    EXPECT_NE(after.groups(after.find_interface(talk.interface), opening_of(talk)).allowed,
              Answer::no)
        << talk.interface << " has no proposal";
  }
}

TEST(SuggestProperty, AdmitsAllThatWasAcceptedAndNothingElse) {
  Random random(20261125);
  for (int round = 0; round < 120; ++round) {
    const Network network = random_network(random);
    HandmadeLog log = random_log(random);
    SuggestOptions options;
    if (random() % 2 == 0) options.max_rules = static_cast<std::uint32_t>(1 + random() % 20);
    if (random() % 2 == 0) options.widen_ipv4 = static_cast<std::uint8_t>(random() % 33);
    if (random() % 2 == 0) options.widen_ipv6 = static_cast<std::uint8_t>(random() % 129);
    const std::string where = "round " + std::to_string(round);
    expect_all(log, network, options, false, where);
    expect_all(log, network, options, true, where + ", with rules");
    options.interface_id = "eni-" + std::to_string(random() % 12);
    expect_all(log, network, options, true, where + ", one interface");
    options.interface_id.clear();
    options.group_id = "sg-" + std::to_string(random() % 7);
    expect_all(log, network, options, true, where + ", one group");
  }
}

TEST(SuggestProperty, KeepsAllThatWasAcceptedWhenThereIsNoRoom) {
  Random random(4);
  for (int round = 0; round < 20; ++round) {
    HandmadeLog log;
    for (int i = 0; i < 400; ++i) {
      log.add(
          {.peer = "203.0." + std::to_string(random() % 4) + '.' + std::to_string(random() % 99),
           .port = static_cast<std::uint16_t>(80 + random() % 2)});
    }
    const auto suggested = log.suggest({.most_tuples = 100});
    const auto again = log.suggest({.most_tuples = 100}, 4);
    ASSERT_TRUE(suggested);
    ASSERT_TRUE(again);
    const Suggestion& proposal = suggested->proposals.at(0);
    EXPECT_EQ(rules_text(proposal), rules_text(again->proposals.at(0)));
    EXPECT_TRUE(proposal.merged_for_room);
    EXPECT_LE(proposal.rules.size(), 100U);
    for (const Talk& talk : log.talks()) {
      EXPECT_TRUE(admits(proposal, opening_of(talk), {})) << talk.peer;
    }
  }
}

}  // namespace
}  // namespace weir::suggest
