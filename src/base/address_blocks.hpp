// SPDX-License-Identifier: Apache-2.0
// base: the blocks of addresses, and whether an address is private or public: the one table behind
// `is_private` of SQL, the words `private` and `public` of filters, explain and conversations.
//
// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries
// (https://www.iana.org/assignments/iana-ipv4-special-registry,
// https://www.iana.org/assignments/iana-ipv6-special-registry).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/prefix.hpp"
#include "base/range_set.hpp"
#include "weir/ip.hpp"

namespace weir::base {

/// From the numbers that IPv4 is written with: 0x0a00'0000 and 8 are 10.0.0.0/8.
constexpr Cidr ipv4_prefix(std::uint32_t network, std::uint8_t length) noexcept {
  return {.network = Ip::from_ipv4(network),
          .length = static_cast<std::uint8_t>(kIpv4Bits + length)};
}
constexpr Cidr ipv6_prefix(std::uint64_t high, std::uint8_t length) noexcept {
  return {.network = {.high = high, .low = 0}, .length = length};
}

inline constexpr Cidr kEveryIpv4 = ipv4_prefix(0, 0);
inline constexpr Cidr kEveryIpv6 = ipv6_prefix(0, 0);

// RFC 1918.
inline constexpr Cidr kPrivate8 = ipv4_prefix(0x0a00'0000, 8);               // 10.0.0.0
inline constexpr Cidr kPrivate12 = ipv4_prefix(0xac10'0000, 12);             // 172.16.0.0
inline constexpr Cidr kPrivate16 = ipv4_prefix(0xc0a8'0000, 16);             // 192.168.0.0
inline constexpr Cidr kSharedIpv4 = ipv4_prefix(0x6440'0000, 10);            // 100.64.0.0, RFC 6598
inline constexpr Cidr kLinkLocalIpv4 = ipv4_prefix(0xa9fe'0000, 16);         // RFC 3927
inline constexpr Cidr kUniqueLocal = ipv6_prefix(0xfc00'0000'0000'0000, 7);  // RFC 4193
inline constexpr Cidr kLinkLocalIpv6 = ipv6_prefix(0xfe80'0000'0000'0000, 10);

/// Whom an address belongs to.
enum class AddressScope : std::uint8_t {
  /// Not of the internet: private use, shared (carrier-grade NAT), benchmarking, unique local,
  /// link-local, loopback.
  private_use,
  /// All other unicast. Documentation ranges are too, since AWS's examples use them as the
  /// internet.
  public_use,
  neither,  ///< multicast, broadcast, unspecified: nobody's
};

struct AddressBlock {
  Cidr prefix;
  AddressScope scope;
  std::string_view kind;  ///< `private IPv4 (RFC 1918)`
};

/// The block of IANA's registries that an address is in.
const AddressBlock& block_of(const Ip& address) noexcept;
/// The scope of an address. One that carries an IPv4 address, of NAT64 (64:ff9b::/96) or 6to4
/// (2002::/16), has the scope of that.
AddressScope scope_of(const Ip& address) noexcept;
inline bool is_private(const Ip& address) noexcept {
  return scope_of(address) == AddressScope::private_use;
}
inline bool is_public(const Ip& address) noexcept {
  return scope_of(address) == AddressScope::public_use;
}

/// All addresses of a scope as ranges, ascending, each of one address family. What is in `own`, the
/// blocks of one's own networks, is private.
std::vector<ValueRange<Ip>> ranges_of(AddressScope scope, std::span<const Cidr> own = {});

}  // namespace weir::base
