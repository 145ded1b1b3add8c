// SPDX-License-Identifier: Apache-2.0
// cli: answers on their way to standard output.
#pragma once

#include <memory>
#include <string_view>

#include "weir/progress.hpp"
#include "weir/source.hpp"

namespace weir::cli {

/// What a terminal is sent besides text and line ends.
struct TerminalBytes {
  bool unicode = true;  ///< characters outside ASCII
  bool colors = false;  ///< the sequences that change colours, which tables have
  bool tabs = false;    ///< between the values of tsv
};

/// Sends on to `sink`, whose end takes long: that is a phase of its own.
std::unique_ptr<ByteSink> make_phase_sink(std::unique_ptr<ByteSink> sink, Progress& progress,
                                          std::string_view phase);

/// Sends on to `sink`, which writes to standard output where that is no terminal: as it is.
std::unique_ptr<ByteSink> make_pipe_sink(std::unique_ptr<ByteSink> sink);

/// Sends on to `sink`, which writes to a terminal. Bytes that are data to a program are orders to a
/// terminal: whatever is not printable is spelled, in answers for programs as in those for people.
std::unique_ptr<ByteSink> make_terminal_sink(std::unique_ptr<ByteSink> sink, TerminalBytes allowed);

}  // namespace weir::cli
