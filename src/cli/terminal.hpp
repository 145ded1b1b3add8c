// SPDX-License-Identifier: Apache-2.0
// cli: what is known of the terminal, and the words that go to it.
#pragma once

#include <cstdint>
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

/// How people's text is drawn on standard output. `color` is auto, always or never; NO_COLOR,
/// CLICOLOR_FORCE and TERM=dumb are honoured (https://no-color.org, https://bixense.com/clicolors).
Result<Style> make_style(std::string_view color, std::string_view zone);

/// Writes to standard error: `weir: error: where: message`, the excerpt and the hint.
void print_error(const Error& error);
void print_warning(std::string_view text);
void print_message(std::string_view text);

/// Shows how far a long run has come, on a terminal and after the first second.
class Progress {
 public:
  /// `when` is auto, always or never; `total_bytes` 0 if unknown.
  Progress(std::string_view when, std::uint64_t total_bytes);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void update(std::uint64_t done_bytes);
  double seconds() const;

 private:
  bool enabled_ = false;
  bool shown_ = false;
  std::uint64_t total_bytes_ = 0;
  double started_ = 0;
  double last_shown_ = 0;
};

}  // namespace weir::cli
