// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "rules/distinct.hpp"

namespace weir::rules {
namespace {

PeerPrefixes peers_of(const std::vector<std::string>& addresses, std::uint32_t most) {
  PeerPrefixes peers(most);
  for (const std::string& address : addresses) peers.add(*parse_ip(address));
  return peers;
}

std::vector<std::string> texts(const std::vector<Cidr>& prefixes) {
  std::vector<std::string> texts;
  for (const Cidr& prefix : prefixes) texts.push_back(to_string(prefix));
  return texts;
}

TEST(PeerPrefixes, ShowsWhatCoversThePeers) {
  struct Case {
    std::vector<std::string> addresses;
    std::vector<std::string> shown;
    const char* why;
  };
  const Case cases[] = {
      {{}, {}, "nobody"},
      {{"10.0.0.7", "10.0.0.7"}, {"10.0.0.7/32"}, "few addresses stand for themselves"},
      {{"10.0.1.1", "10.0.1.9", "10.0.2.4", "10.0.2.5", "10.0.2.200"},
       {"10.0.1.0/24", "10.0.2.0/24"},
       "more are shown by their networks, which are not joined while they are few"},
      {{"10.0.1.1", "10.0.2.1", "10.0.64.1", "10.0.65.1", "192.168.7.7", "198.51.100.1"},
       {"10.0.0.0/22", "10.0.64.0/23", "192.168.7.0/24", "198.51.100.0/24"},
       "of too many networks the nearest are joined"},
      {{"10.0.0.1", "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4"},
       {"10.0.0.0/24", "2001:db8::/64"},
       "the families are never joined"},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(texts(shown_peers(peers_of(row.addresses, 100))), row.shown) << row.why;
  }
}

TEST(PeerPrefixes, KeepsCountingAPartWhenThereAreTooMany) {
  const PeerPrefixes peers = peers_of({"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.9.1"}, 3);
  EXPECT_FALSE(peers.exact());
  EXPECT_EQ(peers.count(), 4U) << "more than three: at least four";
  EXPECT_EQ(texts(peers.cover(4, 128, 128)),
            (std::vector<std::string>{"10.0.0.0/31", "10.0.0.2/31", "10.0.9.0/31"}))
      << "one bit shorter is enough for three";
}

TEST(PeerPrefixes, DoesNotDependOnOrderOrMerging) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Ip> addresses;
    const std::size_t count = random() % 60;
    for (std::size_t i = 0; i < count; ++i) {
      const auto spread = static_cast<std::uint32_t>(random() % 3 == 0 ? random() : random() % 64);
      addresses.push_back(random() % 5 == 0 ? Ip{.high = 0x2001'0db8'0000'0000, .low = spread}
                                            : Ip::from_ipv4(0x0a00'0000U + spread));
    }
    PeerPrefixes straight(16);
    for (const Ip& address : addresses) straight.add(address);
    std::shuffle(addresses.begin(), addresses.end(), random);
    PeerPrefixes left(16);
    PeerPrefixes right(16);
    for (const Ip& address : addresses) (random() % 2 == 0 ? left : right).add(address);
    left.merge(right);
    EXPECT_EQ(left.count(), straight.count());
    EXPECT_EQ(left.exact(), straight.exact());
    EXPECT_EQ(left.cover(16, 128, 128), straight.cover(16, 128, 128)) << "round " << round;
    for (const Ip& address : addresses) {
      const auto cover = straight.cover(2, 128, 128);
      EXPECT_TRUE(std::any_of(cover.begin(), cover.end(), [&](const Cidr& prefix) {
        return prefix.contains(address);
      })) << to_string(address);
    }
  }
}

TEST(PortSet, ClosesTheSmallestGapsFirst) {
  PortSet ports;
  for (const int port : {443, 80, 8080, 8081, 8083, 22, 443}) {
    ports.add(static_cast<std::uint16_t>(port));
  }
  EXPECT_EQ(ports.count(), 6U);
  const std::vector<PortRange> wanted = {{22, 22}, {80, 80}, {443, 443}, {8080, 8083}};
  EXPECT_EQ(ports.ranges(4), wanted);
  EXPECT_EQ(covered_ports(wanted), 7U) << "8082 is covered, but was not used";
  EXPECT_EQ(ports.ranges(1), (std::vector<PortRange>{{22, 8083}}));
}

TEST(PortSet, CountsEveryPortThatThereIs) {
  PortSet some;
  PortSet others;
  for (std::uint32_t port = 0; port < 65536; ++port) {
    (port % 3 == 0 ? some : others).add(static_cast<std::uint16_t>(port));
  }
  PortSet few;
  few.add(7);
  few.merge(some);
  EXPECT_EQ(few.count(), some.count() + 1);
  few.merge(others);
  EXPECT_EQ(few.count(), 65536U);
  EXPECT_EQ(few.ranges(4), (std::vector<PortRange>{{0, 65535}}));
  EXPECT_TRUE(few.contains(65535));
}

}  // namespace
}  // namespace weir::rules
