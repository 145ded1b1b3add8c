// SPDX-License-Identifier: Apache-2.0
// cli: the terminal.
#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/terminal_text.hpp"
#include "cli/progress_line.hpp"

namespace weir::cli {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::string_view() : value;
}

bool use_color(std::string_view when) {
  if (when == "always") return true;
  if (when == "never") return false;
  if (!environment("NO_COLOR").empty()) return false;
  const std::string_view forced = environment("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  return stdout_is_terminal() && environment("TERM") != "dumb";
}

std::size_t width_of(int file) {
  constexpr std::size_t kUsual = 80;
  constexpr std::size_t kNarrowest = 40;
  constexpr std::size_t kWidest = 1000;
  std::size_t width = 0;
  for (const char c : environment("COLUMNS")) {
    if (c < '0' || c > '9' || width > kWidest) break;
    width = width * 10 + static_cast<std::size_t>(c - '0');
  }
  winsize size{};
  if (width == 0 && ioctl(file, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0) return kUsual;
  return std::clamp(width, kNarrowest, kWidest);
}

void print_line(std::string_view front, std::string_view text) {
  fmt::print(stderr, "{}{}\n", front, for_terminal(text));
}

/// Excerpts and hints have lines of their own.
void print_indented(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    print_line("  ", lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

}  // namespace

bool stdin_is_terminal() { return isatty(STDIN_FILENO) == 1; }
bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

std::size_t terminal_width() { return width_of(STDOUT_FILENO); }
std::size_t error_width() {
  // A line that does not fit is two, of which only one would be erased: no least width here.
  winsize size{};
  const bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const std::size_t width = width_of(STDERR_FILENO);
  return is_known ? std::min<std::size_t>(width, size.ws_col) : width;
}

bool shows_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = environment(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != value.npos || value.find("utf8") != value.npos;
  }
  return false;
}

Result<Style> make_style(std::string_view color, std::string_view zone) {
  Result<TimeZone> found = TimeZone::find(zone.empty() ? "utc" : zone);
  if (!found) return Unexpected(std::move(found.error()));
  return Style{.color = use_color(color),
               .width = terminal_width(),
               .unicode = shows_unicode(),
               .zone = *found,
               .is_zoned = !zone.empty()};
}

std::string for_terminal(std::string_view text) { return base::printable(text, shows_unicode()); }

std::string for_standard_output(std::string_view text) {
  return stdout_is_terminal() ? for_terminal(text) : std::string(text);
}

void print_output(std::string_view text) {
  const ProgressPause pause;
  fmt::print("{}", text);
  std::fflush(stdout);
}

void print_message(std::string_view text) {
  const ProgressPause pause;
  print_line("weir: ", text);
}

void print_warning(std::string_view text) {
  const ProgressPause pause;
  print_line("weir: warning: ", text);
}

void print_error(const Error& error) {
  const ProgressPause pause;
  print_line("weir: error: ",
             fmt::format("{}{}{}", error.where, error.where.empty() ? "" : ": ", error.message));
  print_indented(error.excerpt);
  print_indented(error.hint);
}

}  // namespace weir::cli
