// SPDX-License-Identifier: Apache-2.0
// base: numbers -> scattered numbers, for hash tables. Not against people who choose what is
// hashed: where that matters, a seed is mixed in.
#pragma once

#include <cstdint>

namespace weir::base {

/// 2^64 divided by the golden ratio, odd. Multiples of it lie evenly spread (Knuth, The Art of
/// Computer Programming, volume 3, section 6.4), so that numbers in steps of anything land far
/// apart in the highest bits of the product.
inline constexpr std::uint64_t kGoldenRatio = 0x9e37'79b9'7f4a'7c15;
/// Odd multipliers without a pattern, for a second and third round of mixing.
inline constexpr std::uint64_t kSecondFactor = 0xd6e8'feb8'6659'fd93;
inline constexpr std::uint64_t kThirdFactor = 0xa076'1d64'78bd'642f;

/// One multiplication. The highest bits are the ones to use.
constexpr std::uint64_t scatter_high(std::uint64_t value) noexcept { return value * kGoldenRatio; }

/// Every bit of the result depends on every bit of the value: the finaliser of SplitMix64 (Steele,
/// Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
constexpr std::uint64_t scatter_all(std::uint64_t value) noexcept {
  value = (value ^ value >> 30) * 0xbf58'476d'1ce4'e5b9;
  value = (value ^ value >> 27) * 0x94d0'49bb'1331'11eb;
  return value ^ value >> 31;
}

/// Both halves of the product, one on the other: all bits for one multiplication.
constexpr std::uint64_t folded_product(std::uint64_t a, std::uint64_t b) noexcept {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
}

/// Mixes words into one number, a multiplication each; the order counts.
class WordHash {
 public:
  constexpr WordHash() = default;
  /// A first word that costs no multiplication. It is laid over the one that is added next, so it
  /// should have its bits where that has none.
  constexpr explicit WordHash(std::uint64_t first) noexcept : mixed_(first) {}

  constexpr void add(std::uint64_t word) noexcept {
    mixed_ = scatter_high(mixed_ ^ mixed_ >> 31 ^ word);
  }
  /// Good in its lowest bits too.
  constexpr std::uint64_t value() const noexcept { return mixed_ ^ mixed_ >> 29; }

 private:
  std::uint64_t mixed_ = 0;
};

}  // namespace weir::base
