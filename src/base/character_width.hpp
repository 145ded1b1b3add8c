// SPDX-License-Identifier: Apache-2.0
// base: how many columns of a terminal one character takes.
#pragma once

#include <cstddef>

namespace weir::base {

/// 0 for characters that combine with the one before and for control characters, 2 for East Asian
/// wide ones and emoji, else 1.
std::size_t character_width(char32_t point) noexcept;

}  // namespace weir::base
