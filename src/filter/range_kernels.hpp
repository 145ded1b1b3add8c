// SPDX-License-Identifier: Apache-2.0
// filter: up to 64 numbers or addresses and a few ranges -> a bit for each that lies in one.
#pragma once

#include <cstdint>
#include <span>

#include "base/cpu.hpp"
#include "base/range_set.hpp"

namespace weir::filter {

/// From `low` up to and including `low + width`: one comparison, `value - low <= width`, tests both
/// ends, since values below `low` wrap around to large ones.
struct OffsetRange {
  std::uint64_t low = 0;
  std::uint64_t width = 0;
};

/// Reads `count` values, at most 64, and no byte behind them; bits from `count` on are zero.
template <class Value>
using RangeKernel = std::uint64_t (*)(const Value* values, std::size_t count,
                                      std::span<const OffsetRange> ranges);

RangeKernel<std::uint64_t> number_range_kernel(base::Kernel kernel) noexcept;

/// The ranges are of `Ip::low`; `Ip::high` has to be zero. So it is for IPv4.
RangeKernel<Ip> ipv4_range_kernel(base::Kernel kernel) noexcept;

}  // namespace weir::filter
