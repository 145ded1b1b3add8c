// SPDX-License-Identifier: Apache-2.0
// base: how far a misspelled word is from the one that was meant.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir::base {

/// Letters to insert, delete, replace or swap with their neighbour, which turn one word into the
/// other.
/// Takes time and memory by the product of the lengths: cut what strangers typed.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace weir::base
