// SPDX-License-Identifier: Apache-2.0
// decode: is this line a list of field names?
#pragma once

#include <optional>
#include <string_view>

#include "field/header_names.hpp"

namespace weir::decode {

/// True if the line is a header: field::is_header() of its words.
bool is_header_line(std::string_view line);

/// Reads a header line; nothing if it is none. Of a name that it lists twice the first column
/// counts. If the lines below have other values there, the second is kept too, as text:
/// `srcaddr-repeated`.
std::optional<field::HeaderNames> read_header(std::string_view line, std::string_view below);

}  // namespace weir::decode
