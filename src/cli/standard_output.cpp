// SPDX-License-Identifier: Apache-2.0
// cli: answers on their way to standard output.
#include "cli/standard_output.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/terminal_text.hpp"
#include "cli/progress_line.hpp"

namespace weir::cli {
namespace {

/// A sequence that changes colours is shorter.
constexpr std::size_t kLongestColor = 16;

enum class ColorSequence : unsigned char { none, whole, cut_off };

struct FoundColor {
  ColorSequence found = ColorSequence::none;
  std::size_t length = 0;
};

/// ESC [ 1 ; 31 m (ECMA-48, SGR) at the front of a text.
FoundColor color_at_front(std::string_view text) noexcept {
  if (text.front() != '\x1b') return {};
  if (text.size() == 1) return {.found = ColorSequence::cut_off, .length = 1};
  if (text[1] != '[') return {};
  for (std::size_t i = 2; i < std::min(text.size(), kLongestColor); ++i) {
    if (text[i] == 'm') return {.found = ColorSequence::whole, .length = i + 1};
    if (text[i] != ';' && (text[i] < '0' || text[i] > '9')) return {};
  }
  return {.found = text.size() < kLongestColor ? ColorSequence::cut_off : ColorSequence::none};
}

class TerminalSink final : public ByteSink {
 public:
  TerminalSink(std::unique_ptr<ByteSink> sink, TerminalBytes allowed)
      : sink_(std::move(sink)), allowed_(allowed) {}

  Result<void> write(std::string_view bytes) override {
    rest_.append(bytes);
    return send(take(false));
  }

  Result<void> finish() override {
    if (auto done = send(take(true)); !done) return done;
    return sink_->finish();
  }

  bool is_closed_pipe() const noexcept override { return sink_->is_closed_pipe(); }

 private:
  Result<void> send(std::string_view shown) {
    if (shown.empty()) return {};
    ProgressPause pause;
    auto done = sink_->write(shown);
    pause.set_line_ended(shown.back() == '\n');
    return done;
  }

  /// What of `rest_` can be shown: all but a character or sequence whose end is still to come.
  std::string take(bool is_end) {
    std::string shown;
    std::string_view text = rest_;
    while (!text.empty()) {
      std::size_t length = 1;
      if (text.front() == '\n' || (text.front() == '\t' && allowed_.tabs)) {
        shown += text.front();
      } else if (const FoundColor color = color_of(text); color.found == ColorSequence::whole) {
        length = color.length;
        shown += text.substr(0, length);
      } else {
        const base::CodePoint point = base::decode_utf8(text);
        const bool may_go_on =
            color.found == ColorSequence::cut_off ||
            (!point.valid && point.length == text.size() && begins_character(text.front()));
        if (may_go_on && !is_end) break;
        length = point.length;
        base::append_printable(shown, text.substr(0, length), allowed_.unicode);
      }
      text.remove_prefix(length);
    }
    rest_ = std::string(text);
    return shown;
  }

  FoundColor color_of(std::string_view text) const noexcept {
    return allowed_.colors ? color_at_front(text) : FoundColor();
  }

  static bool begins_character(char byte) noexcept {
    const auto value = static_cast<unsigned char>(byte);
    return value >= 0xc2 && value <= 0xf4;
  }

  std::unique_ptr<ByteSink> sink_;
  TerminalBytes allowed_;
  std::string rest_;
};

/// Who reads a pipe may print to the terminal on which progress is drawn: the line is gone before
/// anything is in the pipe, none is drawn while that is full or who reads it may be printing, and
/// none once all is in it.
class PipeSink final : public ByteSink {
 public:
  explicit PipeSink(std::unique_ptr<ByteSink> sink) : sink_(std::move(sink)) {
    struct stat status {};
    is_pipe_ = fstat(STDOUT_FILENO, &status) == 0 &&
               (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
  }

  Result<void> write(std::string_view bytes) override {
    ProgressPause pause(is_pipe_);
    auto done = sink_->write(bytes);
    if (is_pipe_) pause.set_pipe_used();
    return done;
  }
  Result<void> finish() override {
    ProgressPause pause(is_pipe_);
    if (is_pipe_) pause.set_line_ended(false);
    return sink_->finish();
  }
  bool is_closed_pipe() const noexcept override { return sink_->is_closed_pipe(); }

 private:
  std::unique_ptr<ByteSink> sink_;
  bool is_pipe_ = false;
};

class PhaseSink final : public ByteSink {
 public:
  PhaseSink(std::unique_ptr<ByteSink> sink, Progress& progress, std::string_view phase)
      : sink_(std::move(sink)), progress_(progress), phase_(phase) {}

  Result<void> write(std::string_view bytes) override { return sink_->write(bytes); }
  Result<void> finish() override {
    progress_.begin(phase_);
    return sink_->finish();
  }
  bool is_closed_pipe() const noexcept override { return sink_->is_closed_pipe(); }

 private:
  std::unique_ptr<ByteSink> sink_;
  Progress& progress_;
  std::string_view phase_;
};

}  // namespace

std::unique_ptr<ByteSink> make_phase_sink(std::unique_ptr<ByteSink> sink, Progress& progress,
                                          std::string_view phase) {
  return std::make_unique<PhaseSink>(std::move(sink), progress, phase);
}

std::unique_ptr<ByteSink> make_pipe_sink(std::unique_ptr<ByteSink> sink) {
  return std::make_unique<PipeSink>(std::move(sink));
}

std::unique_ptr<ByteSink> make_terminal_sink(std::unique_ptr<ByteSink> sink,
                                             TerminalBytes allowed) {
  return std::make_unique<TerminalSink>(std::move(sink), allowed);
}

}  // namespace weir::cli
