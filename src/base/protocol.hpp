// SPDX-License-Identifier: Apache-2.0
// base: the numbers of protocols, TCP flags and spans of time that more than one stage must know.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::base {

// Source: IANA, Assigned Internet Protocol Numbers.
inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kIpInIp = 4;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kDccp = 33;
inline constexpr std::uint8_t kIpv6InIp = 41;
inline constexpr std::uint8_t kIcmpv6 = 58;
inline constexpr std::uint8_t kSctp = 132;
inline constexpr std::uint8_t kUdpLite = 136;
inline constexpr std::uint8_t kReservedProtocol = 255;

/// Whether packets of the protocol carry ports, which a log then has.
constexpr bool carries_ports(std::uint64_t protocol) noexcept {
  return protocol == kTcp || protocol == kUdp || protocol == kDccp || protocol == kSctp ||
         protocol == kUdpLite;
}
/// Whether a port of the protocol names a service: IANA registers ports of these.
constexpr bool has_services(std::uint64_t protocol) noexcept {
  return protocol == kTcp || protocol == kUdp || protocol == kSctp;
}
/// Whether rules of security groups and network ACLs ask for ports of the protocol. `protocol` may
/// be any number, -1 (all of them) too.
constexpr bool has_ports(int protocol) noexcept { return protocol == kTcp || protocol == kUdp; }
/// Whether they ask for an ICMP type and code.
constexpr bool has_icmp_types(int protocol) noexcept {
  return protocol == kIcmp || protocol == kIcmpv6;
}
/// The word of AWS for the protocols that rules say more of than a number; empty for others.
constexpr std::string_view rule_protocol_word(int protocol) noexcept {
  return protocol == kTcp      ? "tcp"
         : protocol == kUdp    ? "udp"
         : protocol == kIcmp   ? "icmp"
         : protocol == kIcmpv6 ? "icmpv6"
                               : std::string_view();
}

// Ports that clients pick. Source: VPC User Guide, "Custom network ACLs for your VPC", ephemeral
// ports: Linux from 32768 (to 60999: Linux, ip-sysctl, ip_local_port_range), Windows from 49152
// (RFC 6335, section 6, dynamic ports); NAT gateways, load balancers, Lambda and old clients 1024
// to 65535. So a port from 1024 on may be anyone's, and only one below is certainly not a client's.
inline constexpr std::uint16_t kFirstUnprivilegedPort = 1024;
inline constexpr std::uint16_t kFirstClientPort = 32768;

// Bits of tcp-flags. Source: RFC 9293, section 3.1; VPC User Guide, "Flow log records", which also
// says that an ACK is logged only beside another flag: 18 is a SYN-ACK.
inline constexpr std::uint8_t kFin = 1;
inline constexpr std::uint8_t kSyn = 2;
inline constexpr std::uint8_t kRst = 4;
inline constexpr std::uint8_t kAck = 16;
inline constexpr std::uint8_t kSynAck = kSyn | kAck;

inline constexpr std::int64_t kSecondsOfMinute = 60;
inline constexpr std::int64_t kSecondsOfHour = 3'600;
inline constexpr std::int64_t kSecondsOfDay = 86'400;

/// What `start` and `end` of a record may each be off by. Source: VPC User Guide, "Flow log
/// records".
inline constexpr std::int64_t kTimeSlack = 60;

// Seconds without a packet after which AWS forgets a connection. Source: EC2 User Guide, "Security
// group connection tracking", idle connection tracking timeout. ICMP has no figure there.
//
//                 default                                can be configured
//   TCP           432,000 (5 days); on Nitro v6 350      60 to 432,000
//   UDP           30                                     30 to 60
//   UDP streams   180                                    60 to 180
//   others        600                                    no
inline constexpr std::int64_t kTcpIdle = 432'000;
inline constexpr std::int64_t kNitroTcpIdle = 350;  // NAT gateways and load balancers too
inline constexpr std::int64_t kLeastTcpIdle = 60;
inline constexpr std::int64_t kUdpIdle = 30;
inline constexpr std::int64_t kMostUdpIdle = 60;
inline constexpr std::int64_t kUdpStreamIdle = 180;
inline constexpr std::int64_t kLeastUdpStreamIdle = 60;
inline constexpr std::int64_t kOtherIdle = 600;

}  // namespace weir::base
