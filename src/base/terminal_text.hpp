// SPDX-License-Identifier: Apache-2.0
// base: text of others as a terminal may show it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/utf8.hpp"

namespace weir::base {

/// False for control characters, for characters that reorder or hide what stands around them, and
/// for bytes that are no UTF-8. Without `unicode`, for everything outside ASCII too.
bool is_printable(const CodePoint& point, bool unicode = true) noexcept;

/// Text that the program did not write itself, made safe to print: what is not printable becomes
/// `\x1b`, `\u202e`. A log must not be able to move the cursor, set the title or hide a line.
/// Everything that goes to a terminal passes here, and all spelling is here.
std::string printable(std::string_view text, bool unicode = true);
void append_printable(std::string& out, std::string_view text, bool unicode = true);

/// Columns of a terminal that a printable text takes.
std::size_t printable_width(std::string_view text) noexcept;

}  // namespace weir::base
