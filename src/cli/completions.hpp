// SPDX-License-Identifier: Apache-2.0
// cli: the tables of verbs and flags -> what a shell needs to complete them.
//
// Each function writes a whole script. They complete verbs, flags, the values of flags, names of
// fields (also behind a comma), names of reports, and files.
#pragma once

#include <string>
#include <string_view>

#include "cli/commands.hpp"

namespace weir::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

// ---- what the three have in common ----

// Several words have blanks between them.

/// Names of all fields, and of all reports.
std::string field_words();
std::string report_words();
/// What -o takes.
std::string output_words();
/// `-w --where -n --limit ...`: every flag that is followed by a value, in any verb.
std::string value_flag_words();
/// `it's` -> `'it'\''s'`, as bash and zsh read it.
std::string shell_quoted(std::string_view text);
/// The verbs that take a flag, or this kind of arguments.
std::string verbs_taking(FlagId id);
std::string verbs_taking(Arguments arguments);
/// `--limit`, and `-n` if it has a short form.
std::string flag_words(const Flag& flag);

}  // namespace weir::cli
