// SPDX-License-Identifier: Apache-2.0
// base: text <-> addresses. Spellings: RFC 4291 section 2.2; canonical IPv6 text: RFC 5952.
#include "weir/ip.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "base/ip_text.hpp"
#include "base/prefix.hpp"

namespace weir {
namespace {

constexpr std::size_t kIpv6Groups = 8;
static_assert(std::endian::native == std::endian::little);  // for the words of digits

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Reads dotted quads. Leading zeros are taken as decimal, as AWS never writes octal.
std::optional<std::uint32_t> parse_ipv4(std::string_view text) noexcept {
  std::uint32_t address = 0;
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != '.')) return std::nullopt;
    std::uint32_t value = 0;
    const std::size_t begin = at;
    while (at < text.size() && at - begin < 3 && is_digit(text[at])) {
      value = value * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    }
    if (at == begin || value > 255) return std::nullopt;
    address = address << 8 | value;
  }
  if (at != text.size()) return std::nullopt;
  return address;
}

/// Of each byte the value of the digit that it is, or kNoHexDigit. Digits of IPv6 addresses are as
/// good as random, so that branches by their kind are mispredicted.
constexpr std::uint8_t kNoHexDigit = 0xff;
constexpr std::array<std::uint8_t, 256> kHexValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoHexDigit);
  for (std::uint8_t value = 0; value < 16; ++value) {
    values[static_cast<unsigned char>("0123456789abcdef"[value])] = value;
    values[static_cast<unsigned char>("0123456789ABCDEF"[value])] = value;
  }
  return values;
}();
std::uint8_t hex_value(char c) noexcept { return kHexValues[static_cast<unsigned char>(c)]; }

std::optional<Ip> parse_ipv6(std::string_view text) noexcept {
  std::array<std::uint16_t, kIpv6Groups> groups{};
  std::size_t count = 0;
  std::size_t gap = kIpv6Groups + 1;  // index at which "::" stands, if it does
  std::size_t at = 0;
  if (text.starts_with("::")) {
    gap = 0;
    at = 2;
  }
  while (at < text.size()) {
    if (count == kIpv6Groups) return std::nullopt;
    std::uint32_t value = 0;
    const std::size_t begin = at;
    while (at < text.size() && at - begin < 4 && hex_value(text[at]) != kNoHexDigit) {
      value = value << 4 | hex_value(text[at++]);
    }
    if (at < text.size() && text[at] == '.') {  // the last 32 bits may be a dotted quad
      const auto quad = parse_ipv4(text.substr(begin));
      if (!quad || count > kIpv6Groups - 2) return std::nullopt;
      groups[count++] = static_cast<std::uint16_t>(*quad >> 16);
      groups[count++] = static_cast<std::uint16_t>(*quad);
      break;
    }
    if (at == begin) return std::nullopt;
    groups[count++] = static_cast<std::uint16_t>(value);
    if (at == text.size()) break;
    if (text[at] != ':') return std::nullopt;
    ++at;
    if (at == text.size()) return std::nullopt;
    if (text[at] == ':') {
      if (gap <= kIpv6Groups) return std::nullopt;
      gap = count;
      ++at;
    }
  }
  const bool compressed = gap <= kIpv6Groups;
  if (compressed ? count >= kIpv6Groups : count != kIpv6Groups) return std::nullopt;
  std::array<std::uint16_t, kIpv6Groups> full{};
  const std::size_t tail = compressed ? count - gap : 0;
  for (std::size_t i = 0; i < count - tail; ++i) full[i] = groups[i];
  for (std::size_t i = 0; i < tail; ++i) full[kIpv6Groups - tail + i] = groups[count - tail + i];
  Ip address;
  for (std::size_t i = 0; i < 4; ++i) address.high = address.high << 16 | full[i];
  for (std::size_t i = 4; i < kIpv6Groups; ++i) address.low = address.low << 16 | full[i];
  return address;
}

/// Where "::" stands among the eight groups of an address, by the mask of the groups that are zero.
struct ZeroRun {
  std::uint8_t begin = 0;  ///< kIpv6Groups if it stands nowhere
  std::uint8_t length = 0;
};

