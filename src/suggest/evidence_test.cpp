// SPDX-License-Identifier: Apache-2.0
#include "suggest/evidence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/prefix.hpp"
#include "suggest/prefixes.hpp"

namespace weir::suggest {
namespace {

RuleEvidence once(std::int64_t time) {
  const RecordSums sums{.flows = 2, .packets = 3, .bytes = 4, .first = time, .last = time + 60};
  return {sums, /*conversations=*/1, /*answered=*/1, Certainty::likely};
}

/// Everything that a store holds, as text.
std::string contents(EvidenceStore& store) {
  if (store.is_overfull()) return "overfull";
  std::string text;
  for (const PortTraffic& port : store.take()) {
    text += std::to_string(port.key.subject) + ' ' + std::to_string(port.key.port) +
            (port.is_coarse ? " coarse" : "") + ':';
    for (const PeerTraffic& peer : port.peers) {
      const RuleEvidence& evidence = peer.evidence;
      text += ' ' + to_string(peer.peer) + '=' + std::to_string(evidence.flows) + '@' +
              std::to_string(evidence.first) + '-' + std::to_string(evidence.last);
    }
    text += '\n';
  }
  return text;
}

TEST(RuleEvidence, AddsUp) {
  RuleEvidence sum;
  sum.add({});
  EXPECT_EQ(sum.conversations, 0U);
  sum.add(once(500));
  sum.add({});
  RuleEvidence better = once(100);
  better.certainty = Certainty::certain;
  better.answered = 0;
  sum.add(better);
  EXPECT_EQ(sum.conversations, 2U);
  EXPECT_EQ(sum.answered, 1U);
  EXPECT_TRUE(sum.bytes == 8);
  EXPECT_EQ(sum.first, 100);
  EXPECT_EQ(sum.last, 560);
  EXPECT_EQ(sum.certainty, Certainty::certain);
}

TEST(EvidenceStore, KeepsWhatFitsExactly) {
  EvidenceStore store(1000);
  for (int i = 0; i < 3; ++i) {
    store.add({.port = 443}, Ip::from_ipv4(0x0a00'0001), once(i));
    store.add({.port = 80}, Ip::from_ipv4(0x0a00'0002), once(i));
  }
  EXPECT_EQ(store.tuples(), 2U);
  EXPECT_EQ(contents(store), "0 80: 10.0.0.2/32=6@0-62\n0 443: 10.0.0.1/32=6@0-62\n");
  EXPECT_EQ(store.tuples(), 0U);
}

TEST(EvidenceStore, KeepsPrefixesWhereThereIsNoRoom) {
  EvidenceStore store(100);
  for (std::uint32_t i = 0; i < 256; ++i) {
    store.add({.port = 443}, Ip::from_ipv4(0xcb00'7100 + i), once(1));
  }
  store.add({.port = 22}, Ip::from_ipv4(0x0a00'0001), once(1));
  EXPECT_LE(store.tuples(), 100U);
  const std::vector<PortTraffic> ports = store.take();
  ASSERT_EQ(ports.size(), 2U);
  EXPECT_FALSE(ports[0].is_coarse);
  EXPECT_TRUE(ports[1].is_coarse);
  // 64 is the first half of the bound that fits beside the other port; 256 addresses are 64 /30.
  EXPECT_EQ(ports[1].peers.size(), 64U);
  std::uint64_t flows = 0;
  for (const PeerTraffic& peer : ports[1].peers) {
    EXPECT_EQ(peer.peer.length, base::kIpv4Bits + 30);
    flows += peer.evidence.flows;
  }
  EXPECT_EQ(flows, 512U);
}

TEST(EvidenceStore, GivesUpWhereNothingHelps) {
  EvidenceStore store(100);
  for (std::uint16_t port = 1; port <= 101; ++port) {
    EXPECT_FALSE(store.is_overfull());
    store.add({.port = port}, Ip::from_ipv4(1), once(1));
  }
  EXPECT_TRUE(store.is_overfull());
  EvidenceStore other(100);
  other.merge(store);
  EXPECT_TRUE(other.is_overfull());
}

TEST(EvidenceStore, DoesNotDependOnOrderAndParts) {
  std::mt19937 random(8);
  for (int round = 0; round < 60; ++round) {
    struct Item {
      PortKey key;
      Ip peer;
    };
    std::vector<Item> items;
    const unsigned ports = 1 + random() % 8;
    const unsigned spread = 1U << (4 + random() % 20);
    for (unsigned i = 0; i < 3000; ++i) {
      const bool is_ipv6 = random() % 4 == 0;
      const auto number = static_cast<std::uint32_t>(random() % spread * (random() % 3));
      items.push_back({.key = {.subject = static_cast<std::uint32_t>(random() % 2),
                               .is_ipv6 = is_ipv6,
                               .port = static_cast<std::uint16_t>(random() % ports)},
                       .peer = is_ipv6 ? Ip{.high = 0x2001'0db8'0000'0000, .low = number}
                                       : Ip::from_ipv4(0x0a00'0000 + number)});
    }
    const std::uint64_t most = 100 + random() % 3000;
    EvidenceStore whole(most);
    for (const Item& item : items) whole.add(item.key, item.peer, once(7));
    const std::string expected = contents(whole);
    std::shuffle(items.begin(), items.end(), random);
    std::vector<EvidenceStore> parts(1 + random() % 4, EvidenceStore(most));
    EvidenceStore all(most);
    for (const Item& item : items) {
      EvidenceStore& part = parts[random() % parts.size()];
      part.add(item.key, item.peer, once(7));
      if (random() % 500 == 0) all.merge(part);
    }
    for (EvidenceStore& part : parts) all.merge(part);
    EXPECT_LE(all.tuples(), most);
    ASSERT_EQ(contents(all), expected) << round;
  }
}

}  // namespace
}  // namespace weir::suggest
