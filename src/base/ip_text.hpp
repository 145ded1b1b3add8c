// SPDX-License-Identifier: Apache-2.0
// base: addresses -> text, inline for loops that write millions of them.
//
// The four numbers of an IPv4 address come out of a table of 256 texts, stored four bytes at a time
// whatever their length; the next store overwrites what was too much.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "weir/ip.hpp"

namespace weir::base {

/// A number of a dotted quad with the dot behind it: `7.`, `255.`.
struct OctetText {
  std::array<char, 4> text{};
  std::uint32_t length = 0;
};

inline constexpr std::array<OctetText, 256> kOctetTexts = [] {
  std::array<OctetText, 256> octets{};
  for (unsigned value = 0; value < octets.size(); ++value) {
    OctetText& octet = octets[value];
    if (value >= 100) octet.text[octet.length++] = static_cast<char>('0' + value / 100);
    if (value >= 10) octet.text[octet.length++] = static_cast<char>('0' + value / 10 % 10);
    octet.text[octet.length++] = static_cast<char>('0' + value % 10);
    octet.text[octet.length++] = '.';
  }
  return octets;
}();

/// Writes a dotted quad and returns where it ends. Uses up to 16 bytes of `out`.
inline char* write_ipv4(std::uint32_t address, char* out) noexcept {
  for (unsigned shift = 32; shift > 0;) {
    shift -= 8;
    const OctetText& octet = kOctetTexts[address >> shift & 0xff];
    std::memcpy(out, octet.text.data(), octet.text.size());
    out += octet.length;
  }
  return out - 1;
}

/// True for what write_ipv4() writes.
inline bool is_ipv4_text(std::string_view text) noexcept {
  constexpr std::size_t kLongest = 15;
  if (text.size() > kLongest) return false;
  std::array<char, kLongest + 4> padded{};  // so that four bytes can be looked at everywhere
  std::memcpy(padded.data(), text.data(), text.size());
  const char* at = padded.data();
  const auto digit = [&](int i) { return static_cast<unsigned>(at[i]) - '0'; };
  for (int octet = 0; octet < 4; ++octet) {
    const int digits = digit(1) > 9 ? 1 : digit(2) > 9 ? 2 : 3;
    if (digit(0) > 9 || (digits > 1 && digit(0) == 0)) return false;
    if (digits == 3 && digit(0) * 100 + digit(1) * 10 + digit(2) > 255) return false;
    at += digits;
    if (octet < 3 && *at++ != '.') return false;
  }
  return at == padded.data() + text.size();
}

/// Writes what RFC 5952 asks for and returns where it ends. Uses up to kMaxIpText bytes of `out`.
char* write_ipv6(const Ip& address, char* out) noexcept;

/// The same for either kind of address.
inline char* write_address(const Ip& address, char* out) noexcept {
  return address.is_ipv4() ? write_ipv4(static_cast<std::uint32_t>(address.low), out)
                           : write_ipv6(address, out);
}

}  // namespace weir::base
