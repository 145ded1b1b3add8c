// SPDX-License-Identifier: Apache-2.0
#include "suggest/prefixes.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/prefix.hpp"

namespace weir::suggest {
namespace {

std::vector<Cidr> parsed(const std::vector<std::string>& texts) {
  std::vector<Cidr> prefixes;
  for (const std::string& text : texts) prefixes.push_back(*parse_cidr(text));
  return prefixes;
}

std::string listed_prefixes(const std::vector<Cidr>& prefixes) {
  std::string text;
  for (const Cidr& prefix : prefixes) text += (text.empty() ? "" : " ") + to_string(prefix);
  return text;
}

TEST(Prefixes, CoverExactlyWhatTheyHold) {
  const struct {
    const char* why;
    std::vector<std::string> prefixes;
    const char* cover;
  } cases[] = {
      {"nothing", {}, ""},
      {"two halves", {"10.0.0.1", "10.0.0.0"}, "10.0.0.0/31"},
      {"neighbours that are no halves", {"10.0.0.1", "10.0.0.2"}, "10.0.0.1/32 10.0.0.2/32"},
      {"one is missing", {"10.0.0.0", "10.0.0.1", "10.0.0.2"}, "10.0.0.0/31 10.0.0.2/32"},
      {"one inside another", {"10.0.0.0/8", "10.1.2.3"}, "10.0.0.0/8"},
      {"twice the same", {"10.0.0.1", "10.0.0.1"}, "10.0.0.1/32"},
      {"halves all the way up", {"0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"}, "0.0.0.0/0"},
      {"IPv4 stays IPv4", {"0.0.0.0/0", "::fffe:0:0/96"}, "::fffe:0:0/96 0.0.0.0/0"},
      {"IPv6", {"2001:db8::/33", "2001:db8:8000::/33"}, "2001:db8::/32"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(listed_prefixes(cover_exactly(parsed(c.prefixes))), c.cover) << c.why;
  }
}

TEST(Prefixes, MergeWithinALength) {
  const struct {
    const char* why;
    std::vector<std::string> prefixes;
    std::uint8_t length;
    const char* merged;
  } cases[] = {
      {"the longest that holds both", {"10.0.0.1", "10.0.0.6"}, 24, "10.0.0.0/29"},
      {"in different /24", {"10.0.0.1", "10.0.1.1"}, 24, "10.0.0.1/32 10.0.1.1/32"},
      {"a gap between runs",
       {"10.0.0.1", "10.0.0.2", "10.0.9.1", "10.0.9.3"},
       24,
       "10.0.0.0/30 10.0.9.0/30"},
      {"a prefix and an address", {"10.0.0.0/26", "10.0.0.200"}, 24, "10.0.0.0/24"},
      {"exactly at the length", {"10.0.0.0/25", "10.0.0.255"}, 24, "10.0.0.0/24"},
  };
  for (const auto& c : cases) {
    const std::vector<Cidr> prefixes = parsed(c.prefixes);
    const auto length = static_cast<std::uint8_t>(96 + c.length);
    const std::vector<Cidr> merged = merge_within(prefixes, length);
    EXPECT_EQ(listed_prefixes(merged), c.merged) << c.why;
    EXPECT_EQ(merged_size(prefixes, length), merged.size()) << c.why;
  }
}

TEST(Prefixes, CoverHoldsTheSameAddressesAndIsSmallest) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::set<std::uint32_t> members;
    std::vector<Cidr> prefixes;
    for (auto i = random() % 40; i > 0; --i) {
      const auto address = static_cast<std::uint32_t>(0x0a00'0000 + random() % 64);
      members.insert(address);
      prefixes.push_back({.network = Ip::from_ipv4(address), .length = 128});
    }
    const std::vector<Cidr> cover = cover_exactly(prefixes);
    for (std::uint32_t address = 0x0a00'0000; address < 0x0a00'0040; ++address) {
      const auto holding = std::count_if(cover.begin(), cover.end(), [&](const Cidr& prefix) {
        return prefix.contains(Ip::from_ipv4(address));
      });
      EXPECT_EQ(holding, members.contains(address) ? 1 : 0) << round;
    }
    // Smallest: no two halves of one prefix are left.
    for (std::size_t i = 1; i < cover.size(); ++i) {
      EXPECT_FALSE(cover[i - 1].length == cover[i].length &&
                   base::common_bits(cover[i - 1].network, cover[i].network) + 1 ==
                       cover[i].length);
    }
  }
}

}  // namespace
}  // namespace weir::suggest
