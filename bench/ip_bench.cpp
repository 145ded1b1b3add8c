// SPDX-License-Identifier: Apache-2.0
// bench: addresses from and to text, the spellings one at a time.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "weir/ip.hpp"

namespace weir {
namespace {

constexpr std::size_t kAddresses = 4096;  // more than a branch predictor learns by heart

std::vector<Ip> addresses(bool ipv6) {
  std::vector<Ip> found(kAddresses);
  std::uint64_t state = 1;
  for (Ip& address : found) {
    state = state * 6364136223846793005 + 1442695040888963407;
    address = ipv6 ? Ip{.high = 0x20010db800000000 | (state >> 40), .low = state >> (state & 31)}
                   : Ip::from_ipv4(static_cast<std::uint32_t>(state >> 32));
  }
  return found;
}

void report(benchmark::State& state, std::size_t bytes) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAddresses));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void parse_ip_text(benchmark::State& state, bool ipv6) {
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (const Ip& address : addresses(ipv6)) bytes += texts.emplace_back(to_string(address)).size();
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(parse_ip(text));
  }
  report(state, bytes);
}
BENCHMARK_CAPTURE(parse_ip_text, ipv4, false);
BENCHMARK_CAPTURE(parse_ip_text, ipv6, true);

void write_ip_text(benchmark::State& state, bool ipv6) {
  const std::vector<Ip> values = addresses(ipv6);
  std::array<char, kMaxIpText> out{};
  std::size_t bytes = 0;
  for (const Ip& address : values) bytes += write_ip(address, out.data());
  for (auto _ : state) {
    for (const Ip& address : values) {
      benchmark::DoNotOptimize(write_ip(address, out.data()));
      benchmark::ClobberMemory();
    }
  }
  report(state, bytes);
}
BENCHMARK_CAPTURE(write_ip_text, ipv4, false);
BENCHMARK_CAPTURE(write_ip_text, ipv6, true);

}  // namespace
}  // namespace weir
