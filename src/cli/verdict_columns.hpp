// SPDX-License-Identifier: Apache-2.0
// cli: a verdict as programs read it, behind a record.
#pragma once

#include <optional>
#include <string>

#include "weir/render.hpp"
#include "weir/verdict.hpp"

namespace weir::cli {

/// What stands behind a record's JSON object, from `,"verdict":` to the brace that ends the line's.
std::string verdict_members(const Verdict& verdict, const Network* network);
/// What stands behind the record's cells of a CSV or TSV line, with the separator before it.
std::string verdict_cells(const Verdict& verdict, const Network* network, OutputKind kind);
/// The titles of these cells and of the record's before them, with line end.
std::string verdict_titles(const Format& columns, OutputKind kind);

}  // namespace weir::cli
