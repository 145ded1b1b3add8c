// SPDX-License-Identifier: Apache-2.0
// cli: the line on standard error that says what is being done and how far it is.
#include "cli/progress_line.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

#include "cli/terminal.hpp"
#include "weir/render.hpp"

namespace weir::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstShown{1000};
constexpr milliseconds kInterval{200};

/// What came out of a pipe is on the screen after this, or whoever reads it is slow.
constexpr milliseconds kPipeRest{1000};

/// A rate is not known after less, nor how much time is left.
constexpr double kLeastSeconds = 0.5;

/// What is printed to the terminal, by whomever. One for all, as the terminal is one.
struct Printing {
  std::mutex mutex;
  ProgressLine* line = nullptr;
  bool has_ended_line = true;
  std::optional<Progress::Clock::time_point> pipe_used;
};

Printing& printing() {
  static Printing all;
  return all;
}

/// True while who reads the pipe that standard output is may still be printing what was in it.
bool is_pipe_busy(Progress::Clock::time_point now) {
  if (!printing().pipe_used) return false;
  if (now - *printing().pipe_used < kPipeRest) return true;
  int unread = 0;
  return ioctl(STDOUT_FILENO, FIONREAD, &unread) == 0 && unread > 0;
}

std::string count_text(std::uint64_t count, ProgressUnit unit) {
  return unit == ProgressUnit::bytes ? human_bytes(count) : with_thousands(count);
}

std::string_view unit_name(ProgressUnit unit) {
  switch (unit) {
    case ProgressUnit::records:
      return " records";
    case ProgressUnit::rows:
      return " rows";
    case ProgressUnit::none:
    case ProgressUnit::bytes:
    case ProgressUnit::steps:
      break;
  }
  return "";
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(seconds, 0.0));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

/// What the line has to say, in the order in which it is left out where there is no room: the last
/// first, but for the time that is left.
class LineWords {
 public:
  LineWords(const Progress::State& state, Progress::Clock::time_point now)
      : state_(state), seconds_(std::chrono::duration<double>(now - state.began).count()) {
    // An answer may have no need of the inputs: then none of their bytes are ever read.
    const bool is_unread = state.done == 0 && state.then == state.phase;
    is_beyond_ =
        !state.then.empty() && (is_unread || (state.total > 0 && state.done >= state.total));
    if (is_beyond_) {
      share_ = state.share;
    } else if (state.total > 0 && state.done <= state.total) {
      share_ = static_cast<double>(state.done) / static_cast<double>(state.total);
    }
  }

  std::string phase() const { return std::string(is_beyond_ ? state_.then : state_.phase); }

  std::vector<std::string> parts() const {
    std::vector<std::string> parts;
    if (share_) parts.push_back(fmt::format("{:.0f} %", std::min(*share_, 1.0) * 100));
    if (counts() && seconds_ > kLeastSeconds) {
      const auto rate = static_cast<std::uint64_t>(static_cast<double>(state_.done) / seconds_);
      parts.push_back(count_text(rate, state_.unit) + "/s");
    }
    if (share_ && *share_ > 0 && seconds_ > kLeastSeconds) {
      parts.push_back(duration_text(seconds_ / *share_ * (1 - *share_)) + " left");
    } else if (!counts()) {
      parts.push_back(duration_text(seconds_));
    }
    return parts;
  }

  /// ` 1.2 GiB of 3.4 GiB`
  std::string amount() const {
    if (!counts()) return {};
    const std::string of =
        share_ ? fmt::format(" of {}", count_text(state_.total, state_.unit)) : std::string();
    return fmt::format(" {}{}{}", count_text(state_.done, state_.unit), of, unit_name(state_.unit));
  }

 private:
  bool counts() const {
    return !is_beyond_ && state_.unit != ProgressUnit::none && state_.unit != ProgressUnit::steps;
  }

  const Progress::State& state_;
  double seconds_;
  bool is_beyond_ = false;
  std::optional<double> share_;
};

