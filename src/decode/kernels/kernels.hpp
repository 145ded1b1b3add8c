// SPDX-License-Identifier: Apache-2.0
// decode: text -> positions -> values. The loops that have a twin for each instruction set.
//
// A kernel sees no tails: kTextPadding bytes on either side of a text may be read, and arrays have
// kArraySlack elements more than they hold. It judges the common spelling alone. Whatever else a
// token may be (`-`, IPv6, damage) it lists as an exception, and convert.cpp reads those one by
// one, so that what is valid does not depend on the kernel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/cpu.hpp"
#include "weir/envelope.hpp"
#include "weir/ip.hpp"

namespace weir::decode::kernel {

/// Elements behind the last one of an array that may be written.
inline constexpr std::size_t kArraySlack = 64;

struct Separators {
  std::size_t count = 0;     ///< positions written
  std::size_t newlines = 0;  ///< of them
  /// Some blank is no single space between two tokens: two in a row, at an end of a line, a tab or
  /// another control byte.
  bool odd = false;
};

/// Tokens of one field in some rows.
///
///   begin of row r: positions[first[r] + begin_at] + begin_add;  end: positions[first[r] + end_at]
///
/// begin_at may be -1: positions[-1] exists.
struct TokenColumn {
  const char* text = nullptr;
  const std::uint32_t* positions = nullptr;
  const std::uint32_t* first = nullptr;  ///< one per row
  std::size_t rows = 0;
  std::ptrdiff_t begin_at = 0;
  std::uint32_t begin_add = 0;
  std::ptrdiff_t end_at = 0;

  std::uint32_t begin(std::size_t row) const noexcept {
    return positions[static_cast<std::ptrdiff_t>(first[row]) + begin_at] + begin_add;
  }
  std::uint32_t end(std::size_t row) const noexcept {
    return positions[static_cast<std::ptrdiff_t>(first[row]) + end_at];
  }
};

/// Longest token that numbers() converts.
inline constexpr std::uint32_t kMostDigits = 16;

struct Table {
  base::Kernel kernel;
  /// Writes the position of every space and newline.
  Separators (*separators)(const char* text, std::size_t size, std::uint32_t* positions);
  /// Writes where each token begins and where it ends, for any run of blanks; returns their number.
  std::size_t (*edges)(const char* text, std::size_t size, std::uint32_t* positions);
  /// Writes the position of every newline; returns their number.
  std::size_t (*newlines)(const char* text, std::size_t size, std::uint32_t* positions);
  /// Converts tokens of 1 to kMostDigits digits up to `max`. Writes the rows of all others to
  /// `exceptions`, ascending, and returns how many they are; their values are arbitrary.
  std::size_t (*numbers)(const TokenColumn& tokens, std::uint64_t max, std::uint64_t* values,
                         std::uint16_t* exceptions);
  /// Converts dotted quads, in the same manner.
  std::size_t (*addresses)(const TokenColumn& tokens, Ip* values, std::uint16_t* exceptions);
};

/// The loops of a kernel; those of `scalar` where the program was built without it.
const Table& table_of(base::Kernel kernel) noexcept;

namespace scalar {
extern const Table kTable;
}
#if defined(__x86_64__)
namespace avx2 {
extern const Table kTable;
}
namespace avx512 {
extern const Table kTable;
}
#endif
#if defined(__aarch64__)
namespace neon {
extern const Table kTable;
}
#endif

}  // namespace weir::decode::kernel
