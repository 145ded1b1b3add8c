// SPDX-License-Identifier: Apache-2.0
#include "policy/address_classes.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/prefix.hpp"

namespace weir::policy {
namespace {

using Sets = std::vector<AddressClasses::SetId>;

Sets sets_of(const AddressClasses& classes, const char* address) {
  const auto sets = classes.sets_of(parse_ip(address).value());
  return {sets.begin(), sets.end()};
}

TEST(AddressClasses, KnowsTheSetsOfAnAddress) {
  const std::vector<std::vector<Cidr>> sets = {
      {*parse_cidr("10.0.0.0/8"), *parse_cidr("10.1.0.0/16"), *parse_cidr("2001:db8::/32")},
      {*parse_cidr("10.1.2.3/32"), *parse_cidr("255.255.255.255/32")},
      {},
      {*parse_cidr("0.0.0.0/0")},
      {*parse_cidr("::/0")},
      {*parse_cidr("0.0.0.0/32"), *parse_cidr("::/128"),
       *parse_cidr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")},
  };
  const AddressClasses classes(sets);
  EXPECT_EQ(sets_of(classes, "10.9.9.9"), (Sets{0, 3}));
  EXPECT_EQ(sets_of(classes, "10.1.2.2"), (Sets{0, 3}));
  EXPECT_EQ(sets_of(classes, "10.1.2.3"), (Sets{0, 1, 3}));
  EXPECT_EQ(sets_of(classes, "10.1.2.4"), (Sets{0, 3}));
  EXPECT_EQ(sets_of(classes, "9.255.255.255"), (Sets{3}));
  EXPECT_EQ(sets_of(classes, "11.0.0.0"), (Sets{3}));
  EXPECT_EQ(sets_of(classes, "0.0.0.0"), (Sets{3, 5}));
  EXPECT_EQ(sets_of(classes, "0.0.0.1"), (Sets{3}));
  EXPECT_EQ(sets_of(classes, "255.255.255.255"), (Sets{1, 3}));
  EXPECT_EQ(sets_of(classes, "2001:db8:1::"), (Sets{0, 4}));
  EXPECT_EQ(sets_of(classes, "2001:db9::"), (Sets{4}));
  EXPECT_EQ(sets_of(classes, "::"), (Sets{4, 5}));
  EXPECT_EQ(sets_of(classes, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), (Sets{4, 5}));
  EXPECT_EQ(sets_of(classes, "::fffe:ffff:ffff"), (Sets{4})) << "beside the IPv4 addresses";
  EXPECT_EQ(sets_of(AddressClasses(), "10.0.0.1"), Sets{});
  EXPECT_EQ(sets_of(AddressClasses(std::vector<std::vector<Cidr>>{}), "::1"), Sets{});
}

TEST(AddressClasses, TakesListsOfThousands) {
  std::mt19937_64 random(20261125);
  std::vector<std::vector<Cidr>> sets(3);
  for (int i = 0; i < 10'000; ++i) {
    const auto host = static_cast<std::uint32_t>(random());
    sets[0].push_back(base::prefix_of(Ip::from_ipv4(host), 128));
    sets[1].push_back(
        base::prefix_of(Ip{random(), random()}, static_cast<std::uint8_t>(random() % 129)));
    sets[2].push_back(
        base::prefix_of(Ip::from_ipv4(host), static_cast<std::uint8_t>(96 + random() % 33)));
  }
  // Short prefixes would hold everything.
  for (Cidr& prefix : sets[1])
    prefix = base::prefix_of(prefix.network, std::max<std::uint8_t>(prefix.length, 12));
  for (Cidr& prefix : sets[2]) {
    prefix = base::prefix_of(prefix.network, std::max<std::uint8_t>(prefix.length, 96 + 14));
  }
  const AddressClasses classes(sets);
  for (int i = 0; i < 400; ++i) {
    const std::vector<Cidr>& near = sets[random() % 3];
    const Cidr& prefix = near[random() % near.size()];
    for (const Ip& address : {prefix.network, base::last_of(prefix)}) {
      Sets expected;
      for (AddressClasses::SetId set = 0; set < sets.size(); ++set) {
        if (base::any_holds(sets[set], address)) expected.push_back(set);
      }
      const auto got = classes.sets_of(address);
      EXPECT_EQ(Sets(got.begin(), got.end()), expected) << to_string(address);
    }
  }
}

}  // namespace
}  // namespace weir::policy
