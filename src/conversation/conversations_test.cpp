// SPDX-License-Identifier: Apache-2.0
// What comes of a log does not depend on threads, memory or the order of the input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <thread>

#include "conversation/conversation_testing.hpp"

namespace weir::conversation {
namespace {

using testing::ElementsAre;

constexpr const char* kHeader =
    "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
    "tcp-flags pkt-srcaddr pkt-dstaddr flow-direction log-status";

/// Records that meet often: few addresses, few ports, windows of a minute.
std::vector<std::string> random_records(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return random() % limit; };
  std::vector<std::string> records;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string interface = fmt::format("eni-{}", below(5));
    const std::uint64_t start = 60 * below(40) + below(3);
    if (below(50) == 0) {
      records.push_back(fmt::format("{} - - - - - - - {} {} - - - - - {}", interface, start,
                                    start + 59, below(2) == 0 ? "NODATA" : "SKIPDATA"));
      continue;
    }
    const bool is_ipv6 = below(6) == 0;
    const auto address = [&](std::uint64_t host) {
      return is_ipv6 ? fmt::format("2001:db8::{}", host) : fmt::format("10.0.0.{}", host);
    };
    std::string source = address(below(3) + 1);
    std::string destination = address(below(3) + 4);
    std::uint64_t source_port = 40'000 + below(4);
    std::uint64_t destination_port = 443;
    if (below(2) == 0) {
      std::swap(source, destination);
      std::swap(source_port, destination_port);
    }
    const int flags[] = {0, 1, 2, 3, 4, 18, 19};
    const bool is_translated = below(10) == 0;
    records.push_back(fmt::format(
        "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} OK", interface, source, destination,
        source_port, destination_port, below(4) == 0 ? 17 : 6, below(3) + 1,
        below(20) == 0 ? ~std::uint64_t{0} >> 8 : 100 * below(3), start,
        below(30) == 0 ? start + (std::uint64_t{1} << 33) : start + below(60),
        below(5) == 0 ? "REJECT" : "ACCEPT", below(5) == 0 ? "-" : std::to_string(flags[below(7)]),
        is_translated ? address(9) : source, destination,
        below(3) == 0 ? "-" : (below(2) == 0 ? "ingress" : "egress")));
  }
  return records;
}

/// Batches of a log, and how they were spread.
struct Spread {
  std::size_t parts = 1;
  std::uint64_t memory_bytes = ~std::uint64_t{0};
  std::size_t visitors = 1;
};

