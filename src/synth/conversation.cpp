// SPDX-License-Identifier: Apache-2.0
// synth: what was exchanged.
#include "synth/conversation.hpp"

#include <algorithm>

#include "base/protocol.hpp"

namespace weir::synth {
namespace {

// AWS VPC User Guide, "Flow log records": bits are ORed over the window, ACK counts only with SYN.

constexpr std::uint64_t kPayload = 1400;   ///< of a full packet
constexpr std::uint64_t kTcpHeaders = 52;  ///< IPv4 and TCP with time stamps
constexpr std::uint64_t kUdpHeaders = 28;  ///< IPv4 and UDP
constexpr std::uint64_t kPingBytes = 84;   ///< what ping sends unless told otherwise
constexpr std::uint64_t kNtpBytes = 76;

/// A conversation that lasts as long as the window, but for what the clocks differ.
void last_whole(Random& random, const Window& window, Conversation& out) noexcept {
  const std::uint64_t draw = random.next();
  out.start = window.begin + static_cast<std::int64_t>(draw & 3);
  out.end = window.begin + window.seconds - 1 - static_cast<std::int64_t>((draw >> 8) & 3);
}

/// A short one somewhere in the window.
void last_briefly(Random& random, const Window& window, Conversation& out) noexcept {
  const std::uint32_t start = random.below(window.seconds - 2);
  const std::uint32_t left = window.seconds - 1 - start;
  const auto length = static_cast<std::uint32_t>(random.magnitude(6));
  out.start = window.begin + start;
  out.end = out.start + std::min(length, left);
}

void carry(Random& random, Load load, std::uint32_t least_packets, Conversation& out) noexcept {
  const std::uint64_t request = random.magnitude(load.request_bits);
  const std::uint64_t reply = random.magnitude(load.reply_bits);
  const std::uint64_t draw = random.next();
  // The clock may tick between a question and its answer.
  if (out.end > out.start + 1) out.reply_delay = static_cast<std::uint8_t>(draw >> 16 & 1);
  const std::uint64_t asking = request / kPayload + (draw & 1);
  const std::uint64_t answering = reply / kPayload + ((draw >> 8) & 1);
  // Every other packet is acknowledged.
  out.request.packets = least_packets + asking + answering / 2;
  out.reply.packets = least_packets + answering + asking / 2;
  out.request.bytes = out.request.packets * kTcpHeaders + request;
  out.reply.bytes = out.reply.packets * kTcpHeaders + reply;
}

}  // namespace

std::uint16_t linux_port(Random& random) noexcept {
  return static_cast<std::uint16_t>(random.between(32768, 60999));
}
std::uint16_t windows_port(Random& random) noexcept {
  return static_cast<std::uint16_t>(random.between(49152, 65535));
}
std::uint16_t balancer_port(Random& random) noexcept {
  return static_cast<std::uint16_t>(random.between(1024, 65535));
}

Conversation tcp_conversation(Random& random, const Window& window, std::uint16_t server_port,
                              Load load) noexcept {
  Conversation made;
  made.server_port = server_port;
  made.client_port = linux_port(random);
  const std::uint32_t kind = random.below(100);
  if (kind < 50) {  // begins and ends
    last_briefly(random, window, made);
    carry(random, load, 4, made);
    made.request.tcp_flags = base::kSyn | base::kFin;
    made.reply.tcp_flags = base::kSynAck | base::kFin;
    if (kind < 4) made.request.tcp_flags |= base::kRst;
  } else if (kind < 62) {  // begins
    last_whole(random, window, made);
    made.start += random.below(window.seconds - 8);
    carry(random, load, 3, made);
    made.request.tcp_flags = base::kSyn;
    made.reply.tcp_flags = base::kSynAck;
  } else if (kind < 72) {  // ends
    last_whole(random, window, made);
    made.end -= random.below(window.seconds - 8);
    carry(random, load, 2, made);
    made.request.tcp_flags = made.reply.tcp_flags = base::kFin;
    if (kind == 62) made.request.tcp_flags = base::kRst;
  } else {
    last_whole(random, window, made);
    carry(random, load, 1, made);
  }
  return made;
}

bool is_ongoing(const Conversation& conversation) noexcept {
  return conversation.protocol == Protocol::tcp && conversation.request.tcp_flags == 0;
}

Conversation refused_conversation(Random& random, const Window& window,
                                  std::uint16_t server_port) noexcept {
  Conversation made = unanswered_syn(random, window, server_port);
  made.reply = {
      .packets = made.request.packets, .bytes = made.request.packets * 40, .tcp_flags = base::kRst};
  return made;
}

Conversation unanswered_syn(Random& random, const Window& window,
                            std::uint16_t server_port) noexcept {
  Conversation made;
  made.server_port = server_port;
  made.client_port = balancer_port(random);
  last_briefly(random, window, made);
  // Scanners send a bare SYN or one with a maximum segment size, people's systems all options.
  constexpr std::uint64_t sizes[] = {40, 44, 44, 52, 60, 60};
  constexpr std::uint64_t attempts[] = {1, 1, 1, 1, 1, 2, 3, 3};
  const std::uint64_t draw = random.next();
  made.request.packets = attempts[draw & 7];
  made.request.bytes = made.request.packets * sizes[(draw >> 32) % std::size(sizes)];
  made.request.tcp_flags = base::kSyn;
  return made;
}

Conversation dns_conversation(Random& random, const Window& window) noexcept {
  Conversation made;
  made.protocol = Protocol::udp;
  made.server_port = 53;
  made.client_port = linux_port(random);
  last_briefly(random, window, made);
  const std::uint64_t packets = random.percent(70) ? 1 : random.between(2, 4);
  made.request.packets = made.reply.packets = packets;
  made.request.bytes = packets * (kUdpHeaders + random.between(28, 62));
  made.reply.bytes = made.request.bytes + packets * random.between(16, 300);
  return made;
}

Conversation ntp_conversation(Random& random, const Window& window) noexcept {
  Conversation made;
  made.protocol = Protocol::udp;
  made.server_port = 123;
  made.client_port = random.percent(40) ? std::uint16_t{123} : linux_port(random);
  last_briefly(random, window, made);
  made.request.packets = made.reply.packets = 1;
  made.request.bytes = made.reply.bytes = kNtpBytes;
  return made;
}

Conversation ping_conversation(Random& random, const Window& window, bool is_ipv6) noexcept {
  Conversation made;
  made.protocol = is_ipv6 ? Protocol::icmpv6 : Protocol::icmp;
  last_briefly(random, window, made);
  const std::uint64_t packets = random.between(1, 5);
  made.request = made.reply = {.packets = packets,
                               .bytes = packets * (is_ipv6 ? kPingBytes + 20 : kPingBytes)};
  return made;
}

}  // namespace weir::synth
