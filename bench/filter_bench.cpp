// SPDX-License-Identifier: Apache-2.0
// bench: a filter on batches that are in the cache: time a row.
//
// Each answer is first compared with what a test of each row by itself gives.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <random>
#include <string>

#include "weir/filter.hpp"

namespace weir {
namespace {

/// Batches of flows as they are in logs of v2: most traffic accepted, few ports, private addresses.
class Sample {
 public:
  explicit Sample(std::size_t rows) {
    const std::string_view names[] = {"srcaddr", "dstport", "bytes", "action", "interface-id"};
    batch.format = std::make_shared<Format>(*Format::from_names(names));
    batch.rows = rows;
    batch.columns.resize(std::size(names));
    for (Column& column : batch.columns) column.decoded = true;
    for (std::size_t row = 0; row < rows; ++row) {
      batch.columns[0].addresses.push_back(Ip::from_ipv4(address()));
      batch.columns[1].numbers.push_back(port());
      batch.columns[2].numbers.push_back(random_() % 100'000);
      batch.columns[3].texts.push_back(text(random_() % 8 == 0 ? "REJECT" : "ACCEPT"));
      batch.columns[4].texts.push_back(text(interface(random_() % 20'000)));
    }
  }

  static std::string interface(std::uint64_t number) {
    char digits[18];
    std::snprintf(digits, sizeof(digits), "%017llx",
                  static_cast<unsigned long long>(number * 0x9e37'79b9'7f4aULL));
    return std::string("eni-") + digits;
  }

  Batch batch;

 private:
  std::uint32_t address() {
    const auto host = static_cast<std::uint32_t>(random_());
    return random_() % 4 == 0 ? host : (10U << 24 | (host & 0x3f'ffff));
  }
  std::uint64_t port() {
    constexpr std::uint64_t kUsual[] = {443, 80, 53, 22, 3306};
    return random_() % 2 == 0 ? kUsual[random_() % 5] : 1024 + random_() % 64'000;
  }
  std::string_view text(std::string value) { return texts_.emplace_back(std::move(value)); }

  std::mt19937_64 random_{20261124};
  std::deque<std::string> texts_;
};

struct Question {
  std::string expression;
  std::function<bool(const Batch&, std::size_t row)> matches;
};

bool in(std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  return low <= value && value <= high;
}
std::uint64_t number(const Batch& batch, std::size_t column, std::size_t row) {
  return batch.columns[column].numbers[row];
}
std::uint32_t address(const Batch& batch, std::size_t row) {
  return static_cast<std::uint32_t>(batch.columns[0].addresses[row].low);
}

Question number_range() {
  return {"bytes in 20000-40000", [](const Batch& batch, std::size_t row) {
            return in(number(batch, 2, row), 20'000, 40'000);
          }};
}

Question port_list() {
  return {"dstport in (22, 3389, 8000-8100)", [](const Batch& batch, std::size_t row) {
            const std::uint64_t port = number(batch, 1, row);
            return port == 22 || port == 3389 || in(port, 8000, 8100);
          }};
}

Question port_set() {
  return {"dstport in (22, 53, 111, 445, 1433, 3389, 8000-8100)",
          [](const Batch& batch, std::size_t row) {
            const std::uint64_t port = number(batch, 1, row);
            for (const std::uint64_t one : {22, 53, 111, 445, 1433, 3389}) {
              if (port == one) return true;
            }
            return in(port, 8000, 8100);
          }};
}

Question number_list() {
  std::string list = "3";
  for (int i = 1; i < 1000; ++i) list.append(",").append(std::to_string(70 * i + 3));
  return {"bytes in (" + list + ", 70000000)", [](const Batch& batch, std::size_t row) {
            const std::uint64_t bytes = number(batch, 2, row);
            return bytes < 70'000 && bytes % 70 == 3;
          }};
}

Question action() {
  return {"action = REJECT", [](const Batch& batch, std::size_t row) {
            return batch.columns[3].texts[row] == "REJECT";
          }};
}

Question interface() {
  const std::string name = Sample::interface(77);
  return {"interface-id = " + name, [name](const Batch& batch, std::size_t row) {
            return batch.columns[4].texts[row] == name;
          }};
}

Question one_prefix() {
  return {"srcaddr in 10.16.0.0/12", [](const Batch& batch, std::size_t row) {
            return address(batch, row) >> 20 == (10U << 4 | 1);
          }};
}

Question prefixes() {
  std::string list = "10.0.0.0/22";
  for (std::uint32_t i = 1; i < 1000; ++i) {
    list.append(",").append(to_string(Ip::from_ipv4(10U << 24 | i << 12))).append("/22");
  }
  return {"srcaddr in (" + list + ")", [](const Batch& batch, std::size_t row) {
            const std::uint32_t ip = address(batch, row);
            return ip >> 24 == 10 && (ip >> 12 & 0xfff) < 1000 && (ip >> 10 & 3) == 0;
          }};
}

Question texts() {
  // By a file, as such lists come; an expression may not be so long.
  const std::string name = "/tmp/weir_filter_bench_" + std::to_string(std::random_device{}());
  std::FILE* file = std::fopen(name.c_str(), "w");
  if (file == nullptr) return {"none", {}};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    std::fprintf(file, "%s\n", Sample::interface(2 * i).c_str());
  }
  std::fclose(file);
  return {"interface-id in @" + name, [name](const Batch& batch, std::size_t row) {
            const std::string_view text = batch.columns[4].texts[row];
            const std::uint64_t value = std::stoull(std::string(text.substr(4)), nullptr, 16);
            return value / 0x9e37'79b9'7f4aULL % 2 == 0;
          }};
}

Question chain() {
  return {"srcaddr in 10.0.0.0/8 and dstport = 443 and action = ACCEPT",
          [](const Batch& batch, std::size_t row) {
            return address(batch, row) >> 24 == 10 && number(batch, 1, row) == 443 &&
                   batch.columns[3].texts[row] == "ACCEPT";
          }};
}

void run(benchmark::State& state, const Question& question) {
  const Sample sample(static_cast<std::size_t>(state.range(0)));
  const Batch& batch = sample.batch;
  const auto filter = Filter::parse(question.expression);
  if (question.expression.find('@') != std::string::npos) {
    std::remove(question.expression.substr(question.expression.find('@') + 1).c_str());
  }
  if (!filter) return state.SkipWithError(filter.error().message.c_str());
  const BoundFilter bound = filter->bind(batch.format);
  Selection selection;
  selection.select_all(batch.rows);
  bound.apply(batch, selection);
  std::size_t matching = 0;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    if (!question.matches(batch, row)) continue;
    if (matching >= selection.count || selection.rows[matching++] != row) {
      return state.SkipWithError("wrong answer");
    }
  }
  if (matching != selection.count) return state.SkipWithError("wrong answer");
  for (auto _ : state) {
    selection.select_all(batch.rows);
    bound.apply(batch, selection);
    benchmark::DoNotOptimize(selection);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["row"] =
      benchmark::Counter(static_cast<double>(state.iterations() * state.range(0)),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

#define WEIR_FILTER_BENCH(name)                                       \
  void filter_##name(benchmark::State& state) { run(state, name()); } \
  BENCHMARK(filter_##name)->Arg(575)->Arg(kBatchRows)

WEIR_FILTER_BENCH(number_range);
WEIR_FILTER_BENCH(port_list);
WEIR_FILTER_BENCH(port_set);
WEIR_FILTER_BENCH(number_list);
WEIR_FILTER_BENCH(action);
WEIR_FILTER_BENCH(interface);
WEIR_FILTER_BENCH(one_prefix);
WEIR_FILTER_BENCH(prefixes);
WEIR_FILTER_BENCH(texts);
WEIR_FILTER_BENCH(chain);

}  // namespace
}  // namespace weir