/// Every conversation with its records' places.
std::vector<std::string> told(const std::vector<std::unique_ptr<batch::TestBatch>>& batches,
                              const Spread& spread) {
  ConversationOptions options;
  options.memory_bytes = spread.memory_bytes;
  options.dedup = true;
  Conversations conversations(options);
  std::vector<std::unique_ptr<Conversations::Part>> parts;
  for (std::size_t i = 0; i < spread.parts; ++i) parts.push_back(conversations.part());
  std::vector<std::uint64_t> blocks(batches.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < spread.parts; ++i) {
    threads.emplace_back([&, i] {
      for (std::size_t batch = i; batch < batches.size(); batch += spread.parts) {
        Selection selection;
        selection.select_all(batches[batch]->batch.rows);
        parts[i]->add(batches[batch]->batch, selection);
        blocks[batch] = parts[i]->end_block();
      }
      parts[i]->finish();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::uint64_t block : blocks) conversations.in_order(block);
  EXPECT_TRUE(conversations.finish());
  std::vector<std::string> lines;
  for (const KeptConversation& each : visit_all(conversations, spread.visitors)) {
    lines.push_back(describe(each.conversation, conversations) + " at" + places_of(each));
    EXPECT_FALSE(each.records.empty());
  }
  return lines;
}

std::vector<std::unique_ptr<batch::TestBatch>> batches_of(const std::vector<std::string>& records) {
  constexpr std::size_t kRows = 100;
  std::vector<std::unique_ptr<batch::TestBatch>> batches;
  for (std::size_t begin = 0; begin < records.size(); begin += kRows) {
    const std::size_t end = std::min(records.size(), begin + kRows);
    batches.push_back(
        batch::make_test_batch(kHeader, {records.begin() + static_cast<std::ptrdiff_t>(begin),
                                         records.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  return batches;
}

TEST(Conversations, DoNotDependOnThreadsOrMemory) {
  const auto batches = batches_of(random_records(1, 6000));
  const std::vector<std::string> expected = told(batches, {});
  EXPECT_GT(expected.size(), 50U);
  for (const Spread& spread :
       {Spread{.parts = 2, .visitors = 2}, Spread{.parts = 8, .visitors = 8},
        Spread{.parts = 1, .memory_bytes = 0}, Spread{.parts = 3, .memory_bytes = 1, .visitors = 2},
        Spread{.parts = 2, .memory_bytes = std::uint64_t{128} << 10, .visitors = 3}}) {
    EXPECT_EQ(told(batches, spread), expected)
        << spread.parts << ' ' << spread.memory_bytes << ' ' << spread.visitors;
  }
}

TEST(Conversations, DoNotDependOnTheOrderOfTheInput) {
  std::vector<std::string> records = random_records(2, 3000);
  const auto described = [](const std::vector<std::string>& of) {
    return Stitched(kHeader, of, with_dedup()).described();
  };
  records.resize(kBatchRows);
  const std::vector<std::string> expected = described(records);
  std::mt19937_64 random(3);
  for (int i = 0; i < 3; ++i) {
    std::shuffle(records.begin(), records.end(), random);
    EXPECT_EQ(described(records), expected);
  }
}

TEST(Conversations, LoseAndInventNothing) {
  const std::vector<std::string> records = random_records(4, 2000);
  const Stitched log(kHeader, records);
  std::uint64_t flows = 0;
  unsigned __int128 bytes = 0;
  unsigned __int128 bytes_of_records = 0;
  std::vector<bool> seen(records.size());
  for (const KeptConversation& each : log.kept) {
    const Conversation& it = each.conversation;
    EXPECT_EQ(it.forward.flows + it.backward.flows, each.records.size());
    flows += each.records.size();
    bytes += it.forward.bytes;
    bytes += it.backward.bytes;
    std::int64_t before = each.records.front().start;
    for (const FlowRecord& record : each.records) {
      bytes_of_records += record.bytes;
      EXPECT_FALSE(seen[record.sequence]) << record.sequence;
      seen[record.sequence] = true;
      EXPECT_GE(record.start, before);
      before = record.start;
      EXPECT_TRUE(it.is_forward(record) ? record.packet_destination == it.packet_server
                                        : record.packet_source == it.packet_server);
    }
  }
  EXPECT_EQ(flows, log.conversations.records());
  EXPECT_EQ(flows + log.conversations.nodata() + log.conversations.skipdata(), records.size());
  EXPECT_TRUE(bytes == bytes_of_records);
}

TEST(Conversations, CanBeVisitedAgain) {
  const auto batches = batches_of(random_records(5, 2000));
  for (const std::uint64_t memory : {~std::uint64_t{0}, std::uint64_t{0}}) {
    ConversationOptions options;
    options.memory_bytes = memory;
    Conversations conversations(options);
    const auto part = conversations.part();
    for (const auto& batch : batches) add_block(conversations, *part, batch->batch);
    part->finish();
    ASSERT_TRUE(conversations.finish());
    const auto lines = [&](std::size_t threads) {
      std::vector<std::string> all;
      for (const KeptConversation& each : visit_all(conversations, threads)) {
        all.push_back(describe(each.conversation, conversations));
      }
      return all;
    };
    const std::vector<std::string> first = lines(1);
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(lines(2), first);
  }
}

TEST(Conversations, TellWhichRecordsWereAskedFor) {
  Conversations conversations({});
  const auto part = conversations.part();
  const auto batch = batch::make_test_batch(
      "srcaddr dstaddr protocol",
      {"10.0.0.1 10.0.0.2 1", "10.0.0.2 10.0.0.1 1", "10.0.0.1 10.0.0.2 1", "- 10.0.0.2 1"});
  Selection selection;
  selection.rows[0] = 1;
  selection.rows[1] = 3;
  selection.count = 2;
  part->add(batch->batch, selection);
  conversations.in_order(part->end_block());
  part->finish();
  ASSERT_TRUE(conversations.finish());
  const auto kept = visit_all(conversations, 1);
  ASSERT_EQ(kept.size(), 1U);
  for (const FlowRecord& record : kept[0].records) {
    EXPECT_EQ(record.selected, record.sequence == 1) << record.sequence;
  }
  EXPECT_EQ(conversations.without_tuple(), 1U);
}

TEST(Conversations, CutATupleWithoutEnd) {
  Conversations conversations({});
  const auto part = conversations.part();
  const auto test =
      batch::make_test_batch("srcaddr dstaddr protocol start end",
                             std::vector<std::string>(kBatchRows, "10.0.0.1 10.0.0.2 47 0 1"));
  Batch& batch = test->batch;
  const std::size_t count = Conversations::kMostRecords + 1000;
  Selection selection;
  std::uint64_t time = 0;
  for (std::size_t added = 0; added < count; added += batch.rows) {
    batch.rows = std::min(kBatchRows, count - added);
    // Two records a second, so that the limit falls between records of one second.
    for (std::size_t row = 0; row < batch.rows; ++row, ++time) {
      batch.columns[3].numbers[row] = batch.columns[4].numbers[row] = (time + 1) / 2;
    }
    selection.select_all(batch.rows);
    part->add(batch, selection);
    part->end_block();
  }
  part->finish();
  ASSERT_TRUE(conversations.finish());
  const auto kept = visit_all(conversations, 1);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(std::max(kept[0].records.size(), kept[1].records.size()),
            Conversations::kMostRecords - 1);
  EXPECT_EQ(kept[0].records.size() + kept[1].records.size(), count);
}

TEST(Conversations, SayWhyTheirFileCannotBeWritten) {
  ConversationOptions options;
  options.memory_bytes = 0;
  options.temp_directory = "/no/such/directory";
  Conversations conversations(options);
  const auto part = conversations.part();
  for (const auto& batch : batches_of(random_records(6, 2000))) {
    add_block(conversations, *part, batch->batch);
  }
  // A partition is written once it is worth a run; with few tuples some fill up.
  const auto hot = batch::make_test_batch(
      "srcaddr dstaddr protocol", std::vector<std::string>(kBatchRows, "10.0.0.1 10.0.0.2 1"));
  add_block(conversations, *part, hot->batch);
  part->finish();
  EXPECT_TRUE(conversations.failed());
  const auto done = conversations.finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().where, "/no/such/directory");
}

std::vector<std::string> ranked(Conversations& conversations, RankingOptions options) {
  ConversationRanking ranking(options);
  {
    std::vector<std::unique_ptr<ConversationVisitor>> visitors;
    std::vector<ConversationVisitor*> pointers;
    for (std::size_t i = 0; i < options.threads; ++i) {
      pointers.push_back(visitors.emplace_back(ranking.visitor()).get());
    }
    EXPECT_TRUE(conversations.visit(pointers));
  }
  std::vector<std::string> lines;
  EXPECT_TRUE(ranking.visit([&](const Conversation& conversation) -> Result<bool> {
    lines.push_back(describe(conversation, conversations));
    return true;
  }));
  return lines;
}

TEST(ConversationRanking, IsTheSameFromAHeapFromMemoryAndFromAFile) {
  // More conversations than the least number of rows that a run has.
  std::vector<std::string> records;
  for (int i = 0; i < 5000; ++i) {
    records.push_back(
        fmt::format("eni-{} 10.0.{}.{} 10.1.0.1 {} 443 6 1 {} {} {} ACCEPT 2 - - - OK", i % 3,
                    i / 250, i % 250, 40'000 + i % 7, i % 40, i, i));
  }
  Conversations conversations({});
  const auto part = conversations.part();
  for (const auto& batch : batches_of(records)) add_block(conversations, *part, batch->batch);
  part->finish();
  ASSERT_TRUE(conversations.finish());
  RankingOptions options;
  options.limit = ~std::uint64_t{0};
  const std::vector<std::string> all = ranked(conversations, options);
  ASSERT_EQ(all.size(), records.size());
  options.memory_bytes = 0;
  options.threads = 2;
  EXPECT_EQ(ranked(conversations, options), all);
  options.limit = 4;
  EXPECT_THAT(ranked(conversations, options), ElementsAre(all[0], all[1], all[2], all[3]));
  options.limit = 0;
  EXPECT_TRUE(ranked(conversations, options).empty());
}

}  // namespace
}  // namespace weir::conversation
