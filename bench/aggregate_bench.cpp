// SPDX-License-Identifier: Apache-2.0
// aggregate: decoded batches -> groups, without the cost of decoding. Items are rows.
//
//   J1 records by action          3 texts
//   J2 bytes by srcaddr           every row of 200,000 sources, some of which send most
//   J3 bytes by bucket and port   5 minutes, in order of time, 11,600 ports a bucket
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "weir/aggregate.hpp"

namespace weir {
namespace {

constexpr std::size_t kBatches = 1000;

/// Records as a day of default-v2 logs has them: 1 % NODATA, 13 % REJECT, 1.5 % IPv6.
class Day {
 public:
  Day() {
    const FieldId ids[] = {FieldId::start,  FieldId::srcaddr, FieldId::dstport,
                           FieldId::action, FieldId::packets, FieldId::bytes};
    const auto format = std::make_shared<Format>(Format::from_ids(ids));
    std::mt19937_64 random(5);
    for (std::size_t i = 0; i < kBatches; ++i) {
      Batch& batch = batches_.emplace_back();
      batch.format = format;
      batch.rows = kBatchRows;
      batch.columns.resize(6);
      for (Column& column : batch.columns) column.decoded = true;
      for (std::size_t row = 0; row < kBatchRows; ++row)
        add_row(batch, i * kBatchRows + row, random);
    }
    all_.select_all(kBatchRows);
  }

  const std::vector<Batch>& batches() const { return batches_; }
  const Selection& all() const { return all_; }

 private:
  static void add_row(Batch& batch, std::size_t index, std::mt19937_64& random) {
    const std::size_t row = index % kBatchRows;
    const bool nodata = random() % 100 == 0;
    std::vector<Column>& columns = batch.columns;
    columns[0].numbers.push_back(1'764'547'200 + index / 101 + random() % 60);
    const std::uint64_t low = random() % 200'000;
    const std::uint64_t source = random() % 2 == 0 ? low : low % (random() % 2'000 + 1);
    const bool ipv6 = random() % 64 == 0;
    columns[1].addresses.push_back(nodata ? Ip{}
                                   : ipv6
                                       ? Ip{.high = 0x2001'0db8'0000'0000, .low = source}
                                       : Ip::from_ipv4(static_cast<std::uint32_t>(source * 977)));
    const std::uint64_t port = random() % 5 == 0 ? 443 : random() % 20'000 + 32'768;
    columns[2].numbers.push_back(nodata ? 0 : port);
    columns[3].texts.push_back(nodata ? "" : random() % 100 < 13 ? "REJECT" : "ACCEPT");
    columns[4].numbers.push_back(nodata ? 0 : random() % 100);
    columns[5].numbers.push_back(nodata ? 0 : random() % 100'000);
    for (std::size_t column = 1; column < columns.size() && nodata; ++column) {
      columns[column].nulls.set(row);
    }
  }

  std::vector<Batch> batches_;
  Selection all_;
};

void run(benchmark::State& state, const std::vector<GroupKey>& keys, Measure measure) {
  static const Day day;
  for (auto _ : state) {
    Aggregator aggregator(keys);
    for (const Batch& batch : day.batches()) aggregator.add(batch, day.all());
    const auto done = aggregator.finish();
    auto top = aggregator.top(measure, 20);
    if (!done || !top ||
        aggregator.total().flows + aggregator.without_key() != kBatches * kBatchRows) {
      state.SkipWithError("wrong answer");
    }
    state.counters["groups"] = static_cast<double>(aggregator.group_count());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatches * kBatchRows));
}

void by_action(benchmark::State& state) { run(state, {{"action", 0, {}}}, Measure::flows); }
void by_source(benchmark::State& state) { run(state, {{"srcaddr", 0, {}}}, Measure::bytes); }
void by_bucket_and_port(benchmark::State& state) {
  run(state, {{"start", 300, {}}, {"dstport", 0, {}}}, Measure::bytes);
}
void by_bucket_and_port_in_berlin(benchmark::State& state) {
  run(state, {{"start", 300, *TimeZone::find("Europe/Berlin")}, {"dstport", 0, {}}},
      Measure::bytes);
}
BENCHMARK(by_action);
BENCHMARK(by_source);
BENCHMARK(by_bucket_and_port);
BENCHMARK(by_bucket_and_port_in_berlin);

}  // namespace
}  // namespace weir
