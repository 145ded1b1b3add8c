// SPDX-License-Identifier: Apache-2.0
// base: the numbers of protocols, TCP flags and spans of time that more than one stage must know.
#pragma once

#include <cstdint>

namespace weir::base {

// Source: IANA, Assigned Internet Protocol Numbers.
inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kIcmpv6 = 58;
inline constexpr std::uint8_t kSctp = 132;

/// Whether rules of security groups and network ACLs ask for ports of the protocol. `protocol` may
/// be any number, -1 (all of them) too.
constexpr bool has_ports(int protocol) noexcept { return protocol == kTcp || protocol == kUdp; }
/// Whether they ask for an ICMP type and code.
constexpr bool has_icmp_types(int protocol) noexcept {
  return protocol == kIcmp || protocol == kIcmpv6;
}

// Bits of tcp-flags. Source: RFC 9293, section 3.1; VPC User Guide, "Flow log records", which also
// says that an ACK is logged only beside another flag: 18 is a SYN-ACK.
inline constexpr std::uint8_t kFin = 1;
inline constexpr std::uint8_t kSyn = 2;
inline constexpr std::uint8_t kRst = 4;
inline constexpr std::uint8_t kAck = 16;
inline constexpr std::uint8_t kSynAck = kSyn | kAck;

inline constexpr std::int64_t kSecondsOfDay = 86'400;

}  // namespace weir::base
