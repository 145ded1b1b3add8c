// SPDX-License-Identifier: Apache-2.0
// synth: a record before it is text.
#pragma once

#include <cstdint>

#include "synth/network.hpp"

namespace weir::synth {

// IANA protocol numbers.
enum class Protocol : std::uint8_t { icmp, tcp, udp, icmpv6 };

/// What is on record about one direction of a conversation at one interface.
struct Record {
  const Interface* at = nullptr;
  const Interface* next_hop = nullptr;
  const Endpoint* source = nullptr;
  const Endpoint* destination = nullptr;
  const Endpoint* packet_source = nullptr;
  const Endpoint* packet_destination = nullptr;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  Protocol protocol = Protocol::tcp;
  std::uint8_t tcp_flags = 0;
  std::uint8_t traffic_path = 0;  ///< 0: none
  bool egress = false;
  bool rejected = false;
  bool block_public_access = false;
  char encryption = '-';
};

/// A window of an interface without traffic (NODATA) or without its records (SKIPDATA).
struct EmptyWindow {
  const Interface* at = nullptr;
  std::int64_t start = 0;
  std::int64_t end = 0;
  bool skipped = false;
};

}  // namespace weir::synth
