// SPDX-License-Identifier: Apache-2.0
// decode: where the digits of a dotted quad stand, by where its dots stand.
//
// There are 81 ways to write four numbers of one to three digits each. Every one has a shuffle that
// gives each number four bytes of its own, right-aligned, with zeros before it:
//
//   "10.0.200.7"  ->  0 0 1 0 | 0 0 0 0 | 0 2 0 0 | 0 0 0 7
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir::decode::kernel {

/// Longest dotted quad.
inline constexpr std::uint32_t kMostQuadBytes = 15;

/// The slot of a quad by its marks: a bit for each of its dots and one for its end. The factor was
/// found by trial: under it no two of the 81 share a slot, which make_quad_table() checks.
constexpr std::uint32_t quad_slot(std::uint32_t marks) noexcept {
  return static_cast<std::uint32_t>(marks * 1'585'690'287U) >> 24;
}

struct QuadTable {
  alignas(64) std::array<std::array<std::uint8_t, 16>, 256> shuffles{};
  std::array<std::uint32_t, 256> marks{};  ///< of the quad that has the slot; 0 if none has
};

consteval QuadTable make_quad_table() {
  QuadTable table;
  constexpr std::uint8_t kZero = 0x80;
  for (unsigned code = 0; code < 81; ++code) {
    const std::array<unsigned, 4> lengths = {code / 27 + 1, code / 9 % 3 + 1, code / 3 % 3 + 1,
                                             code % 3 + 1};
    std::uint32_t marks = 0;
    std::array<std::uint8_t, 16> shuffle{};
    unsigned at = 0;
    for (unsigned part = 0; part < 4; ++part) {
      for (unsigned byte = 0; byte < 4; ++byte) {
        const bool is_digit = byte + lengths[part] >= 4;
        shuffle[part * 4 + byte] =
            is_digit ? static_cast<std::uint8_t>(at + byte + lengths[part] - 4) : kZero;
      }
      at += lengths[part];
      marks |= 1U << at++;
    }
    if (table.marks[quad_slot(marks)] != 0) throw "two quads share a slot";
    table.marks[quad_slot(marks)] = marks;
    table.shuffles[quad_slot(marks)] = shuffle;
  }
  return table;
}

inline constexpr QuadTable kQuadTable = make_quad_table();

}  // namespace weir::decode::kernel
