// SPDX-License-Identifier: Apache-2.0
// cli: lines from a terminal, with history and completion where libedit is there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// Threads: one at a time, and one a program.
class LineEditor {
 public:
  /// Words that the last word of a line may become.
  using Complete = std::function<std::vector<std::string>(std::string_view line)>;

  /// History is kept in `history_file` from one run to the next; nowhere if that is empty.
  LineEditor(std::string history_file, Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  enum class Outcome : std::uint8_t {
    line,         ///< `line` holds it, without its end
    interrupted,  ///< Ctrl-C: what was typed is dropped
    end,          ///< Ctrl-D on an empty line
  };
  Outcome read(const std::string& prompt, std::string& line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Where the history of a verb is kept, below $XDG_STATE_HOME or ~/.local/state; empty without a
/// home. The folder is made.
std::string history_file(std::string_view verb);

}  // namespace weir::cli
