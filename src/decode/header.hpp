// SPDX-License-Identifier: Apache-2.0
// decode: is this line a list of field names?
#pragma once

#include <optional>
#include <string_view>

#include "weir/format.hpp"

namespace weir::decode {

/// Reads a header line: names of fields separated by blanks, at least one and at least half of them
/// in the catalogue, all of them spelled like names. Others become text columns.
std::optional<Format> read_header(std::string_view line);

}  // namespace weir::decode
