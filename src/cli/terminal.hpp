// SPDX-License-Identifier: Apache-2.0
// cli: what is known of the terminal, and the words that go to it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weir/render.hpp"
#include "weir/result.hpp"

namespace weir::cli {

bool stdin_is_terminal();
bool stdout_is_terminal();
bool stderr_is_terminal();

/// Columns of the terminal: COLUMNS, else what the terminal says, else 80.
std::size_t terminal_width();
/// The same of the terminal that standard error may be.
std::size_t error_width();

/// True if the locale says that the terminal shows UTF-8.
bool shows_unicode();

/// How people's text is drawn on standard output. `color` is auto, always or never; NO_COLOR,
/// CLICOLOR_FORCE and TERM=dumb are honoured (https://no-color.org, https://bixense.com/clicolors).
/// `zone` is what --tz says, or empty.
Result<Style> make_style(std::string_view color, std::string_view zone);

/// Text of others as the terminal may show it: see base::printable().
std::string for_terminal(std::string_view text);
/// The same if standard output is a terminal; what goes to a program stays as it is.
std::string for_standard_output(std::string_view text);

/// Writes to standard output what is no answer of a sink, at once: what a prompt says, for example.
void print_output(std::string_view text);

/// Writes to standard error, all text through for_terminal(): `weir: error: where: message`, the
/// excerpt and the hint.
void print_error(const Error& error);
void print_warning(std::string_view text);
void print_message(std::string_view text);

}  // namespace weir::cli
