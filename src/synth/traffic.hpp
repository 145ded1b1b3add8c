// SPDX-License-Identifier: Apache-2.0
// synth: network, random numbers -> records. Who talks to whom, and who sees it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "synth/conversation.hpp"
#include "synth/log_writer.hpp"
#include "synth/network.hpp"

namespace weir::synth {

/// How an interface sees a conversation that it takes part in or carries.
struct View {
  const Interface* at = nullptr;
  const Interface* next_hop = nullptr;  ///< null: none
  const Endpoint* client = nullptr;
  const Endpoint* server = nullptr;
  const Endpoint* packet_client = nullptr;  ///< null: as `client`
  const Endpoint* packet_server = nullptr;  ///< null: as `server`
  bool at_client = false;                   ///< the request leaves here, the reply comes in
  std::uint8_t traffic_path = 0;            ///< of what leaves
  char encryption = '-';
  bool later = false;  ///< recorded elsewhere in the log than the rest
};

/// Makes the traffic of one object.
class Traffic {
 public:
  /// `account`: the only one, or all. `obeys_rules`: every verdict follows from openings() and the
  /// network ACLs.
  Traffic(const Network& network, const RecordPlan& plan, LogWriter& writer, Random random,
          std::optional<std::uint32_t> account, bool obeys_rules);

  /// A handful of conversations of one kind at one interface, in the window around this second.
  void burst(std::int64_t second);

 private:
  struct Scenario {
    std::uint32_t share;          ///< of the records, in 1/10000
    std::uint32_t records;        ///< of a conversation
    std::uint32_t conversations;  ///< of a burst, on average
    void (Traffic::*burst)(std::uint32_t conversations);
  };
  static const std::array<Scenario, 19> kScenarios;

  void choose_place(std::int64_t second);
  const Interface& one_of(std::span<const std::uint32_t> interfaces);
  const Interface& any_of(Role role);
  const Interface& any_public();
  const Interface& any_host();
  const Interface& neighbour(const Interface& of, Role role);
  const Interface& zone_nat(const Interface& of);
  const Endpoint& client(bool is_ipv6);
  char internal_encryption() const noexcept;
  char external_encryption() const noexcept;

  void report(const View& view, const Conversation& conversation);
  /// Both ends are ours: each sees it.
  void report_internal(const Interface& client, const Interface& server, Conversation conversation,
                       char encryption, bool is_ipv6 = false);
  void keep_port(const Interface& client, const Interface& server, Conversation& conversation);
  void through_nat(const Interface& host, const Endpoint& server, const Conversation& conversation);
  void through_regional_nat(const Interface& host, const Interface& nat, const Endpoint& server,
                            const Conversation& conversation);
  Conversation probe();
  /// Aims a probe that would get through at something that is shut.
  void shut_out(const Interface& victim, Conversation& probe) const noexcept;
  /// The connection after which something arrives late.
  void report_closed(const View& view, const Conversation& late);

  void visit(std::uint32_t conversations);
  void visit_ipv6(std::uint32_t conversations);
  void balance(std::uint32_t conversations);
  void balance_network(std::uint32_t conversations);
  void query(std::uint32_t conversations);
  void query_ipv6(std::uint32_t conversations);
  void administer(std::uint32_t conversations);
  void go_out(std::uint32_t conversations);
  void go_out_regional(std::uint32_t conversations);
  void go_out_directly(std::uint32_t conversations);
  void use_gateway(std::uint32_t conversations);
  void use_endpoint(std::uint32_t conversations);
  void resolve(std::uint32_t conversations);
  void ping(std::uint32_t conversations);
  void scan(std::uint32_t conversations);
  void reply_denied(std::uint32_t conversations);
  void refuse_internal(std::uint32_t conversations);
  void arrive_late(std::uint32_t conversations);
  void stay_empty(std::uint32_t conversations);

  const Network& network_;
  LogWriter& writer_;
  Random random_;
  std::optional<std::uint32_t> only_account_;
  bool tells_reject_reason_;
  bool obeys_rules_;
  std::array<std::uint32_t, 19> thresholds_{};  ///< of a 32-bit draw, ascending

  Window window_;
  std::int64_t minute_ = 0;
  const Account* account_ = nullptr;
  const Vpc* vpc_ = nullptr;
  Endpoint client_;
};

}  // namespace weir::synth
