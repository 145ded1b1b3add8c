// SPDX-License-Identifier: Apache-2.0
// cli: the tables of verbs and flags -> `weir --help` and `weir VERB --help`.
#pragma once

#include <string>

#include "cli/commands.hpp"

namespace weir::cli {

/// The text of `weir --help` and of `weir VERB --help`, 80 columns.
std::string general_help();
std::string verb_help(const Verb& verb);

}  // namespace weir::cli
