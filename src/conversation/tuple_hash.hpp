// SPDX-License-Identifier: Apache-2.0
// conversation: which records can belong together, as a number.
#pragma once

#include <cstdint>

#include "weir/ip.hpp"

namespace weir::conversation {

/// Hashes 5-tuples so that both directions have one hash. Seeded, so that nobody can choose
/// addresses that all fall into one partition.
class TupleHash {
 public:
  explicit TupleHash(std::uint64_t seed) noexcept : seed_(seed) {}

  std::uint64_t of(const Ip& a, std::uint16_t a_port, const Ip& b, std::uint16_t b_port,
                   std::uint8_t protocol) const noexcept {
    // The sum does not depend on which end comes first.
    const std::uint64_t ends = of_end(a, a_port) + of_end(b, b_port);
    return mix(ends ^ kThird, seed_ + protocol * kFirst);
  }

  /// Of one end, seen from something that has a number and an address of its own.
  std::uint64_t of_remote(std::uint32_t observer, const Ip& own, const Ip& remote,
                          std::uint16_t port, std::uint8_t protocol) const noexcept {
    const std::uint64_t first = mix(of_end(own, 0) ^ kThird, seed_ + protocol * kFirst);
    return mix(first ^ of_end(remote, port), seed_ + observer * kSecond);
  }

 private:
  static constexpr std::uint64_t kFirst = 0x9e37'79b9'7f4a'7c15;
  static constexpr std::uint64_t kSecond = 0xd6e8'feb8'6659'fd93;
  static constexpr std::uint64_t kThird = 0xa076'1d64'78bd'642f;

  static std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
    const unsigned __int128 product = static_cast<unsigned __int128>(a | 1) * (b | 1);
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product) ^ a;
  }
  std::uint64_t of_end(const Ip& address, std::uint16_t port) const noexcept {
    return mix(address.low ^ seed_, (address.high + port * kFirst) ^ kSecond);
  }

  std::uint64_t seed_;
};

}  // namespace weir::conversation
