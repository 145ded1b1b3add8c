// SPDX-License-Identifier: Apache-2.0
#include "base/address_blocks.hpp"

#include <gtest/gtest.h>

namespace weir::base {
namespace {

struct ScopeCase {
  const char* first;
  const char* last;
  AddressScope scope;
  const char* why;
};

constexpr AddressScope kInside = AddressScope::private_use;
constexpr AddressScope kOutside = AddressScope::public_use;
constexpr AddressScope kNobody = AddressScope::neither;

constexpr ScopeCase kScopes[] = {
    {"10.0.0.0", "10.255.255.255", kInside, "RFC 1918"},
    {"172.16.0.0", "172.31.255.255", kInside, "RFC 1918"},
    {"192.168.0.0", "192.168.255.255", kInside, "RFC 1918"},
    {"100.64.0.0", "100.127.255.255", kInside, "shared, RFC 6598"},
    {"198.18.0.0", "198.19.255.255", kInside, "benchmarking, RFC 2544"},
    {"169.254.0.0", "169.254.255.255", kInside, "link-local"},
    {"127.0.0.0", "127.255.255.255", kInside, "loopback"},
    {"fc00::", "fdff:ffff::", kInside, "unique local"},
    {"fe80::", "febf:ffff::", kInside, "link-local"},
    {"::1", "::1", kInside, "loopback"},
    {"64:ff9b::10.0.0.0", "64:ff9b::10.255.255.255", kInside, "NAT64 of RFC 1918"},
    {"64:ff9b::100.64.0.0", "64:ff9b::100.127.255.255", kInside, "NAT64 of shared"},
    {"2002:a00::", "2002:aff:ffff:ffff:ffff:ffff:ffff:ffff", kInside, "6to4 of 10.0.0.0/8"},
    {"9.255.255.255", "9.255.255.255", kOutside, "before RFC 1918"},
    {"11.0.0.0", "11.0.0.0", kOutside, "behind it"},
    {"100.63.255.255", "100.63.255.255", kOutside, "before shared"},
    {"100.128.0.0", "100.128.0.0", kOutside, "behind it"},
    {"198.17.255.255", "198.17.255.255", kOutside, "before benchmarking"},
    {"198.20.0.0", "198.20.0.0", kOutside, "behind it"},
    {"192.0.2.0", "192.0.2.255", kOutside, "documentation"},
    {"198.51.100.0", "198.51.100.255", kOutside, "documentation"},
    {"203.0.113.0", "203.0.113.255", kOutside, "documentation"},
    {"2001:db8::", "2001:db8:ffff::", kOutside, "documentation"},
    {"2600:1f18::1", "2600:1f18::2", kOutside, "unicast"},
    {"64:ff9b::8.8.8.8", "64:ff9b::9.9.9.9", kOutside, "NAT64 of public addresses"},
    {"2002:808:808::1", "2002:909:909::", kOutside, "6to4 of public addresses"},
    {"224.0.0.0", "239.255.255.255", kNobody, "multicast"},
    {"255.255.255.255", "255.255.255.255", kNobody, "broadcast"},
    {"0.0.0.0", "0.0.0.0", kNobody, "unspecified"},
    {"::", "::", kNobody, "unspecified"},
    {"ff02::1", "ff0e::1", kNobody, "multicast"},
    {"64:ff9b::224.0.0.1", "64:ff9b::239.0.0.1", kNobody, "NAT64 of multicast"},
};

TEST(AddressBlocks, ScopeAtTheEdgesOfEveryBlock) {
  for (const ScopeCase& c : kScopes) {
    EXPECT_EQ(scope_of(*parse_ip(c.first)), c.scope) << c.first << ": " << c.why;
    EXPECT_EQ(scope_of(*parse_ip(c.last)), c.scope) << c.last << ": " << c.why;
  }
}

TEST(AddressBlocks, RangesSayWhatScopesSay) {
  constexpr AddressScope kAll[] = {kInside, kOutside, kNobody};
  for (const AddressScope scope : kAll) {
    const std::vector<ValueRange<Ip>> ranges = ranges_of(scope);
    const RangeSet<Ip> set(ranges);
    for (const ScopeCase& c : kScopes) {
      EXPECT_EQ(set.contains(*parse_ip(c.first)), c.scope == scope) << c.first;
      EXPECT_EQ(set.contains(*parse_ip(c.last)), c.scope == scope) << c.last;
    }
    for (const ValueRange<Ip>& range : ranges) {
      EXPECT_LE(range.low, range.high);
      EXPECT_EQ(range.low.is_ipv4(), range.high.is_ipv4()) << to_string(range.low);
    }
  }
}

TEST(AddressBlocks, OneIsOwnBlocksArePrivate) {
  const Cidr own[] = {*parse_cidr("203.0.113.0/25"), *parse_cidr("2600:1f18::/56")};
  const RangeSet<Ip> inside(ranges_of(kInside, own));
  const RangeSet<Ip> outside(ranges_of(kOutside, own));
  const struct {
    const char* address;
    bool is_own;
  } cases[] = {{"203.0.113.0", true},         {"203.0.113.127", true}, {"203.0.113.128", false},
               {"203.0.112.255", false},      {"2600:1f18::1", true},  {"2600:1f18:0:100::", false},
               {"64:ff9b::203.0.113.1", true}};
  for (const auto& c : cases) {
    EXPECT_EQ(inside.contains(*parse_ip(c.address)), c.is_own) << c.address;
    EXPECT_EQ(outside.contains(*parse_ip(c.address)), !c.is_own) << c.address;
  }
}

}  // namespace
}  // namespace weir::base
