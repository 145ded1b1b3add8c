// SPDX-License-Identifier: Apache-2.0
#include "weir/aggregate.hpp"

#include <gtest/gtest.h>

#include "compute/check_memory.hpp"

namespace weir::compute {
namespace {

/// Records of srcaddr, dstport, action, packets, bytes, start; zero stands for missing.
struct Row {
  std::uint32_t srcaddr;
  std::uint64_t dstport;
  std::string action;
  std::uint64_t packets;
  std::uint64_t bytes;
  std::uint64_t start;
};

class Records {
 public:
  explicit Records(std::vector<Row> rows) : rows_(std::move(rows)) {
    const FieldId ids[] = {FieldId::srcaddr, FieldId::dstport, FieldId::action,
                           FieldId::packets, FieldId::bytes,   FieldId::start};
    batch_.format = std::make_shared<Format>(Format::from_ids(ids));
    batch_.rows = rows_.size();
    batch_.columns.resize(6);
    for (Column& column : batch_.columns) column.decoded = true;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      batch_.columns[0].addresses.push_back(Ip::from_ipv4(row.srcaddr));
      if (row.srcaddr == 0) batch_.columns[0].nulls.set(i);
      number(1, i, row.dstport);
      batch_.columns[2].texts.emplace_back(row.action);
      if (row.action.empty()) batch_.columns[2].nulls.set(i);
      number(3, i, row.packets);
      number(4, i, row.bytes);
      number(5, i, row.start);
    }
    all_.select_all(batch_.rows);
  }
  void feed(Aggregator& aggregator) const { aggregator.add(batch_, all_); }
  const Batch& batch() const { return batch_; }

