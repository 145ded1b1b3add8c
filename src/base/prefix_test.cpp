// SPDX-License-Identifier: Apache-2.0
#include "base/prefix.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "base/address_blocks.hpp"

namespace weir::base {
namespace {

Cidr cidr(const char* text) { return parse_cidr(text).value(); }
Ip ip(const char* text) { return parse_ip(text).value(); }

TEST(Prefix, HasAFamilyAFirstAndALastAddress) {
  struct Case {
    const char* why;
    const char* prefix;
    bool ipv4;
    const char* last;
    double addresses;
  };
  const Case cases[] = {
      {"IPv4", "10.0.0.0/8", true, "10.255.255.255", std::ldexp(1.0, 24)},
      {"every IPv4 address", "0.0.0.0/0", true, "255.255.255.255", std::ldexp(1.0, 32)},
      {"one IPv4 address", "192.0.2.1/32", true, "192.0.2.1", 1},
      {"the length ends in the upper half", "2001:db8::/32", false,
       "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", std::ldexp(1.0, 96)},
      {"the halves", "2001:db8::/64", false, "2001:db8::ffff:ffff:ffff:ffff", std::ldexp(1.0, 64)},
      {"every IPv6 address", "::/0", false, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
       std::ldexp(1.0, 128)},
      {"holds all IPv4 addresses, and is IPv6", "::/64", false, "::ffff:ffff:ffff:ffff",
       std::ldexp(1.0, 64)},
      {"one IPv6 address", "::1/128", false, "::1", 1},
  };
  for (const Case& c : cases) {
    const Cidr prefix = cidr(c.prefix);
    EXPECT_EQ(is_ipv4(prefix), c.ipv4) << c.why;
    EXPECT_EQ(last_of(prefix), ip(c.last)) << c.why;
    EXPECT_EQ(prefix_of(last_of(prefix), prefix.length), prefix) << c.why;
    EXPECT_EQ(address_count(prefix), c.addresses) << c.why;
  }
}

TEST(Prefix, HoldsAddressesOfItsFamilyOnly) {
  struct Case {
    const char* why;
    const char* outer;
    const char* inner;
    bool holds;
  };
  const Case cases[] = {
      {"itself", "10.0.0.0/8", "10.0.0.0/8", true},
      {"an address in it", "10.0.0.0/8", "10.1.2.3", true},
      {"its neighbour", "10.0.0.0/8", "11.0.0.0", false},
      {"a wider one", "10.0.0.0/16", "10.0.0.0/8", false},
      {"every IPv6 address, which no IPv4 address is", "::/0", "10.0.0.0/8", false},
      {"every IPv4 address", "0.0.0.0/0", "255.255.255.255", true},
      {"the other way round", "0.0.0.0/0", "::1", false},
      {"IPv6", "2001:db8::/32", "2001:db8:1::/48", true},
  };
  for (const Case& c : cases) {
    const Cidr inner = cidr(c.inner);
    EXPECT_EQ(holds_all(cidr(c.outer), inner), c.holds) << c.why;
    if (inner.length != kAddressBits) continue;
    const Cidr outer[] = {kLinkLocalIpv4, cidr(c.outer)};
    EXPECT_EQ(holds(outer[1], inner.network), c.holds) << c.why;
    EXPECT_EQ(any_holds(outer, inner.network), c.holds) << c.why;
  }
}

TEST(Prefix, OfEveryAddressIsOneOfTwo) {
  EXPECT_TRUE(is_every_address(kEveryIpv4));
  EXPECT_TRUE(is_every_address(kEveryIpv6));
  for (const char* other : {"0.0.0.0/1", "::/1", "::/96", "10.0.0.0/8"}) {
    EXPECT_FALSE(is_every_address(cidr(other))) << other;
  }
}

TEST(Prefix, CommonBitsAreThoseOfTheLongestSharedPrefix) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 2'000; ++i) {
    const Ip a{random(), random()};
    Ip b = a;
    const unsigned bit = static_cast<unsigned>(random() % 129);  // the first that differs
    if (bit < 64) b.high ^= (std::uint64_t{1} << 63 | random() >> 1) >> bit;
    if (bit < 64) b.low = random();
    if (bit >= 64 && bit < 128) b.low ^= (std::uint64_t{1} << 63 | random() >> 1) >> (bit - 64);
    ASSERT_EQ(common_bits(a, b), bit) << to_string(a) << ' ' << to_string(b);
    ASSERT_EQ(first_of(a, common_bits(a, b)), first_of(b, common_bits(a, b)));
  }
}

TEST(AddressBlocks, AreWhatTheyAreCalled) {
  const std::pair<Cidr, const char*> blocks[] = {
      {kEveryIpv4, "0.0.0.0/0"},      {kEveryIpv6, "::/0"},
      {kPrivate8, "10.0.0.0/8"},      {kPrivate12, "172.16.0.0/12"},
      {kPrivate16, "192.168.0.0/16"}, {kSharedIpv4, "100.64.0.0/10"},
      {kUniqueLocal, "fc00::/7"},     {kLinkLocalIpv4, "169.254.0.0/16"},
      {kLinkLocalIpv6, "fe80::/10"},
  };
  for (const auto& [block, text] : blocks) EXPECT_EQ(to_string(block), text);
}

}  // namespace
}  // namespace weir::base
