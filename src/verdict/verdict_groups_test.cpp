// SPDX-License-Identifier: Apache-2.0
// verdict: sums of groups, whoever gathered them.
#include "verdict/verdict_groups.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::verdict {
namespace {

struct Sample {
  Verdict verdict;
  Conversation conversation;
  FlowRecord record;
};

/// Records of `peers` peers at `ports` ports of `interfaces` interfaces, one of each.
std::vector<Sample> make_samples(std::uint32_t interfaces, std::uint16_t ports,
                                 std::uint32_t peers) {
  std::vector<Sample> samples;
  for (std::uint32_t interface = 0; interface < interfaces; ++interface) {
    for (std::uint16_t port = 0; port < ports; ++port) {
      for (std::uint32_t peer = 0; peer < peers; ++peer) {
        Sample& sample = samples.emplace_back();
        sample.verdict.cause = port % 2 == 0 ? Cause::network_acl : Cause::unknown;
        sample.conversation.interface = interface;
        sample.conversation.server_port = port;
        sample.conversation.protocol = 6;
        sample.record.side = Side::inbound;
        sample.record.source = sample.record.packet_source = Ip::from_ipv4(peer);
        sample.record.packets = 1;
        sample.record.bytes = peer + 1;
        sample.record.has_packets = sample.record.has_bytes = true;
        sample.record.start = 1000 + peer;
        sample.record.end = 2000 - peer;
      }
    }
  }
  return samples;
}

std::string text_of(const GroupSums& groups, const VerdictPool& pool) {
  std::string text = std::to_string(static_cast<int>(groups.level()));
  for (const VerdictGroup& row : groups.rows(pool)) {
    text += ' ';
    text += cause_name(row.verdict->cause);
    text += '/' + std::to_string(row.interface) + '/' + to_string(row.peer) + '/' +
            std::to_string(row.port) + '=' + std::to_string(row.totals.flows) + ',' +
            std::to_string(static_cast<std::uint64_t>(row.totals.bytes)) + ',' +
            std::to_string(row.totals.first) + ',' + std::to_string(row.totals.last);
  }
  return text;
}

TEST(GroupSums, DoNotDependOnWhoGathered) {
  const std::vector<Sample> samples = make_samples(3, 4, 5);
  const struct {
    std::size_t most;
    VerdictGroupLevel level;
  } cases[] = {{60, VerdictGroupLevel::all},         {59, VerdictGroupLevel::no_peers},
               {12, VerdictGroupLevel::no_peers},    {11, VerdictGroupLevel::no_ports},
               {6, VerdictGroupLevel::no_ports},     {5, VerdictGroupLevel::no_interfaces},
               {2, VerdictGroupLevel::no_interfaces}};
  for (const auto& c : cases) {
    std::string expected;
    for (const std::size_t parts : {1U, 2U, 7U}) {
      VerdictPool pool;
      std::vector<GroupSums> gathered(parts, GroupSums(c.most));
      for (std::size_t i = 0; i < samples.size(); ++i) {
        // Backwards for some, so that verdicts get other numbers.
        const Sample& sample = samples[parts == 2 ? samples.size() - 1 - i : i];
        gathered[i % parts].add(pool.number_of(sample.verdict), sample.conversation, sample.record);
      }
      GroupSums all(c.most);
      for (const GroupSums& some : gathered) all.absorb(some);
      EXPECT_EQ(all.level(), c.level) << c.most;
      if (expected.empty()) expected = text_of(all, pool);
      EXPECT_EQ(text_of(all, pool), expected) << c.most << ' ' << parts;
    }
  }
}

TEST(GroupSums, SumUp) {
  VerdictPool pool;
  GroupSums groups;
  Sample sample = make_samples(1, 1, 1).front();
  for (int i = 0; i < 3; ++i) {
    sample.record.start = 1000 - i;
    sample.record.end = 2000 + i;
    groups.add(pool.number_of(sample.verdict), sample.conversation, sample.record);
  }
  EXPECT_EQ(text_of(groups, pool), "0 network-acl/0/0.0.0.0/0=3,3,998,2002");
}

TEST(VerdictPool, NumbersEveryDifferentVerdictOnce) {
  VerdictPool pool;
  VerdictNumbers one(pool);
  VerdictNumbers other(pool);
  Verdict verdict;
  EXPECT_EQ(one.number_of(verdict), 1U);
  EXPECT_EQ(other.number_of(verdict), 1U);
  verdict.because.add(Fact::unanswered);
  EXPECT_EQ(other.number_of(verdict), 2U);
  EXPECT_EQ(one.number_of(verdict), 2U);
  verdict.acl_number = 100;
  EXPECT_EQ(one.number_of(verdict), 3U);
  EXPECT_EQ(pool.at(2).because, Facts{Fact::unanswered});
  EXPECT_EQ(pool.size(), 3U);
}

}  // namespace
}  // namespace weir::verdict
