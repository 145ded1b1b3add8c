// SPDX-License-Identifier: Apache-2.0
// source: `*`, `?` and `[...]` in file names.
#pragma once

#include <string_view>

namespace weir::source {

/// Whether a shell would take this as a pattern.
bool has_wildcard(std::string_view text) noexcept;

/// Matches one name, without directories. `*` is any run of characters, `?` one character, `[a-z]`
/// one of a set, `[!a-z]` and `[^a-z]` one outside it; a `[` that nothing closes is itself. A
/// character is a UTF-8 sequence. A leading `.` has to be written out.
bool matches_wildcard(std::string_view pattern, std::string_view name) noexcept;

}  // namespace weir::source