/// For tests, which cannot wait for a second to pass: 0 draws every phase at once.
std::optional<milliseconds> asked_interval() {
  const char* const text = std::getenv("WEIR_PROGRESS_MS");  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) return std::nullopt;
  unsigned value = 0;
  const std::string_view digits = text;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return milliseconds(value);
}

}  // namespace

std::string progress_text(const Progress::State& state, Progress::Clock::time_point now,
                          std::size_t width) {
  if (state.phase.empty()) return {};
  const LineWords words(state, now);
  const std::vector<std::string> parts = words.parts();
  const auto joined = [&](std::string text, std::size_t skip_from) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i < skip_from || i + 1 == parts.size()) text += (text.empty() ? "" : ", ") + parts[i];
    }
    return text;
  };
  for (std::size_t shown = parts.size() + 1; shown-- > 0;) {
    std::string text = joined(words.phase() + words.amount(), shown);
    if (text.size() <= width) return text;
  }
  return words.phase().substr(0, width);
}

void WrittenRows::tell() {
  if (count_ > 1) return progress_.advance(kToldAtOnce);
  progress_.begin("writing", ProgressUnit::rows, total_);
}

ProgressLine::ProgressLine(std::string_view when)
    : progress_([this] { draw_phase(); }, [this] { erase_at_end(); }),
      first_shown_(asked_interval().value_or(kFirstShown)),
      interval_(asked_interval().value_or(kInterval)) {
  is_over_ = when != "always" && (when != "auto" || !stderr_is_terminal());
  if (is_over_) return;
  {
    const std::lock_guard lock(printing().mutex);
    printing().line = this;
  }
  if (interval_ > milliseconds(0)) drawer_ = std::thread([this] { draw_now_and_then(); });
}

ProgressLine::~ProgressLine() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_all();
  if (drawer_.joinable()) drawer_.join();
  const std::lock_guard lock(printing().mutex);
  if (printing().line != this) return;
  erase();
  printing().line = nullptr;
}

void ProgressLine::draw_now_and_then() {
  std::unique_lock lock(mutex_);
  while (!over_.wait_for(lock, interval_, [this] { return is_over_; })) {
    const std::lock_guard printing_lock(printing().mutex);
    draw();
  }
}

/// Where there is no clock.
void ProgressLine::draw_phase() {
  if (is_over_ || interval_ > milliseconds(0)) return;
  const std::lock_guard lock(printing().mutex);
  draw();
}

/// Called with the mutex of all that is printed.
void ProgressLine::draw() {
  const Progress::State state = progress_.state();
  const Progress::Clock::time_point now = Progress::Clock::now();
  if (state.phase.empty() || !printing().has_ended_line) return erase();
  if (now - state.busy_since < first_shown_ || is_pipe_busy(now)) return;
  constexpr std::string_view kFront = "weir: ";
  // A terminal may go on to the next line once the last column is taken.
  const std::size_t columns = error_width();
  if (columns < 2 * kFront.size()) return;
  const std::size_t width = columns - 1 - kFront.size();
  fmt::print(stderr, "\r\x1b[K{}{}", kFront, progress_text(state, now, width));
  std::fflush(stderr);
  is_drawn_ = true;
}

/// Called with the mutex of all that is printed.
void ProgressLine::erase() {
  if (!is_drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  is_drawn_ = false;
}

/// Whoever comes next may print without asking: libedit draws the prompt of `weir sql`.
void ProgressLine::erase_at_end() {
  const std::lock_guard lock(printing().mutex);
  erase();
}

void erase_progress_if_free() {
  const std::unique_lock lock(printing().mutex, std::try_to_lock);
  if (lock.owns_lock() && printing().line != nullptr) printing().line->erase();
}

ProgressPause::ProgressPause(bool erases) : lock_(printing().mutex) {
  if (erases && printing().line != nullptr) printing().line->erase();
}

void ProgressPause::set_line_ended(bool has_ended) { printing().has_ended_line = has_ended; }

void ProgressPause::set_pipe_used() { printing().pipe_used = Progress::Clock::now(); }

}  // namespace weir::cli
