// SPDX-License-Identifier: Apache-2.0
// explain: what an address is by itself.
//
// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries
// (https://www.iana.org/assignments/iana-ipv4-special-registry,
// https://www.iana.org/assignments/iana-ipv6-special-registry).
#include "explain/address_kind.hpp"

namespace weir::explain {
namespace {

struct Block {
  Cidr prefix;
  std::string_view kind;
};

constexpr Cidr ipv4(std::uint32_t network, std::uint8_t length) {
  return {.network = Ip::from_ipv4(network), .length = static_cast<std::uint8_t>(96 + length)};
}

constexpr Cidr ipv6(std::uint64_t high, std::uint8_t length) {
  return {.network = {.high = high, .low = 0}, .length = length};
}

// The first block that contains an address names it.
constexpr Block kBlocks[] = {
    {ipv4(0x0a00'0000, 8), "private IPv4 (RFC 1918)"},
    {ipv4(0xac10'0000, 12), "private IPv4 (RFC 1918)"},
    {ipv4(0xc0a8'0000, 16), "private IPv4 (RFC 1918)"},
    {ipv4(0x6440'0000, 10), "shared IPv4 (RFC 6598)"},
    {ipv4(0xa9fe'0000, 16), "link-local IPv4"},
    {ipv4(0x7f00'0000, 8), "loopback IPv4"},
    {ipv4(0xc000'0200, 24), "IPv4 for documentation (RFC 5737)"},
    {ipv4(0xc633'6400, 24), "IPv4 for documentation (RFC 5737)"},
    {ipv4(0xcb00'7100, 24), "IPv4 for documentation (RFC 5737)"},
    {ipv4(0xe000'0000, 4), "multicast IPv4"},
    {ipv4(0xffff'ffff, 32), "broadcast IPv4"},
    {ipv4(0xf000'0000, 4), "reserved IPv4"},
    {ipv4(0x0000'0000, 8), "IPv4 of this network"},
    {ipv4(0, 0), "public IPv4"},
    {{.network = {.high = 0, .low = 0}, .length = 128}, "unspecified IPv6"},
    {{.network = {.high = 0, .low = 1}, .length = 128}, "loopback IPv6"},
    {ipv6(0xfc00'0000'0000'0000, 7), "unique local IPv6 (RFC 4193)"},
    {ipv6(0xfe80'0000'0000'0000, 10), "link-local IPv6"},
    {ipv6(0x2001'0db8'0000'0000, 32), "IPv6 for documentation (RFC 3849)"},
    {ipv6(0xff00'0000'0000'0000, 8), "multicast IPv6"},
    {ipv6(0x2000'0000'0000'0000, 3), "public IPv6"},
};

}  // namespace

std::string_view address_kind(const Ip& address) noexcept {
  for (const Block& block : kBlocks) {
    if (block.prefix.contains(address)) return block.kind;
  }
  return "IPv6 outside the assigned space";
}

}  // namespace weir::explain
