// SPDX-License-Identifier: Apache-2.0
// cli: the terminal.
#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace weir::cli {
namespace {

constexpr double kFirstShown = 1.0;
constexpr double kInterval = 0.1;

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::string_view() : value;
}

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool use_color(std::string_view when) {
  if (when == "always") return true;
  if (when == "never") return false;
  if (!environment("NO_COLOR").empty()) return false;
  const std::string_view forced = environment("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  return stdout_is_terminal() && environment("TERM") != "dumb";
}

/// True if the locale says that the terminal shows UTF-8.
bool shows_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = environment(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != value.npos || value.find("utf8") != value.npos;
  }
  return false;
}

}  // namespace

bool stdin_is_terminal() { return isatty(STDIN_FILENO) == 1; }
bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

std::size_t terminal_width() {
  constexpr std::size_t kUsual = 80;
  constexpr std::size_t kNarrowest = 40;
  constexpr std::size_t kWidest = 1000;
  std::size_t width = 0;
  for (const char c : environment("COLUMNS")) {
    if (c < '0' || c > '9' || width > kWidest) break;
    width = width * 10 + static_cast<std::size_t>(c - '0');
  }
  winsize size{};
  if (width == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0) return kUsual;
  return std::clamp(width, kNarrowest, kWidest);
}

Result<Style> make_style(std::string_view color, std::string_view zone) {
  Result<TimeZone> found = TimeZone::find(zone);
  if (!found) return Unexpected(std::move(found.error()));
  return Style{.color = use_color(color),
               .width = terminal_width(),
               .unicode = shows_unicode(),
               .zone = *found};
}

void print_message(std::string_view text) { fmt::print(stderr, "weir: {}\n", text); }

void print_warning(std::string_view text) { fmt::print(stderr, "weir: warning: {}\n", text); }

void print_error(const Error& error) {
  fmt::print(stderr, "weir: error: {}{}{}\n", error.where, error.where.empty() ? "" : ": ",
             error.message);
  if (!error.excerpt.empty()) {
    std::string indented = "  ";
    for (const char c : error.excerpt) {
      indented += c;
      if (c == '\n') indented += "  ";
    }
    fmt::print(stderr, "{}\n", indented);
  }
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", error.hint);
}

Progress::Progress(std::string_view when, std::uint64_t total_bytes)
    : enabled_(when == "always" || (when == "auto" && stderr_is_terminal())),
      total_bytes_(total_bytes),
      started_(now_seconds()) {}

double Progress::seconds() const { return now_seconds() - started_; }

void Progress::update(std::uint64_t done_bytes) {
  if (!enabled_) return;
  const double now = now_seconds();
  if (now - started_ < kFirstShown || now - last_shown_ < kInterval) return;
  last_shown_ = now;
  shown_ = true;
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(done_bytes) / (now - started_));
  std::string share;
  if (total_bytes_ > 0) {
    share =
        fmt::format(" of {}, {:.0f} %", human_bytes(total_bytes_),
                    100.0 * static_cast<double>(done_bytes) / static_cast<double>(total_bytes_));
  }
  fmt::print(stderr, "\r\x1b[Kweir: {}{}, {}/s", human_bytes(done_bytes), share, human_bytes(rate));
  std::fflush(stderr);
}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace weir::cli
