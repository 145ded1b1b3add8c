// SPDX-License-Identifier: Apache-2.0
#include "base/distinct_prefixes.hpp"

#include <gtest/gtest.h>

namespace weir::base {
namespace {

struct Count {
  int value = 0;
  void add(const Count& other) { value += other.value; }
};

TEST(DistinctPrefixes, KeepsTheLongestPrefixesThatAreFewEnough) {
  DistinctPrefixes<Count> peers;
  for (const char* address : {"10.0.0.1", "10.0.0.2", "10.0.9.1"}) {
    peers.add(*parse_ip(address), {.value = 0}, 3);
  }
  EXPECT_TRUE(peers.exact());
  peers.add(*parse_ip("10.0.0.3"), {.value = 0}, 3);
  EXPECT_EQ(peers.length(), kAddressBits - 1) << "one bit shorter is enough for three";
  EXPECT_EQ(peers.sorted(),
            (std::vector<Ip>{*parse_ip("10.0.0.0"), *parse_ip("10.0.0.2"), *parse_ip("10.0.9.0")}));
}

TEST(DistinctPrefixes, AddsUpTheValuesOfWhatAPrefixHolds) {
  DistinctPrefixes<Count> peers;
  for (const char* address : {"10.0.0.1", "10.0.0.1", "10.0.0.0", "192.0.2.1"}) {
    peers.add(*parse_ip(address), {.value = 1}, 2);
  }
  DistinctPrefixes<Count> others;
  others.add(*parse_ip("10.0.0.7"), {.value = 5}, 2);
  peers.merge(others, 2);
  ASSERT_EQ(peers.size(), 2U);
  int sum = 0;
  for (const auto& [prefix, count] : peers.table()) sum += count.value;
  EXPECT_EQ(sum, 9);
}

}  // namespace
}  // namespace weir::base
