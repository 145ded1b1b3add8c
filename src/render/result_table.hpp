// SPDX-License-Identifier: Apache-2.0
// render: result table -> a table for a person.
#pragma once

#include "render/text_buffer.hpp"
#include "weir/render.hpp"

namespace weir::render {

/// Writes a finished answer: titles, rows, the notes under them, and what had to be cut.
Result<void> write_people_table(const ResultTable& table, TextBuffer& out, const Style& style);

}  // namespace weir::render
