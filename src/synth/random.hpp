// SPDX-License-Identifier: Apache-2.0
// synth: seed -> random numbers, the same on every machine.
//
// Integers only: the distributions of <random> differ between standard libraries, and logarithms
// between machines. Generator: xoshiro256++ by D. Blackman and S. Vigna (https://prng.di.unimi.it),
// its state filled by SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
// Generators, 2014).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/hash.hpp"

namespace weir::synth {

/// The output function of SplitMix64: scatters a number over all 64 bits.
constexpr std::uint64_t scatter(std::uint64_t value) noexcept {
  return base::scatter_all(value + base::kGoldenRatio);
}

class Random {
 public:
  /// Streams of one seed are independent of each other.
  explicit constexpr Random(std::uint64_t seed, std::uint64_t stream = 0) noexcept {
    std::uint64_t word = scatter(seed) ^ scatter(~stream);
    for (std::uint64_t& part : state_) part = word = scatter(word);
  }

  /// Goes on from a state; not all of it may be 0.
  explicit constexpr Random(const std::array<std::uint64_t, 4>& state) noexcept : state_(state) {}

  constexpr std::uint64_t next() noexcept {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// 0 to count - 1, all alike. `count` must not be 0.
  constexpr std::uint32_t below(std::uint32_t count) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32) * count) >> 32);
  }
  /// first to last, both included.
  constexpr std::uint32_t between(std::uint32_t first, std::uint32_t last) noexcept {
    return first + below(last - first + 1);
  }
  constexpr bool percent(std::uint32_t share) noexcept { return below(100) < share; }

  /// 0 to count - 1, n about 1/n as often as 0, as Zipf found: each power of two is drawn as often
  /// as the next.
  constexpr std::uint32_t skewed_below(std::uint32_t count) noexcept {
    const std::uint64_t draw = next();
    const auto levels = static_cast<std::uint64_t>(std::bit_width(count));
    const std::uint64_t level = ((draw >> 32) * levels) >> 32;
    const std::uint64_t width = std::uint64_t{1} << level;
    const std::uint64_t found = width - 1 + (((draw & 0xffffffff) * width) >> 32);
    return static_cast<std::uint32_t>(found < count ? found : ((draw & 0xffffffff) * count) >> 32);
  }

  /// Like a logarithmic normal distribution: the median is about 2^(bits / 2), the deviation about
  /// sqrt(bits) / 2 powers of two. At least 1, below 2^(bits + 1).
  constexpr std::uint64_t magnitude(int bits) noexcept {
    const std::uint64_t draw = next();
    const std::uint64_t coins = draw & ((std::uint64_t{1} << bits) - 1);
    const std::uint64_t floor = std::uint64_t{1} << std::popcount(coins);
    return floor + (((draw >> 32) * floor) >> 32);
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace weir::synth
