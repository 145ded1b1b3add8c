// SPDX-License-Identifier: Apache-2.0
// envelope: names other kinds of files by their first bytes.
#pragma once

#include <string_view>

namespace weir::envelope {

/// Names the kind of file by its first bytes, with an article: `a JPEG image`. Empty if unknown.
std::string_view name_by_magic(std::string_view bytes) noexcept;

/// True for bytes that are not text: NUL bytes, or more control bytes than text has.
bool is_binary(std::string_view bytes) noexcept;

}  // namespace weir::envelope
