// SPDX-License-Identifier: Apache-2.0
// synth: random numbers -> what was exchanged: ports, flags, packets, bytes, times.
#pragma once

#include <cstdint>

#include "synth/random.hpp"
#include "synth/record.hpp"

namespace weir::synth {

/// An aggregation interval of an interface.
struct Window {
  std::int64_t begin = 0;
  std::uint32_t seconds = 60;
};

/// What a direction sums up to in a window.
struct Direction {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint8_t tcp_flags = 0;
  bool rejected = false;
};

/// Both directions of a conversation in one window.
struct Conversation {
  Protocol protocol = Protocol::tcp;
  std::uint16_t client_port = 0;
  std::uint16_t server_port = 0;
  Direction request;
  Direction reply;  ///< without packets: nobody answered
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::uint8_t reply_delay = 0;  ///< seconds by which the reply starts later, 0 or 1
};

/// How much a TCP connection carries, as numbers of coins for Random::magnitude().
struct Load {
  int request_bits;
  int reply_bits;
};
inline constexpr Load kWebLoad{20, 26};
inline constexpr Load kQueryLoad{20, 24};
inline constexpr Load kShellLoad{18, 22};
inline constexpr Load kDownloadLoad{16, 28};
inline constexpr Load kUploadLoad{30, 14};

/// A port of the range from which a client's system takes them.
std::uint16_t linux_port(Random& random) noexcept;
std::uint16_t windows_port(Random& random) noexcept;
/// NAT gateways and load balancers take theirs from 1024 on.
std::uint16_t balancer_port(Random& random) noexcept;

/// A TCP connection, of which the window may have seen the beginning, the end, both or neither.
Conversation tcp_conversation(Random& random, const Window& window, std::uint16_t server_port,
                              Load load) noexcept;
/// True if neither the beginning nor the end was seen: then the ports are those of other windows.
bool is_ongoing(const Conversation& conversation) noexcept;
/// A connection that the server's system refused with RST.
Conversation refused_conversation(Random& random, const Window& window,
                                  std::uint16_t server_port) noexcept;
/// A few SYN packets and nothing else.
Conversation unanswered_syn(Random& random, const Window& window,
                            std::uint16_t server_port) noexcept;
Conversation dns_conversation(Random& random, const Window& window) noexcept;
Conversation ntp_conversation(Random& random, const Window& window) noexcept;
Conversation ping_conversation(Random& random, const Window& window, bool is_ipv6) noexcept;

}  // namespace weir::synth
