// SPDX-License-Identifier: Apache-2.0
// The aggregator against its slow twin, over random records, parts and budgets.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <set>
#include <thread>

#include "base/scratch_testing.hpp"
#include "oracle/group_oracle.hpp"
#include "weir/aggregate.hpp"

namespace weir::compute {
namespace {

constexpr std::uint64_t kMost = ~std::uint64_t{0};

/// What the values of records are like.
struct Population {
  const char* name;
  std::uint64_t values;       // how many different ports and hosts
  bool skewed = false;        // few of them are most of the records
  unsigned null_percent = 2;  // of each column
  bool ipv6 = false;
  bool huge = false;  // counts and keys that reach 2^64 - 1
};

/// Random batches, with the texts that they point to.
class RandomBatches {
 public:
  RandomBatches(const Population& population, std::size_t count, std::uint64_t seed)
      : population_(population), random_(seed) {
    const FieldId all[] = {FieldId::start,   FieldId::srcaddr, FieldId::dstaddr,
                           FieldId::dstport, FieldId::action,  FieldId::interface_id,
                           FieldId::packets, FieldId::bytes};
    const FieldId without_bytes[] = {FieldId::dstport, FieldId::start, FieldId::packets,
                                     FieldId::srcaddr, FieldId::action};
    usual_ = std::make_shared<Format>(Format::from_ids(all));
    other_ = std::make_shared<Format>(Format::from_ids(without_bytes));
    for (std::size_t i = 0; i < count; ++i) add_batch(i);
  }
  const std::vector<Batch>& batches() const { return batches_; }
  const std::vector<Selection>& selections() const { return selections_; }

 private:
  std::uint64_t pick(std::uint64_t count) {
    const std::uint64_t value = random_() % count;
    return population_.skewed ? random_() % (value + 1) / 8 : value;
  }

  void add_batch(std::size_t index) {
    Batch& batch = batches_.emplace_back();
    batch.format = index % 5 == 4 ? other_ : usual_;
    batch.rows = index % 3 == 0 ? kBatchRows : random_() % kBatchRows + 1;
    for (const FormatField& field : batch.format->fields()) {
      Column& column = batch.columns.emplace_back();
      column.decoded = true;
      fill(column, field.id, batch.rows);
    }
    Selection& selection = selections_.emplace_back();
    selection.select_all(batch.rows);
    if (index % 2 == 0) return;
    std::size_t kept = 0;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      if (random_() % 3 != 0) selection.rows[kept++] = static_cast<std::uint16_t>(row);
    }
    selection.count = kept;
  }

  void fill(Column& column, FieldId id, std::size_t rows) {
    const FieldType type = field_info(id).type;
    for (std::size_t row = 0; row < rows; ++row) {
      const bool null = random_() % 100 < population_.null_percent;
      if (null) column.nulls.set(row);
      switch (type) {
        case FieldType::address:
          column.addresses.push_back(null ? Ip{} : address());
          break;
        case FieldType::text:
          column.texts.push_back(null ? std::string_view() : text(id));
          break;
        default:
          column.numbers.push_back(null ? 0 : number(id));
      }
    }
    // Columns may be longer than the batch has rows.
    if (random_() % 2 == 0) column.numbers.resize(column.numbers.size() + 100, kMost);
  }

