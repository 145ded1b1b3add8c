// SPDX-License-Identifier: Apache-2.0
// cli: an answer for people: tables under titles, findings by topic, and sentences.
#include "cli/sections.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/terminal_text.hpp"
#include "render/terminal_text.hpp"

namespace weir::cli {
namespace {

ResultColumn text_column(std::string_view name) { return {.name = std::string(name)}; }

Cell time_cell(const std::optional<std::int64_t>& time) {
  if (!time) return {};
  return static_cast<unsigned __int128>(std::max<std::int64_t>(0, *time));
}

/// A sample cut to what is left of a line; the whole one is in the machine formats.
std::string one_line(const Finding& finding, std::size_t width) {
  constexpr std::size_t kLongestLabel = 40;
  const std::size_t left = width - std::min(width / 2, kLongestLabel);
  if (finding.detail.size() <= left) return finding.detail;
  return finding.detail.substr(0, left - 3) + "...";
}

/// One topic's findings, for people: columns that say nothing are left out, long lists are cut and
/// say so.
ResultTable topic_table(const Topic& topic, const std::vector<const Finding*>& findings,
                        std::size_t width) {
  const auto any = [&](auto has) { return std::any_of(findings.begin(), findings.end(), has); };
  const bool times = any([](const Finding* finding) { return finding->first.has_value(); });
  const bool details =
      topic.details && any([](const Finding* finding) { return !finding->detail.empty(); });
  const bool counts = !topic.count.empty();
  ResultTable table;
  table.columns.push_back(text_column(topic.subject));
  if (counts) table.columns.push_back({.name = std::string(topic.count), .kind = CellKind::count});
  if (times) {
    table.columns.push_back({.name = "first", .kind = CellKind::time});
    table.columns.push_back({.name = "last", .kind = CellKind::time});
  }
  if (details) table.columns.push_back(text_column("detail"));
  for (const Finding* finding : findings) {
    if (table.rows.size() == kFindingsPerTopic) {
      table.notes.push_back(fmt::format("{} more; -o ndjson lists all",
                                        with_thousands(findings.size() - kFindingsPerTopic)));
      break;
    }
    auto& row = table.rows.emplace_back();
    row.emplace_back(finding->subject);
    if (counts) row.emplace_back(static_cast<unsigned __int128>(finding->count));
    if (times) {
      row.push_back(time_cell(finding->first));
      row.push_back(time_cell(finding->last));
    }
    if (details) row.emplace_back(topic.is_sample ? one_line(*finding, width) : finding->detail);
  }
  return table;
}

Result<void> write_topics(const std::vector<Finding>& findings, std::span<const Topic> topics,
                          Output& output) {
  Sections sections(output);
  for (const Topic& topic : topics) {
    std::vector<const Finding*> own;
    for (const Finding& finding : findings) {
      if (finding.topic == topic.name) own.push_back(&finding);
    }
    if (own.empty()) continue;
    const bool warning = std::any_of(own.begin(), own.end(), [](const Finding* finding) {
      return finding->severity == Severity::warning;
    });
    auto written =
        sections.write(topic.title, topic_table(topic, own, output.style.width), warning);
    if (!written) return written;
  }
  return {};
}

/// Sentences in narrower columns would be all line ends.
constexpr std::size_t kLeastWidth = 24;

}  // namespace

Result<void> Sections::write(std::string_view title, const ResultTable& table, bool is_warning) {
  const bool color = output_.style.color;
  const std::string line = fmt::format("{}{}{}{}\n", first_ ? "" : "\n",
                                       !color       ? ""
                                       : is_warning ? "\x1b[1;33m"
                                                    : "\x1b[1m",
                                       title, color ? "\x1b[0m" : "");
  first_ = false;
  if (Result<void> written = output_.sink->write(line); !written) return written;
  return write_result(table, OutputKind::table, *output_.sink, output_.style);
}

ResultTable findings_table(const std::vector<Finding>& findings) {
  ResultTable table;
  table.columns = {text_column("topic"),
                   text_column("severity"),
                   text_column("subject"),
                   {.name = "count", .kind = CellKind::count},
                   {.name = "first", .kind = CellKind::time},
                   {.name = "last", .kind = CellKind::time},
                   text_column("detail")};
  for (const Finding& finding : findings) {
    table.rows.push_back(
        {finding.topic, std::string(finding.severity == Severity::warning ? "warning" : "note"),
         finding.subject, static_cast<unsigned __int128>(finding.count), time_cell(finding.first),
         time_cell(finding.last), finding.detail.empty() ? Cell() : Cell(finding.detail)});
  }
  return table;
}

Result<void> write_findings(const std::vector<Finding>& findings, std::span<const Topic> topics,
                            Output& output) {
  if (output.kind == OutputKind::table) return write_topics(findings, topics, output);
  return write_result(findings_table(findings), output.kind, *output.sink, output.style);
}

void append_sentence(std::string& out, std::string_view text, std::size_t indent,
                     const Style& style) {
  const std::size_t width = std::max(style.width, kLeastWidth + indent) - indent;
  const std::string lines = render::wrap_text(base::printable(text, style.unicode), width, 0);
  std::size_t at = 0;
  out.append(indent, ' ');
  if (lines.starts_with("REJECT:") || lines.starts_with("ACCEPT:")) {
    at = lines.find(':');
    render::append_painted(out, lines.substr(0, at),
                           lines.front() == 'R' ? render::Paint::rejected : render::Paint::accepted,
                           style.color);
  }
  for (; at < lines.size(); ++at) {
    out += lines[at];
    if (lines[at] == '\n') out.append(indent, ' ');
  }
  out += '\n';
}

}  // namespace weir::cli
