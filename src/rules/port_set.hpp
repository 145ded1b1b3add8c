// SPDX-License-Identifier: Apache-2.0
// rules: distinct ports, exactly.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/policy.hpp"

namespace weir::rules {

/// Memory: two bytes a port while they are few, 8 KiB at most.
class PortSet {
 public:
  void add(std::uint16_t port);
  void merge(const PortSet& other);
  std::uint32_t count() const noexcept;
  bool contains(std::uint16_t port) const noexcept;
  /// At most `most` ranges that cover all ports, closing the smallest gaps first.
  std::vector<PortRange> ranges(std::size_t most) const;

 private:
  void to_bits();
  std::vector<std::uint16_t> all() const;

  std::vector<std::uint16_t> few_;   // ascending
  std::vector<std::uint64_t> bits_;  // empty, or a bit a port
};

/// How many ports ranges that do not overlap have.
std::uint32_t covered_ports(const std::vector<PortRange>& ranges) noexcept;

}  // namespace weir::rules