 private:
  void number(std::size_t column, std::size_t row, std::uint64_t value) {
    batch_.columns[column].numbers.push_back(value);
    if (value == 0) batch_.columns[column].nulls.set(row);
  }
  std::vector<Row> rows_;
  Batch batch_;
  Selection all_;
};

Aggregator by(std::vector<std::string> fields) {
  std::vector<GroupKey> keys;
  for (std::string& field : fields)
    keys.push_back({.field = std::move(field), .bucket_seconds = 0, .zone = {}});
  return Aggregator(std::move(keys));
}

TEST(Aggregator, SumsAndOrdersGroups) {
  Aggregator aggregator = by({"action"});
  Records({{1, 22, "REJECT", 1, 40, 100},
           {2, 443, "ACCEPT", 5, 500, 100},
           {3, 22, "REJECT", 2, 80, 100},
           {0, 0, "", 0, 0, 100}})
      .feed(aggregator);
  ASSERT_TRUE(aggregator.finish());
  const auto groups = *aggregator.top(Measure::bytes, 10);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(std::get<std::string>(groups[0].values[0]), "ACCEPT");
  EXPECT_EQ(groups[1].totals.flows, 2U);
  EXPECT_TRUE(groups[1].totals.bytes == 120);
  EXPECT_EQ(aggregator.without_key(), 1U) << "a record without the key is counted, not shown";
  EXPECT_EQ((*aggregator.top(Measure::flows, 1)).size(), 1U);
}

TEST(Aggregator, BreaksTiesByTheGroupsValues) {
  Aggregator aggregator = by({"srcaddr", "dstport"});
  Records({{9, 80, "", 1, 7, 1}, {9, 22, "", 1, 7, 1}, {4, 443, "", 1, 7, 1}}).feed(aggregator);
  ASSERT_TRUE(aggregator.finish());
  const auto groups = *aggregator.top(Measure::bytes, 3);
  EXPECT_EQ(std::get<Ip>(groups[0].values[0]), Ip::from_ipv4(4));
  EXPECT_EQ(std::get<std::uint64_t>(groups[1].values[1]), 22U);
  EXPECT_EQ(std::get<std::uint64_t>(groups[2].values[1]), 80U);
}

TEST(Aggregator, CannotOverflow) {
  constexpr std::uint64_t kLargest = ~std::uint64_t{0};
  Aggregator aggregator = by({"action"});
  Records({{1, 1, "ACCEPT", kLargest, kLargest, 1}, {1, 1, "ACCEPT", kLargest, kLargest, 1}})
      .feed(aggregator);
  ASSERT_TRUE(aggregator.finish());
  EXPECT_TRUE((*aggregator.sorted())[0].totals.bytes ==
              static_cast<unsigned __int128>(kLargest) * 2);
  EXPECT_TRUE(aggregator.total().bytes == static_cast<unsigned __int128>(kLargest) * 2);
}

TEST(Aggregator, WhatNoRecordHasIsUnknownAndNotZero) {
  Aggregator aggregator = by({"action"});
  Records({{1, 1, "REJECT", 3, 0, 1}}).feed(aggregator);
  ASSERT_TRUE(aggregator.finish());
  const auto groups = *aggregator.top(Measure::packets, 1);
  EXPECT_FALSE(measure_of(groups[0].totals, Measure::bytes));
  EXPECT_TRUE(measure_of(groups[0].totals, Measure::packets) == 3);
}

TEST(Aggregator, CountsOnlyWhenNothingElseIsAsked) {
  AggregateOptions options;
  options.count_only = true;
  Aggregator aggregator({{.field = "action", .bucket_seconds = 0, .zone = {}}}, options);
  const FormatField bytes{.id = FieldId::bytes, .type = FieldType::number, .name = "bytes"};
  EXPECT_FALSE(aggregator.fields().contains(bytes)) << "nobody has to convert them";
  Records({{1, 1, "ACCEPT", 3, 40, 1}, {1, 1, "REJECT", 0, 0, 1}, {1, 1, "ACCEPT", 0, 0, 1}})
      .feed(aggregator);
  ASSERT_TRUE(aggregator.finish());
  const auto groups = *aggregator.top(Measure::flows, 2);
  EXPECT_EQ(groups[0].totals.flows, 2U);
  EXPECT_FALSE(measure_of(groups[0].totals, Measure::bytes)) << "not read, though it is there";
  EXPECT_FALSE(measure_of(groups[0].totals, Measure::packets));
}

TEST(Aggregator, SmallKeysSumLikeLargeOnes) {
  // Keys below 256 are summed up in an array, others in a table: the border, and counts that are
  // too large for the array, must not show.
  const struct {
    const char* why;
    std::uint64_t port;
    std::uint64_t bytes;
  } cases[] = {
      {"in the array", 22, 1000},
      {"the last key of the array", 254, 1000},
      {"the first key of the table", 255, 1000},
      {"a count too large for the array", 22, std::uint64_t{1} << 52},
  };
  for (const auto& c : cases) {
    Aggregator aggregator = by({"dstport"});
    std::vector<Row> rows;
    for (std::uint64_t i = 1; i <= 9; ++i) rows.push_back({1, c.port, "", i, c.bytes + i, 1});
    rows.push_back({1, 1, "", 1, 1, 1});
    Records(std::move(rows)).feed(aggregator);
    ASSERT_TRUE(aggregator.finish());
    const auto groups = *aggregator.top(Measure::bytes, 2);
    ASSERT_EQ(groups.size(), 2U) << c.why;
    EXPECT_EQ(std::get<std::uint64_t>(groups[0].values[0]), c.port) << c.why;
    EXPECT_EQ(groups[0].totals.flows, 9U) << c.why;
    EXPECT_TRUE(groups[0].totals.packets == 45) << c.why;
    EXPECT_TRUE(groups[0].totals.bytes == 9 * c.bytes + 45) << c.why;
  }
}

TEST(Aggregator, CutsTimeIntoBucketsOfTheZone) {
  const auto berlin = TimeZone::find("Europe/Berlin");
  ASSERT_TRUE(berlin);
  Aggregator days({{.field = "start", .bucket_seconds = 86400, .zone = *berlin}});
  const auto at = [](const char* text) { return static_cast<std::uint64_t>(*parse_iso8601(text)); };
  Records(
      {{1, 1, "", 1, 1, at("2026-11-21T22:59:59Z")}, {1, 1, "", 1, 1, at("2026-11-21T23:00:00Z")}})
      .feed(days);
  ASSERT_TRUE(days.finish());
  const auto groups = *days.sorted();
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(std::get<std::uint64_t>(groups[1].values[0]), at("2026-11-21T23:00:00Z"));
}

TEST(RecordHash, DoesNotDependOnTheOrderOfFields) {
  const Records records({{1, 22, "REJECT", 1, 40, 100}, {1, 22, "REJECT", 1, 41, 100}});
  Batch reversed = records.batch();
  std::vector<FieldId> ids;
  for (auto field = reversed.format->fields().rbegin(); field != reversed.format->fields().rend();
       ++field) {
    ids.push_back(field->id);
  }
  reversed.format = std::make_shared<Format>(Format::from_ids(ids));
  std::reverse(reversed.columns.begin(), reversed.columns.end());
  std::vector<RecordHash> a;
  std::vector<RecordHash> b;
  hash_records(records.batch(), a);
  hash_records(reversed, b);
  EXPECT_EQ(a[0], b[0]);
  EXPECT_NE(a[0], a[1]);
}

TEST(RecentRecords, RemembersAtLeastOneWindow) {
  RecentRecords recent(1000);
  for (std::uint64_t i = 1; i <= 3000; ++i) {
    EXPECT_FALSE(recent.seen_before({i, i})) << i;
    EXPECT_TRUE(recent.seen_before({i, i})) << i;
  }
  EXPECT_TRUE(recent.forgot());
  EXPECT_TRUE(recent.seen_before({2000, 2000}));
  EXPECT_FALSE(recent.seen_before({1, 1}));
}

TEST(Coverage, MergesInAnyOrderAndFindsGaps) {
  Coverage coverage;
  coverage.add(600, 660);
  coverage.add(0, 60);
  coverage.add(1320, 1380);
  coverage.add(60, 120);
  coverage.add(100, 600);
  coverage.add(50, 55);
  const auto gaps = coverage.gaps(120);
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].begin, 660);
  EXPECT_EQ(gaps[0].end, 1320);
  EXPECT_TRUE(coverage.gaps(660).empty());
}

}  // namespace
}  // namespace weir::compute
