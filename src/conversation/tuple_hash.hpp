// SPDX-License-Identifier: Apache-2.0
// conversation: which records can belong together, as a number.
#pragma once

#include <cstdint>

#include "base/hash.hpp"
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
    return mix(ends ^ base::kThirdFactor, seed_ + protocol * base::kGoldenRatio);
  }

  /// Of one end, seen from something that has a number and an address of its own.
  std::uint64_t of_remote(std::uint32_t observer, const Ip& own, const Ip& remote,
                          std::uint16_t port, std::uint8_t protocol) const noexcept {
    const std::uint64_t first =
        mix(of_end(own, 0) ^ base::kThirdFactor, seed_ + protocol * base::kGoldenRatio);
    return mix(first ^ of_end(remote, port), seed_ + observer * base::kSecondFactor);
  }

 private:
  static std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
    return base::folded_product(a | 1, b | 1) ^ a;
  }
  std::uint64_t of_end(const Ip& address, std::uint16_t port) const noexcept {
    return mix(address.low ^ seed_,
               (address.high + port * base::kGoldenRatio) ^ base::kSecondFactor);
  }

  std::uint64_t seed_;
};

}  // namespace weir::conversation
