// SPDX-License-Identifier: Apache-2.0
// cli: `64MiB` -> bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/result.hpp"

namespace weir::cli {

/// Reads `4096`, `500M`, `64MiB`, `2Gi`: what --`flag` was given. Never zero. Errors: usage.
Result<std::uint64_t> parse_size(std::string_view flag, std::string_view text);

}  // namespace weir::cli
