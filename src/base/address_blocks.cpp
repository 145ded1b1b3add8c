// SPDX-License-Identifier: Apache-2.0
// base: IANA's special-purpose blocks, and what is private and public.
#include "base/address_blocks.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace weir::base {
namespace {

constexpr AddressScope kPrivate = AddressScope::private_use;
constexpr AddressScope kPublic = AddressScope::public_use;
constexpr AddressScope kNeither = AddressScope::neither;

// RFC 6052 section 2.1: an IPv4 address is the last 32 bits.
constexpr Cidr kNat64 = {.network = {.high = 0x0064'ff9b'0000'0000, .low = 0}, .length = 96};
// RFC 3056 section 2: an IPv4 address stands behind the first 16 bits.
constexpr Cidr k6to4 = ipv6_prefix(0x2002'0000'0000'0000, 16);

// The first block that contains an address names it.
constexpr AddressBlock kBlocks[] = {
    {kPrivate8, kPrivate, "private IPv4 (RFC 1918)"},
    {kPrivate12, kPrivate, "private IPv4 (RFC 1918)"},
    {kPrivate16, kPrivate, "private IPv4 (RFC 1918)"},
    {kSharedIpv4, kPrivate, "shared IPv4 (RFC 6598)"},
    {kLinkLocalIpv4, kPrivate, "link-local IPv4"},
    {ipv4_prefix(0x7f00'0000, 8), kPrivate, "loopback IPv4"},
    {ipv4_prefix(0xc612'0000, 15), kPrivate, "IPv4 for benchmarking (RFC 2544)"},
    {ipv4_prefix(0xc000'0200, 24), kPublic, "IPv4 for documentation (RFC 5737)"},
    {ipv4_prefix(0xc633'6400, 24), kPublic, "IPv4 for documentation (RFC 5737)"},
    {ipv4_prefix(0xcb00'7100, 24), kPublic, "IPv4 for documentation (RFC 5737)"},
    {ipv4_prefix(0xe000'0000, 4), kNeither, "multicast IPv4"},
    {ipv4_prefix(0xffff'ffff, 32), kNeither, "broadcast IPv4"},
    {ipv4_prefix(0xf000'0000, 4), kPublic, "reserved IPv4"},
    {ipv4_prefix(0x0000'0000, 8), kNeither, "IPv4 of this network"},
    {kEveryIpv4, kPublic, "public IPv4"},
    {prefix_of(Ip{}), kNeither, "unspecified IPv6"},
    {prefix_of(Ip{.low = 1}), kPrivate, "loopback IPv6"},
    {kUniqueLocal, kPrivate, "unique local IPv6 (RFC 4193)"},
    {kLinkLocalIpv6, kPrivate, "link-local IPv6"},
    {ipv6_prefix(0x2001'0db8'0000'0000, 32), kPublic, "IPv6 for documentation (RFC 3849)"},
    {ipv6_prefix(0x3fff'0000'0000'0000, 20), kPublic, "IPv6 for documentation (RFC 9637)"},
    {ipv6_prefix(0xff00'0000'0000'0000, 8), kNeither, "multicast IPv6"},
    {kNat64, kPublic, "IPv4 behind NAT64 (RFC 6052)"},
    {ipv6_prefix(0x0064'ff9b'0001'0000, 48), kPrivate, "local-use NAT64 (RFC 8215)"},
    {k6to4, kPublic, "6to4 IPv6 (RFC 3056)"},
    {ipv6_prefix(0x2000'0000'0000'0000, 3), kPublic, "public IPv6"},
    {kEveryIpv6, kPublic, "IPv6 outside the assigned space"},
};

/// The scope of all IPv4 addresses with the same first eight bits, if it is the same for all: most
/// addresses of a log need no more.
constexpr std::uint8_t kMixed = 0xff;
constexpr std::array<std::uint8_t, 256> kScopeOfFirst = [] {
  std::array<std::uint8_t, 256> scopes{};
  for (std::uint32_t first = 0; first < 256; ++first) {
    const Cidr eight = ipv4_prefix(first << 24, 8);
    for (const AddressBlock& block : kBlocks) {
      if (holds_all(block.prefix, eight)) {
        scopes[first] = static_cast<std::uint8_t>(block.scope);
        break;
      }
      if (eight.contains(block.prefix.network)) {
        scopes[first] = kMixed;
        break;
      }
    }
  }
  return scopes;
}();

/// The IPv4 address that an IPv6 address carries, or the address itself.
constexpr Ip carried(const Ip& address) noexcept {
  if (kNat64.contains(address)) return Ip::from_ipv4(static_cast<std::uint32_t>(address.low));
  if (k6to4.contains(address)) return Ip::from_ipv4(static_cast<std::uint32_t>(address.high >> 16));
  return address;
}

/// A prefix of IPv4 addresses as the IPv6 addresses that carry them.
constexpr Cidr in_nat64(const Cidr& prefix) noexcept {
  const std::uint64_t address = prefix.network.low & 0xffff'ffff;
  return {.network = {.high = kNat64.network.high, .low = address}, .length = prefix.length};
}
constexpr Cidr in_6to4(const Cidr& prefix) noexcept {
  const std::uint64_t address = prefix.network.low & 0xffff'ffff;
  return {.network = {.high = k6to4.network.high | address << 16, .low = 0},
          .length = static_cast<std::uint8_t>(prefix.length - kIpv4Bits + k6to4.length)};
}

}  // namespace

const AddressBlock& block_of(const Ip& address) noexcept {
  const auto* const found =
      std::find_if(std::begin(kBlocks), std::end(kBlocks),
                   [&](const AddressBlock& block) { return block.prefix.contains(address); });
  return found == std::end(kBlocks) ? *std::rbegin(kBlocks) : *found;
}

AddressScope scope_of(const Ip& address) noexcept {
  const Ip judged = carried(address);
  if (judged.is_ipv4()) {
    const std::uint8_t scope = kScopeOfFirst[(judged.low >> 24) & 0xff];
    if (scope != kMixed) return static_cast<AddressScope>(scope);
  }
  return block_of(judged).scope;
}

std::vector<ValueRange<Ip>> ranges_of(AddressScope scope, std::span<const Cidr> own) {
  std::vector<Cidr> prefixes(own.begin(), own.end());
  for (const AddressBlock& block : kBlocks) prefixes.push_back(block.prefix);
  for (std::size_t i = prefixes.size(); i-- > 0;) {
    if (!is_ipv4(prefixes[i])) continue;
    prefixes.push_back(in_nat64(prefixes[i]));
    prefixes.push_back(in_6to4(prefixes[i]));
  }
  // Between two places where a block begins or has ended, all addresses are alike.
  std::vector<Ip> begins;
  for (const Cidr& prefix : prefixes) {
    begins.push_back(prefix.network);
    if (const Ip after = successor(last_of(prefix)); after != Ip{}) begins.push_back(after);
  }
  std::sort(begins.begin(), begins.end());
  begins.erase(std::unique(begins.begin(), begins.end()), begins.end());
  std::vector<ValueRange<Ip>> ranges;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const Ip low = begins[i];
    const bool is_own = any_holds(own, carried(low));
    if ((is_own ? kPrivate : scope_of(low)) != scope) continue;
    const Ip high = i + 1 < begins.size()
                        ? Ip{.high = begins[i + 1].high - (begins[i + 1].low == 0 ? 1 : 0),
                             .low = begins[i + 1].low - 1}
                        : last_of(kEveryIpv6);
    const bool goes_on = !ranges.empty() && successor(ranges.back().high) == low &&
                         ranges.back().low.is_ipv4() == low.is_ipv4();
    if (goes_on) {
      ranges.back().high = high;
    } else {
      ranges.push_back({low, high});
    }
  }
  return ranges;
}

}  // namespace weir::base
