// SPDX-License-Identifier: Apache-2.0
// cli: a record and its verdict in a few lines for a person.
#pragma once

#include <string>

#include "weir/batch.hpp"
#include "weir/render.hpp"
#include "weir/verdict.hpp"

namespace weir::cli {

/// The record in a line, and the verdict's sentence under it. `verbose`: and the facts, and with a
/// policy every rule that was looked at and what came of it.
std::string verdict_paragraph(const Batch& batch, std::size_t row, const Verdict& verdict,
                              const Evaluator* policy, const Style& style, bool verbose);

/// Appends text broken into lines that begin with `indent` blanks; ACCEPT and REJECT at its
/// beginning in their colours.
void append_sentence(std::string& out, std::string_view text, std::size_t indent,
                     const Style& style);

}  // namespace weir::cli
