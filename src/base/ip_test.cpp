// SPDX-License-Identifier: Apache-2.0
#include "weir/ip.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>

namespace weir::base {
namespace {

TEST(ParseIp, ReadsEverySpelling) {
  const struct {
    const char* why;
    const char* text;
    const char* canonical;
  } cases[] = {
      {"IPv4", "172.31.16.139", "172.31.16.139"},
      {"all zero", "0.0.0.0", "0.0.0.0"},
      {"leading zeros are decimal", "010.001.000.009", "10.1.0.9"},
      {"full IPv6", "2001:db8:1234:a100:8d6e:3477:df66:f105",
       "2001:db8:1234:a100:8d6e:3477:df66:f105"},
      {"leading zeros in groups", "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
      {"upper case", "2001:DB8::A", "2001:db8::a"},
      {"unspecified", "::", "::"},
      {"gap in front", "::1", "::1"},
      {"gap at the end", "fe80::", "fe80::"},
      {"the first longest run is compressed", "1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"one zero group stays", "1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},
      {"embedded IPv4", "64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"IPv4-mapped is IPv4", "::ffff:10.0.0.1", "10.0.0.1"},
  };
  for (const auto& c : cases) {
    const auto address = parse_ip(c.text);
    ASSERT_TRUE(address) << c.why;
    EXPECT_EQ(to_string(*address), c.canonical) << c.why;
  }
}

TEST(ParseIp, RefusesWhatIsNoAddress) {
  const char* const texts[] = {"",
                               "1",
                               "1.2.3",
                               "1.2.3.4.5",
                               "256.1.1.1",
                               "1.2.3.4 ",
                               "1.2.3.0004",
                               "1..2.3",
                               ":",
                               ":::",
                               "1:2:3",
                               "1::2::3",
                               "12345::",
                               "1:2:3:4:5:6:7:8:9",
                               "::1.2.3",
                               "1:2:3:4:5:6:7:1.2.3.4",
                               "g::",
                               "1:2:3:4:5:6:7:",
                               "1:2:3:4::5:6:7:8",
                               "fe80::1%eth0"};
  for (const char* text : texts) EXPECT_FALSE(parse_ip(text)) << text;
}

TEST(ParseIp, AgreesWithTheSystemOnRandomAddresses) {
  std::mt19937_64 random(20261122);
  for (int i = 0; i < 20000; ++i) {
    Ip address{.high = random(), .low = random()};
    // Zero groups are what the canonical text is about.
    for (int group = 0; group < 4; ++group) {
      if (random() % 2 == 0) address.high &= ~(std::uint64_t{0xffff} << (16 * group));
      if (random() % 2 == 0) address.low &= ~(std::uint64_t{0xffff} << (16 * group));
    }
    if (address.is_ipv4()) continue;
    std::array<unsigned char, 16> bytes{};
    for (std::size_t b = 0; b < 8; ++b) {
      bytes[b] = static_cast<unsigned char>(address.high >> (56 - 8 * b));
      bytes[b + 8] = static_cast<unsigned char>(address.low >> (56 - 8 * b));
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    EXPECT_EQ(parse_ip(text.data()), address) << text.data();
    // The system writes some addresses under ::/96 as dotted quads.
    if (address.high != 0) {
      EXPECT_EQ(to_string(address), text.data());
    }
  }
}

TEST(WriteIp, NeedsNoMoreRoomThanItSays) {
  const auto written = [](const Ip& address) {
    const std::unique_ptr<char[]> out(new char[kMaxIpText]);
    const std::size_t length = write_ip(address, out.get());
    return std::string(out.get(), length);
  };
  for (unsigned value = 0; value < 256; ++value) {
    const std::string text = std::to_string(value);
    EXPECT_EQ(written(Ip::from_ipv4(value * 0x01010101U)),
              text + '.' + text + '.' + text + '.' + text);
    EXPECT_EQ(written(Ip::from_ipv4(value << 8)), "0.0." + text + ".0");
  }
  const char* const longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
  EXPECT_EQ(written(*parse_ip(longest)), longest);
}

TEST(WriteIp, FindsTheRunOfZerosInEveryPattern) {
  for (unsigned zeros = 1; zeros < 256; ++zeros) {
    std::array<unsigned char, 16> bytes{};
    for (unsigned group = 0; group < 8; ++group) {
      const bool zero = (zeros >> group & 1) != 0;
      bytes[2 * group + 1] = zero ? 0 : static_cast<unsigned char>(0x10 + group);
    }
    bytes[0] = 0x20;  // below ::/96 the system writes dotted quads
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    EXPECT_EQ(to_string(*parse_ip(text.data())), text.data());
  }
}

TEST(ParseCidr, KnowsBothFamilies) {
  const auto ten = parse_cidr("10.1.2.3/8");
  ASSERT_TRUE(ten);
  EXPECT_EQ(to_string(*ten), "10.0.0.0/8");
  EXPECT_TRUE(ten->contains(*parse_ip("10.255.0.1")));
  EXPECT_FALSE(ten->contains(*parse_ip("11.0.0.1")));
  EXPECT_FALSE(ten->contains(*parse_ip("2001:db8::1")));

  const auto all_ipv4 = parse_cidr("0.0.0.0/0");
  ASSERT_TRUE(all_ipv4);
  EXPECT_TRUE(all_ipv4->contains(*parse_ip("255.255.255.255")));
  EXPECT_FALSE(all_ipv4->contains(*parse_ip("::1"))) << "an IPv4 prefix holds IPv4 only";

  const auto documentation = parse_cidr("2001:db8::/32");
  ASSERT_TRUE(documentation);
  EXPECT_TRUE(documentation->contains(*parse_ip("2001:db8:ffff::1")));
  EXPECT_FALSE(documentation->contains(*parse_ip("2001:db9::1")));
  EXPECT_EQ(to_string(*documentation), "2001:db8::/32");

  EXPECT_EQ(to_string(*parse_cidr("192.0.2.1")), "192.0.2.1/32");
  for (const char* text :
       {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8x", "/8", "10.0.0.0/-1"}) {
    EXPECT_FALSE(parse_cidr(text)) << text;
  }
}

}  // namespace
}  // namespace weir::base
