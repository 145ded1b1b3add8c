// SPDX-License-Identifier: Apache-2.0
// cli: `weir check --guess`: a format for lines without a header in an order that nobody knows.
#include "weir/guess.hpp"

#include <fmt/format.h>

#include <array>

#include "base/number_words.hpp"
#include "base/terminal_text.hpp"
#include "cli/commands.hpp"
#include "cli/sections.hpp"
#include "cli/terminal.hpp"

namespace weir::cli {
namespace {

/// Logs of one folder have few formats.
constexpr std::size_t kMostObjects = 64;

std::string format_flag(const FormatGuess& guess) {
  return fmt::format("--format '{}'", guess.format());
}

/// `14 columns: 9 certain, 3 likely, 2 possible`.
std::string certainty_words(const FormatGuess& guess) {
  std::array<std::size_t, 4> counts{};
  for (const GuessedColumn& column : guess.columns) {
    ++counts[static_cast<std::size_t>(column.certainty)];
  }
  std::string words = base::counted(guess.columns.size(), "column") + ":";
  const char* separator = " ";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    words += fmt::format("{}{} {}", separator, counts[i],
                         guess_certainty_name(static_cast<GuessCertainty>(i)));
    separator = ", ";
  }
  return words;
}

std::string why_words(const GuessedColumn& column) {
  if (column.others.empty()) return column.why;
  return fmt::format("{}; also fits: {}", column.why, fmt::join(column.others, ", "));
}

std::string known_words(const FormatGuess& guess) {
  return guess.known.empty()
             ? std::string()
             : fmt::format("without --format weir reads these lines as {}", guess.known);
}

/// For programs: the proposal first, then its columns, as `weir check` writes findings.
void add_findings(const FormatGuess& guess, std::vector<Finding>& findings) {
  const bool is_open = std::any_of(
      guess.columns.begin(), guess.columns.end(),
      [](const GuessedColumn& column) { return column.certainty >= GuessCertainty::possible; });
  std::string detail = certainty_words(guess);
  if (!guess.known.empty()) detail += "; " + known_words(guess);
  findings.push_back({.topic = "proposal",
                      .severity = is_open ? Severity::warning : Severity::note,
                      .subject = format_flag(guess),
                      .count = guess.lines,
                      .first = {},
                      .last = {},
                      .detail = std::move(detail)});
  for (std::size_t i = 0; i < guess.columns.size(); ++i) {
    const GuessedColumn& column = guess.columns[i];
    findings.push_back({.topic = "columns",
                        .severity = column.certainty >= GuessCertainty::possible ? Severity::warning
                                                                                 : Severity::note,
                        .subject = column.field,
                        .count = i + 1,
                        .first = {},
                        .last = {},
                        .detail = fmt::format("{}: {}", guess_certainty_name(column.certainty),
                                              why_words(column))});
  }
}

/// For people: a table of the columns, and below it the line to paste.
Result<void> write_guess(const FormatGuess& guess, Sections& sections, Output& output) {
  ResultTable table;
  table.columns = {{.name = "column", .kind = CellKind::count},
                   {.name = "field"},
                   {.name = "sure"},
                   {.name = "example"},
                   {.name = "why"}};
  for (std::size_t i = 0; i < guess.columns.size(); ++i) {
    const GuessedColumn& column = guess.columns[i];
    table.rows.push_back({static_cast<unsigned __int128>(i + 1), column.field,
                          std::string(guess_certainty_name(column.certainty)),
                          column.example.empty() ? Cell() : Cell(column.example),
                          why_words(column)});
  }
  const std::string title =
      fmt::format("{} in {}", certainty_words(guess), base::counted(guess.lines, "sampled line"));
  if (auto written = sections.write(title, table); !written) return written;
  const std::string known = known_words(guess);
  // Never broken into lines: it is there to be copied.
  return output.sink->write(fmt::format(
      "{}\nProposed, to be confirmed by who made the flow log:\n  {}\n",
      known.empty() ? known : fmt::format("  {}\n", base::printable(known, output.style.unicode)),
      base::printable(format_flag(guess), output.style.unicode)));
}

/// Looks at some of many objects, evenly spread. Returns how many could not be looked at.
std::size_t sample_objects(const std::vector<Input>& inputs, GuessSample& sample) {
  std::size_t failures = 0;
  const std::size_t count = std::min(inputs.size(), kMostObjects);
  for (std::size_t i = 0; i < count; ++i) {
    const Result<void> added = sample.add(inputs[i * inputs.size() / count]);
    if (added) continue;
    ++failures;
    print_error(added.error());
  }
  return failures;
}

}  // namespace

int guess_formats(const Options& options) {
  if (!options.format.empty()) {
    return fail(usage_error("--guess and --format cannot be combined",
                            "--guess looks for the format that --format would give"));
  }
  Result<Output> output = choose_output(options);
  if (!output) return fail(output.error());
  const InputList list =
      expand_inputs(options.arguments.empty() ? std::vector<std::string>{"-"} : options.arguments);
  for (const Error& error : list.errors) print_error(error);
  GuessSample sample;
  const std::size_t failures = sample_objects(list.inputs, sample) + list.errors.size();
  if (sample.lines().empty()) {
    return failures > 0 ? kNoAnswer
                        : fail({.code = ErrorCode::no_flow_log,
                                .message = "there is no line to guess a format from"});
  }
  if (Result<void> opened = open_output(*output, list.inputs); !opened) {
    return fail(opened.error());
  }
  Sections sections(*output);
  std::vector<Finding> findings;
  Result<void> ended;
  for (const auto& [fields, lines] : sample.lines()) {
    const FormatGuess guess = guess_format(lines);
    if (output->kind != OutputKind::table) {
      add_findings(guess, findings);
    } else if (ended) {
      ended = write_guess(guess, sections, *output);
    }
  }
  if (ended && output->kind != OutputKind::table) {
    ended = write_findings(findings, {}, *output);
  }
  if (ended) ended = output->sink->finish();
  if (!ended) return output->sink->is_closed_pipe() ? kComplete : fail(ended.error());
  return failures > 0 ? kPartial : kComplete;
}

}  // namespace weir::cli
