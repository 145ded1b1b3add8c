// SPDX-License-Identifier: Apache-2.0
// explain: what an address is by itself.
// Source: IANA's registries, see base/address_blocks.hpp.
#include "explain/address_kind.hpp"

#include "base/address_blocks.hpp"

namespace weir::explain {
namespace {

struct Block {
  Cidr prefix;
  std::string_view kind;
};

using base::ipv4_prefix;
using base::ipv6_prefix;

// The first block that contains an address names it.
constexpr Block kBlocks[] = {
    {base::kPrivate8, "private IPv4 (RFC 1918)"},
    {base::kPrivate12, "private IPv4 (RFC 1918)"},
    {base::kPrivate16, "private IPv4 (RFC 1918)"},
    {base::kSharedIpv4, "shared IPv4 (RFC 6598)"},
    {base::kLinkLocalIpv4, "link-local IPv4"},
    {ipv4_prefix(0x7f00'0000, 8), "loopback IPv4"},
    {ipv4_prefix(0xc000'0200, 24), "IPv4 for documentation (RFC 5737)"},
    {ipv4_prefix(0xc633'6400, 24), "IPv4 for documentation (RFC 5737)"},
    {ipv4_prefix(0xcb00'7100, 24), "IPv4 for documentation (RFC 5737)"},
    {ipv4_prefix(0xe000'0000, 4), "multicast IPv4"},
    {ipv4_prefix(0xffff'ffff, 32), "broadcast IPv4"},
    {ipv4_prefix(0xf000'0000, 4), "reserved IPv4"},
    {ipv4_prefix(0x0000'0000, 8), "IPv4 of this network"},
    {base::kEveryIpv4, "public IPv4"},
    {base::prefix_of(Ip{}), "unspecified IPv6"},
    {base::prefix_of(Ip{.low = 1}), "loopback IPv6"},
    {base::kUniqueLocal, "unique local IPv6 (RFC 4193)"},
    {base::kLinkLocalIpv6, "link-local IPv6"},
    {ipv6_prefix(0x2001'0db8'0000'0000, 32), "IPv6 for documentation (RFC 3849)"},
    {ipv6_prefix(0xff00'0000'0000'0000, 8), "multicast IPv6"},
    {ipv6_prefix(0x2000'0000'0000'0000, 3), "public IPv6"},
};

}  // namespace

std::string_view address_kind(const Ip& address) noexcept {
  for (const Block& block : kBlocks) {
    if (block.prefix.contains(address)) return block.kind;
  }
  return "IPv6 outside the assigned space";
}

}  // namespace weir::explain
