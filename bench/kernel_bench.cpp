// SPDX-License-Identifier: Apache-2.0
// bench: the decode kernels on lines of version 2 that lie in the cache: what a byte and a row cost
// without reading them.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "decode/kernels/kernels.hpp"

namespace weir::decode::kernel {
namespace {

constexpr std::size_t kRows = 2048;
constexpr std::size_t kFields = 14;

/// Lines of the default format in padded memory, with their separators.
class Lines {
 public:
  Lines() {
    std::mt19937 random(1);
    std::string lines;
    for (std::size_t row = 0; row < kRows; ++row) {
      lines += "2 123456789010 eni-0a1b2c3d4e5f60718 " + address(random) + ' ' + address(random) +
               ' ' + std::to_string(random() % 65536) + " 443 6 " + std::to_string(random() % 100) +
               ' ' + std::to_string(random() % 1'000'000) + " 1764547200 1764547260 " +
               (random() % 8 == 0 ? "REJECT" : "ACCEPT") + " OK\n";
    }
    text_ = memory_.assign(lines);
    positions_.reset(new std::uint32_t[text_.size() + kArraySlack + 1]);
    positions_[0] = ~std::uint32_t{0};
    scalar::kTable.separators(text_.data(), text_.size(), positions());
    for (std::size_t row = 0; row < kRows; ++row) {
      first_.push_back(static_cast<std::uint32_t>(row * kFields));
    }
  }
  std::string_view text() const { return text_; }
  std::uint32_t* positions() { return positions_.get() + 1; }
  TokenColumn column(std::ptrdiff_t field) {
    return {.text = text_.data(),
            .positions = positions(),
            .first = first_.data(),
            .rows = kRows,
            .begin_at = field - 1,
            .begin_add = 1,
            .end_at = field};
  }

 private:
  static std::string address(std::mt19937& random) {
    std::string text;
    for (int part = 0; part < 4; ++part) {
      if (part > 0) text += '.';
      text += std::to_string(random() % 256);
    }
    return text;
  }
  PaddedText memory_;
  std::string_view text_;
  std::unique_ptr<std::uint32_t[]> positions_;
  std::vector<std::uint32_t> first_;
};

void report(benchmark::State& state, const Lines& lines) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(lines.text().size()));
}

void separators(benchmark::State& state, base::Kernel kernel) {
  Lines lines;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        table_of(kernel).separators(lines.text().data(), lines.text().size(), lines.positions()));
  }
  report(state, lines);
}

void edges(benchmark::State& state, base::Kernel kernel) {
  Lines lines;
  const std::unique_ptr<std::uint32_t[]> positions(
      new std::uint32_t[lines.text().size() + kArraySlack]);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        table_of(kernel).edges(lines.text().data(), lines.text().size(), positions.get()));
  }
  report(state, lines);
}

void numbers(benchmark::State& state, base::Kernel kernel, std::ptrdiff_t field) {
  Lines lines;
  std::vector<std::uint64_t> values(kRows + kArraySlack);
  std::vector<std::uint16_t> exceptions(kRows + kArraySlack);
  for (auto _ : state) {
    benchmark::DoNotOptimize(table_of(kernel).numbers(lines.column(field), ~std::uint64_t{0},
                                                      values.data(), exceptions.data()));
    benchmark::ClobberMemory();
  }
  report(state, lines);
}

void addresses(benchmark::State& state, base::Kernel kernel) {
  Lines lines;
  std::vector<Ip> values(kRows + kArraySlack);
  std::vector<std::uint16_t> exceptions(kRows + kArraySlack);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        table_of(kernel).addresses(lines.column(3), values.data(), exceptions.data()));
    benchmark::ClobberMemory();
  }
  report(state, lines);
}

const bool kRegistered = [] {
  for (const base::Kernel kernel : base::kAllKernels) {
    if (!base::can_run(kernel)) continue;
    const std::string name(base::kernel_name(kernel));
    benchmark::RegisterBenchmark(("separators/" + name).c_str(), separators, kernel);
    benchmark::RegisterBenchmark(("edges/" + name).c_str(), edges, kernel);
    benchmark::RegisterBenchmark(("numbers/bytes/" + name).c_str(), numbers, kernel, 9);
    benchmark::RegisterBenchmark(("numbers/start/" + name).c_str(), numbers, kernel, 10);
    benchmark::RegisterBenchmark(("addresses/" + name).c_str(), addresses, kernel);
  }
  return true;
}();

}  // namespace
}  // namespace weir::decode::kernel
