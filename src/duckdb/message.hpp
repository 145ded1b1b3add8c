// SPDX-License-Identifier: Apache-2.0
// duckdb: what DuckDB says about a failure -> an Error as weir's own look.
#pragma once

#include <string_view>

#include "weir/result.hpp"

namespace weir::duckdb {

/// Takes DuckDB's words apart: `Binder Error: what`, further lines, `LINE 1: text` with a caret
/// under the place.
Error to_error(std::string_view said);

}  // namespace weir::duckdb
