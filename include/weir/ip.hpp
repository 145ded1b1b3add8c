// SPDX-License-Identifier: Apache-2.0
// ip: addresses and prefixes as 128-bit values.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// An IPv4 or IPv6 address in 128 bits. IPv4 lives at ::ffff:0:0/96 (RFC 4291 section 2.5.5.2), so
/// `::ffff:10.0.0.1` and `10.0.0.1` are one value, and it is written as IPv4.
struct Ip {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  static constexpr std::uint64_t kIpv4Prefix = 0xffff'0000'0000;

  static constexpr Ip from_ipv4(std::uint32_t address) noexcept {
    return {.high = 0, .low = kIpv4Prefix | address};
  }
  constexpr bool is_ipv4() const noexcept { return high == 0 && (low >> 32) == 0xffff; }

  friend constexpr auto operator<=>(const Ip&, const Ip&) = default;
};

/// A prefix such as 10.0.0.0/8 or 2001:db8::/32. An IPv4 prefix contains IPv4 addresses only.
struct Cidr {
  Ip network;               ///< host bits are zero
  std::uint8_t length = 0;  ///< 0..128 over the 128-bit value: an IPv4 /8 is 104

  constexpr bool contains(const Ip& address) const noexcept {
    const Ip mask = mask_of(length);
    return (address.high & mask.high) == network.high && (address.low & mask.low) == network.low;
  }
  static constexpr Ip mask_of(std::uint8_t bits) noexcept {
    constexpr std::uint64_t all = ~std::uint64_t{0};
    const std::uint64_t high = bits == 0 ? 0 : bits >= 64 ? all : all << (64 - bits);
    const std::uint64_t low = bits <= 64 ? 0 : bits >= 128 ? all : all << (128 - bits);
    return {.high = high, .low = low};
  }
  friend constexpr auto operator<=>(const Cidr&, const Cidr&) = default;
};

/// Bytes that write_ip() may use, more than the longest text has.
inline constexpr std::size_t kMaxIpText = 45;

/// Reads an address in any RFC 4291 spelling; nothing else may stand around it.
std::optional<Ip> parse_ip(std::string_view text) noexcept;

/// Reads `address/length` or a bare address (then /32 or /128). Host bits are cleared.
std::optional<Cidr> parse_cidr(std::string_view text) noexcept;

/// Writes the canonical text (RFC 5952 for IPv6) and returns its length. What `out` holds behind
/// the text, up to kMaxIpText, is lost.
std::size_t write_ip(const Ip& address, char* out) noexcept;

std::string to_string(const Ip& address);
std::string to_string(const Cidr& prefix);

}  // namespace weir