  Ip address() {
    const std::uint64_t host = pick(population_.values);
    if (population_.ipv6 && random_() % 3 == 0) {
      return {.high = 0x2001'0db8'0000'0000 + host % 3, .low = host};
    }
    return Ip::from_ipv4(static_cast<std::uint32_t>(0xffff'ffff - host));
  }

  std::string_view text(FieldId id) {
    if (id == FieldId::action) return random_() % 8 == 0 ? "REJECT" : "ACCEPT";
    return *texts_.insert("eni-0123456789abcdef" + std::to_string(pick(population_.values) % 700))
                .first;
  }

  std::uint64_t number(FieldId id) {
    if (population_.huge && random_() % 4 == 0) return kMost - random_() % 3;
    switch (id) {
      case FieldId::start:
        return 1'792'880'000 + pick(40'000);  // the clocks of Berlin go back on 2026-10-25
      case FieldId::dstport:
        return population_.huge ? random_() % 3 + 65'534 : pick(population_.values);
      case FieldId::packets:
        return random_() % 1'000;
      default:
        return random_() % 1'000'000;
    }
  }

  Population population_;
  std::mt19937_64 random_;
  FormatPtr usual_;
  FormatPtr other_;
  std::vector<Batch> batches_;
  std::vector<Selection> selections_;
  std::set<std::string> texts_;
};

struct Grouping {
  const char* name;
  std::vector<GroupKey> keys;
};

std::vector<Grouping> groupings() {
  const TimeZone berlin = *TimeZone::find("Europe/Berlin");
  const auto plain = [](const char* field) {
    return GroupKey{.field = field, .bucket_seconds = 0, .zone = {}};
  };
  return {
      {"one text", {plain("action")}},
      {"one address", {plain("srcaddr")}},
      {"a bucket and a port",
       {{.field = "start", .bucket_seconds = 300, .zone = {}}, plain("dstport")}},
      {"a bucket across a change of clocks, and a text",
       {{.field = "start", .bucket_seconds = 3600, .zone = berlin}, plain("action")}},
      {"two words", {plain("srcaddr"), plain("dstaddr"), plain("dstport")}},
      {"a text in the second word", {plain("srcaddr"), plain("dstport"), plain("interface-id")}},
      {"too long for a compact form",
       {plain("srcaddr"), plain("dstaddr"), plain("dstport"), plain("interface-id"),
        plain("start")}},
      {"counts as keys", {plain("bytes"), plain("packets")}},
      {"a field that no format has", {plain("my-field"), plain("action")}},
      {"no key", {}},
  };
}

std::vector<Population> populations() {
  return {
      {.name = "few groups", .values = 5},
      {.name = "many groups", .values = 60'000},
      {.name = "skewed groups", .values = 60'000, .skewed = true},
      {.name = "many nulls", .values = 300, .null_percent = 45},
      {.name = "IPv6", .values = 3'000, .ipv6 = true},
      {.name = "huge", .values = 200, .null_percent = 2, .ipv6 = true, .huge = true},
  };
}

void expect_same(const std::vector<Group>& got, const std::vector<Group>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].values, expected[i].values) << "group " << i;
    const GroupTotals& a = got[i].totals;
    const GroupTotals& b = expected[i].totals;
    ASSERT_TRUE(a.flows == b.flows && a.packets == b.packets && a.bytes == b.bytes &&
                a.with_packets == b.with_packets && a.with_bytes == b.with_bytes)
        << "group " << i;
  }
}

/// What the slow twin answers.
struct Expected {
  explicit Expected(const GroupOracle& oracle)
      : without_key(oracle.without_key()), total(oracle.total()), sorted(oracle.sorted()) {
    for (const Measure measure : kMeasures) top.push_back(oracle.top(measure, sorted.size()));
  }
  static constexpr Measure kMeasures[] = {Measure::flows, Measure::packets, Measure::bytes};
  std::uint64_t without_key;
  GroupTotals total;
  std::vector<Group> sorted;
  std::vector<std::vector<Group>> top;  // by measure, all groups
};

void expect_answers(Aggregator& aggregator, const Expected& expected) {
  const auto done = aggregator.finish();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(aggregator.group_count(), expected.sorted.size());
  EXPECT_EQ(aggregator.without_key(), expected.without_key);
  expect_same({{{}, aggregator.total()}}, {{{}, expected.total}});
  auto sorted = aggregator.sorted();
  ASSERT_TRUE(sorted) << sorted.error().message;
  expect_same(*sorted, expected.sorted);
  for (const Measure measure : Expected::kMeasures) {
    const std::vector<Group>& all = expected.top[static_cast<std::size_t>(measure)];
    for (const std::size_t limit : {std::size_t{17}, std::size_t{20'000}}) {
      auto top = aggregator.top(measure, limit);
      ASSERT_TRUE(top) << top.error().message;
      expect_same(*top, {all.begin(),
                         all.begin() + static_cast<std::ptrdiff_t>(std::min(limit, all.size()))});
    }
  }
}

class AggregatorGrid : public testing::TestWithParam<std::tuple<Grouping, Population>> {};

/// One aggregator for each way of cutting the same records into parts and memory.
void expect_same_for_any_parts_and_budget(const Grouping& grouping, const Population& population,
                                          std::size_t batches) {
  SCOPED_TRACE(testing::Message() << grouping.name << ", " << population.name);
  const RandomBatches records(population, batches, 42);
  GroupOracle oracle(grouping.keys);
  for (std::size_t i = 0; i < records.batches().size(); ++i) {
    oracle.add(records.batches()[i], records.selections()[i]);
  }
  const Expected expected(oracle);
  const struct {
    std::size_t parts;
    std::uint64_t memory_bytes;
  } ways[] = {{0, kMost}, {1, 0}, {3, 300'000}};
  for (const auto& way : ways) {
    SCOPED_TRACE(testing::Message() << way.parts << " parts, " << way.memory_bytes << " bytes");
    Aggregator aggregator(grouping.keys, {.memory_bytes = way.memory_bytes, .temp_directory = {}});
    std::vector<std::thread> threads;
    for (std::size_t part = 0; part < way.parts; ++part) {
      threads.emplace_back([&, part] {
        const auto own = aggregator.part();
        for (std::size_t i = part; i < records.batches().size(); i += way.parts) {
          own->add(records.batches()[i], records.selections()[i]);
        }
        own->finish();
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < records.batches().size() && way.parts == 0; ++i) {
      aggregator.add(records.batches()[i], records.selections()[i]);
    }
    expect_answers(aggregator, expected);
  }
}

TEST_P(AggregatorGrid, AgreesWithAMapForAnyPartsAndBudget) {
  expect_same_for_any_parts_and_budget(std::get<0>(GetParam()), std::get<1>(GetParam()), 5);
}

TEST(AggregatorProperty, AgreesWithAMapWhenThreadsFlushManyTimes) {
  const Population many{.name = "many groups", .values = 60'000, .ipv6 = true};
  for (const std::size_t grouping : {2, 4}) {
    expect_same_for_any_parts_and_budget(groupings()[grouping], many, 60);
  }
}

INSTANTIATE_TEST_SUITE_P(Random, AggregatorGrid,
                         testing::Combine(testing::ValuesIn(groupings()),
                                          testing::ValuesIn(populations())));

/// A budget that is always exceeded, and a place for what is beyond it.
void expect_failure(const std::string& directory, const std::string& message) {
  const RandomBatches records({.name = "many groups", .values = 60'000}, 20, 1);
  const std::vector<GroupKey> keys = {{.field = "srcaddr", .bucket_seconds = 0, .zone = {}}};
  Aggregator aggregator(keys, {.memory_bytes = 1000, .temp_directory = directory});
  for (std::size_t i = 0; i < records.batches().size(); ++i) {
    aggregator.add(records.batches()[i], records.selections()[i]);
  }
  const auto done = aggregator.finish();
  ASSERT_FALSE(done);
  EXPECT_TRUE(aggregator.failed());
  EXPECT_NE(done.error().message.find(message), std::string::npos) << done.error().message;
  EXPECT_EQ(done.error().where, directory);
  EXPECT_FALSE(aggregator.sorted()) << "no part of an answer";
  EXPECT_FALSE(aggregator.top(Measure::bytes, 3)) << "no part of an answer";
}

TEST(AggregatorSpill, ADirectoryThatIsNotThereIsAnError) {
  expect_failure("/nonexistent/directory", "No such file or directory");
}

TEST(AggregatorSpill, AFullDiskIsAnError) {
  const scratch_testing::ScratchDirectory scratch;
  struct rlimit before {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { .rlim_cur = 20'000, .rlim_max = before.rlim_max };
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  expect_failure(scratch.path(), "File too large");
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
}

TEST(AggregatorSpill, LeavesNoFileBehindEvenWhileItRuns) {
  const scratch_testing::ScratchDirectory scratch;
  const std::string directory = scratch.path();
  {
    const RandomBatches records({.name = "many groups", .values = 60'000}, 20, 1);
    const std::vector<GroupKey> keys = {{.field = "srcaddr", .bucket_seconds = 0, .zone = {}}};
    Aggregator aggregator(keys, {.memory_bytes = 1000, .temp_directory = directory});
    for (std::size_t i = 0; i < records.batches().size(); ++i) {
      aggregator.add(records.batches()[i], records.selections()[i]);
    }
    EXPECT_TRUE(std::filesystem::is_empty(directory));
    ASSERT_TRUE(aggregator.finish());
    EXPECT_TRUE(std::filesystem::is_empty(directory));
  }
}

}  // namespace
}  // namespace weir::compute