// RFC 5952 section 4.2: "::" stands for the first longest run of at least two zero groups.
constexpr std::array<ZeroRun, 256> kZeroRuns = [] {
  std::array<ZeroRun, 256> runs{};
  for (unsigned zeros = 0; zeros < runs.size(); ++zeros) {
    ZeroRun& best = runs[zeros];
    best.begin = kIpv6Groups;
    for (unsigned begin = 0; begin < kIpv6Groups; ++begin) {
      unsigned end = begin;
      while (end < kIpv6Groups && (zeros >> end & 1) != 0) ++end;
      const unsigned length = end - begin;
      if (length < 2 || length <= best.length) continue;
      best = {.begin = static_cast<std::uint8_t>(begin),
              .length = static_cast<std::uint8_t>(length)};
    }
  }
  return runs;
}();

/// Writes a group without leading zeros, four bytes at a time; what is too much is overwritten.
char* write_group(std::uint32_t group, char* out) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::array<char, 4> text = {digits[group >> 12], digits[group >> 8 & 0xf],
                                    digits[group >> 4 & 0xf], digits[group & 0xf]};
  const std::size_t zeros = group >= 0x1000 ? 0 : group >= 0x100 ? 1 : group >= 0x10 ? 2 : 3;
  std::uint32_t word = 0;
  std::memcpy(&word, text.data(), sizeof word);
  word >>= 8 * zeros;
  std::memcpy(out, &word, sizeof word);
  return out + (text.size() - zeros);
}

}  // namespace

std::optional<Ip> parse_ip(std::string_view text) noexcept {
  if (text.find(':') != std::string_view::npos) return parse_ipv6(text);
  const auto address = parse_ipv4(text);
  if (!address) return std::nullopt;
  return Ip::from_ipv4(*address);
}

std::optional<Cidr> parse_cidr(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  const std::string_view address_text = text.substr(0, slash);
  const auto address = parse_ip(address_text);
  if (!address) return std::nullopt;
  // A dotted quad counts its prefix from 32 bits, also one that was mapped into IPv6.
  const bool dotted = address_text.find(':') == std::string_view::npos;
  unsigned length = dotted ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    unsigned written = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), written);
    if (failure != std::errc{} || end != digits.data() + digits.size() || written > length) {
      return std::nullopt;
    }
    length = written;
  }
  const auto bits = static_cast<std::uint8_t>(dotted ? length + base::kIpv4Bits : length);
  return base::prefix_of(*address, bits);
}

char* base::write_ipv6(const Ip& address, char* out) noexcept {
  std::array<std::uint32_t, kIpv6Groups> groups{};
  unsigned zeros = 0;
  for (unsigned i = 0; i < kIpv6Groups; ++i) {
    groups[i] = (i < 4 ? address.high : address.low) >> (48 - 16 * (i % 4)) & 0xffff;
    zeros |= (groups[i] == 0 ? 1U : 0U) << i;
  }
  const ZeroRun gap = kZeroRuns[zeros];
  for (unsigned i = 0; i < gap.begin; ++i) {
    out = write_group(groups[i], out);
    *out++ = ':';
  }
  if (gap.begin == kIpv6Groups) return out - 1;
  // The colon behind the group before the gap is the first of the two.
  if (gap.begin == 0) *out++ = ':';
  *out++ = ':';
  const unsigned end = gap.begin + gap.length;
  if (end == kIpv6Groups) return out;
  for (unsigned i = end; i < kIpv6Groups; ++i) {
    out = write_group(groups[i], out);
    *out++ = ':';
  }
  return out - 1;
}

std::size_t write_ip(const Ip& address, char* out) noexcept {
  return static_cast<std::size_t>(base::write_address(address, out) - out);
}

std::string to_string(const Ip& address) {
  std::array<char, kMaxIpText> text;
  return {text.data(), write_ip(address, text.data())};
}

std::string to_string(const Cidr& prefix) {
  const int shared = base::is_ipv4(prefix) ? base::kIpv4Bits : 0;
  return to_string(prefix.network) + '/' + std::to_string(prefix.length - shared);
}

}  // namespace weir
