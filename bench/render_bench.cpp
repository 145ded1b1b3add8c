// SPDX-License-Identifier: Apache-2.0
// bench: records to text, from batches that are in the cache: bytes of output a second.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <deque>
#include <random>
#include <string>

#include "weir/render.hpp"

namespace weir {
namespace {

/// Records as they are in logs of v2: one in a hundred NODATA, one in sixty over IPv6.
class Sample {
 public:
  Sample() {
    batch.format = std::make_shared<const Format>(Format::default_vpc());
    batch.rows = kBatchRows;
    batch.columns.resize(batch.format->size());
    for (Column& column : batch.columns) column.decoded = true;
    for (std::size_t row = 0; row < kBatchRows; ++row) add(row);
    selection.select_all(kBatchRows);
  }

  Batch batch;
  Selection selection;

 private:
  void add(std::size_t row) {
    const std::uint64_t start = 1'764'547'200 + row / 10;
    const std::uint64_t packets = 1 + random_() % (1U << random_() % 12);
    const bool ipv6 = random_() % 60 == 0;
    number(FieldId::version, 2);
    text(FieldId::account_id, "123456789012");
    text(FieldId::interface_id, interface());
    column(FieldId::srcaddr).addresses.push_back(address(ipv6));
    column(FieldId::dstaddr).addresses.push_back(address(ipv6));
    number(FieldId::srcport, port());
    number(FieldId::dstport, port());
    number(FieldId::protocol, random_() % 5 == 0 ? 17 : 6);
    number(FieldId::packets, packets);
    number(FieldId::bytes, packets * (40 + random_() % 1400));
    number(FieldId::start, start);
    number(FieldId::end, start + random_() % 60);
    text(FieldId::action, random_() % 8 == 0 ? "REJECT" : "ACCEPT");
    const bool no_data = random_() % 100 == 0;
    text(FieldId::log_status, no_data ? "NODATA" : "OK");
    if (!no_data) return;
    for (const FieldId id :
         {FieldId::srcaddr, FieldId::dstaddr, FieldId::srcport, FieldId::dstport, FieldId::protocol,
          FieldId::packets, FieldId::bytes, FieldId::action}) {
      column(id).nulls.set(row);
    }
  }

  Column& column(FieldId id) {
    return batch.columns[static_cast<std::size_t>(batch.format->index_of(id))];
  }
  void number(FieldId id, std::uint64_t value) { column(id).numbers.push_back(value); }
  void text(FieldId id, std::string value) {
    column(id).texts.push_back(texts_.emplace_back(std::move(value)));
  }
  std::string interface() {
    char name[24];
    std::snprintf(name, sizeof(name), "eni-%017llx",
                  static_cast<unsigned long long>(random_() % 200 * 0x9e37'79b9'7f4aULL));
    return name;
  }
  Ip address(bool ipv6) {
    return ipv6 ? Ip{.high = 0x2001'0db8'0000'0000, .low = random_()}
                : Ip::from_ipv4(static_cast<std::uint32_t>(random_()));
  }
  std::uint64_t port() { return random_() % 2 == 0 ? 443 : 1024 + random_() % 64'000; }

  std::mt19937_64 random_{1};
  std::deque<std::string> texts_;
};

/// Takes everything and keeps nothing but the count.
class CountingSink final : public ByteSink {
 public:
  Result<void> write(std::string_view bytes) override {
    bytes_ += bytes.size();
    return {};
  }
  Result<void> finish() override { return {}; }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  std::size_t bytes_ = 0;
};

void write_records(benchmark::State& state, OutputKind kind) {
  const Sample sample;
  CountingSink sink;
  const auto writer = RecordWriter::create(kind, sink, {}, {});
  for (auto _ : state) {
    if (!writer->write(sample.batch, sample.selection)) state.SkipWithError("not written");
  }
  if (!writer->finish()) state.SkipWithError("not finished");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatchRows));
  state.SetBytesProcessed(static_cast<std::int64_t>(sink.bytes()));
}
BENCHMARK_CAPTURE(write_records, ndjson, OutputKind::ndjson);
BENCHMARK_CAPTURE(write_records, json, OutputKind::json);
BENCHMARK_CAPTURE(write_records, csv, OutputKind::csv);
BENCHMARK_CAPTURE(write_records, tsv, OutputKind::tsv);
BENCHMARK_CAPTURE(write_records, flowlog, OutputKind::flowlog);

}  // namespace
}  // namespace weir
