// SPDX-License-Identifier: Apache-2.0
// synth: addresses as text.
#include "synth/addresses.hpp"

#include "base/ip_text.hpp"
#include "weir/ip.hpp"

namespace weir::synth {
namespace {

/// First octets in which public addresses are handed out and hosts of strangers are found.
constexpr bool is_public_first(std::uint32_t octet) {
  constexpr std::uint32_t others[] = {10, 100, 127, 169, 172, 192, 198, 203};
  for (const std::uint32_t other : others) {
    if (octet == other) return false;
  }
  return octet >= 1 && octet <= 223;
}

constexpr std::array<std::uint8_t, 215> kPublicFirst = [] {
  std::array<std::uint8_t, 215> firsts{};
  std::size_t count = 0;
  for (std::uint32_t octet = 0; octet < 256; ++octet) {
    if (is_public_first(octet)) firsts[count++] = static_cast<std::uint8_t>(octet);
  }
  return firsts;
}();
static_assert(kPublicFirst.back() == 223);

struct Range {
  Service service;
  std::uint32_t network;
  std::uint32_t mask;  ///< of the part that varies
};

constexpr std::uint32_t ipv4(std::uint32_t a, std::uint32_t b) { return (a << 24) | (b << 16); }

// Inside what https://ip-ranges.amazonaws.com/ip-ranges.json lists, roughly: what counts is that
// address and service go together.
constexpr Range kGateway[] = {{Service::s3, ipv4(52, 216), 0x1ffff},
                              {Service::s3, ipv4(3, 5), 0xffff},
                              {Service::s3, ipv4(16, 12), 0xffff},
                              {Service::dynamodb, ipv4(52, 94), 0x1fff}};
constexpr Range kAws[] = {
    {Service::s3, ipv4(52, 216), 0x1ffff},   {Service::dynamodb, ipv4(52, 94), 0x1fff},
    {Service::ec2, ipv4(54, 144), 0x3ffff},  {Service::cloudfront, ipv4(13, 224), 0x3ffff},
    {Service::amazon, ipv4(52, 46), 0x3fff}, {Service::api_gateway, ipv4(3, 216), 0x3ffff}};
constexpr Range kEc2 = {Service::ec2, ipv4(18, 128), 0x3fffff};

void write_in(const Range& range, std::uint32_t drawn, Endpoint& out) noexcept {
  write_ipv4(range.network | (drawn & range.mask), out);
  out.service = &service_word(range.service);
}

}  // namespace

const Word& service_word(Service service) noexcept {
  static const std::array<Word, 7> words = {Word("-"),          Word("AMAZON"), Word("S3"),
                                            Word("DYNAMODB"),   Word("EC2"),    Word("CLOUDFRONT"),
                                            Word("API_GATEWAY")};
  return words[static_cast<std::size_t>(service)];
}

void write_ipv4(std::uint32_t address, Endpoint& out) noexcept {
  char* const begin = out.address.bytes();
  char* const end = base::write_ipv4(address, begin);
  *end = ' ';
  out.address.set_length(static_cast<std::size_t>(end - begin) + 1);
  out.service = &service_word(Service::none);
  out.is_ipv6 = false;
}

void write_ipv6(std::uint64_t high, std::uint64_t low, Endpoint& out) noexcept {
  char text[kMaxIpText];
  out.address.assign({text, write_ip({.high = high, .low = low}, text)});
  out.service = &service_word(Service::none);
  out.is_ipv6 = true;
}

void public_address(std::uint64_t drawn, Endpoint& out) noexcept {
  const auto host = static_cast<std::uint32_t>(drawn >> 32);
  if ((drawn & 31) == 0) return write_in(kEc2, host, out);
  const std::uint64_t choice = ((drawn & 0xffff'ffff) * kPublicFirst.size()) >> 32;
  write_ipv4((std::uint32_t{kPublicFirst[choice]} << 24) | (host & 0xff'ffff), out);
}

void aws_address(Random& random, Endpoint& out) noexcept {
  const Range& range = kAws[random.below(std::size(kAws))];
  write_in(range, static_cast<std::uint32_t>(random.next()), out);
}

void gateway_address(Random& random, Endpoint& out) noexcept {
  const Range& range = kGateway[random.below(std::size(kGateway))];
  write_in(range, static_cast<std::uint32_t>(random.next()), out);
}

}  // namespace weir::synth
