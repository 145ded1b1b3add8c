// SPDX-License-Identifier: Apache-2.0
// cli: `weir check --config`: what a configuration holds, what was skipped, and what it lacks.
#include <fmt/format.h>

#include <map>
#include <set>
#include <span>

#include "base/terminal_text.hpp"
#include "cli/commands.hpp"
#include "cli/conversation_run.hpp"
#include "cli/reading.hpp"
#include "cli/sections.hpp"
#include "render/terminal_text.hpp"
#include "weir/policy.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kListedSkipped = 20;

/// How much a network holds of something.
struct Held {
  std::string_view one;
  std::string_view many;
  std::size_t count;
};

std::vector<Held> sums_of(const Network& network) {
  std::size_t rules = 0;
  std::size_t entries = 0;
  std::size_t prefixes = 0;
  for (const SecurityGroup& group : network.groups) rules += group.rules.size();
  for (const NetworkAcl& acl : network.acls) entries += acl.entries.size();
  for (const PrefixList& list : network.prefix_lists) prefixes += list.entries.size();
  return {{"security group", "security groups", network.groups.size()},
          {"rule", "rules", rules},
          {"network ACL", "network ACLs", network.acls.size()},
          {"ACL entry", "ACL entries", entries},
          {"prefix list", "prefix lists", network.prefix_lists.size()},
          {"prefix in them", "prefixes in them", prefixes},
          {"interface", "interfaces", network.interfaces.size()},
          {"subnet", "subnets", network.subnets.size()},
          {"VPC", "VPCs", network.vpcs.size()}};
}

/// What was read, by kind.
ResultTable kinds_table(const Configuration& configuration) {
  struct Sum {
    std::uint64_t files = 0;
    std::uint64_t items = 0;
  };
  std::map<std::string, Sum> kinds;
  for (const ConfigurationFile& file : configuration.report.read) {
    Sum& sum = kinds[file.kind];
    ++sum.files;
    sum.items += file.items;
  }
  ResultTable table;
  table.columns = {{.name = "kind"},
                   {.name = "files", .kind = CellKind::count},
                   {.name = "items", .kind = CellKind::count}};
  for (const auto& [kind, sum] : kinds) {
    table.rows.push_back({kind, static_cast<unsigned __int128>(sum.files),
                          static_cast<unsigned __int128>(sum.items)});
  }
  std::vector<std::string> held;
  for (const Held& sum : sums_of(configuration.network)) {
    held.push_back(
        fmt::format("{} {}", with_thousands(sum.count), sum.count == 1 ? sum.one : sum.many));
  }
  table.notes.push_back(fmt::format("each counted once: {}", fmt::join(held, ", ")));
  return table;
}

/// Sections of text under the table.
class Sections {
 public:
  Sections(std::string& text, const Style& style) : text_(text), style_(style) {}

  void title(std::string_view words, render::Paint paint) {
    text_ += '\n';
    render::append_painted(text_, words, paint, style_.color);
    text_ += '\n';
  }
  /// A line that is not broken, since people copy it.
  void line(std::string_view words) { text_ += base::printable(words, style_.unicode) + '\n'; }
  void prose(std::string_view words, std::size_t indent) {
    if (words.empty()) return;
    text_.append(indent, ' ');
    text_ +=
        render::wrap_text(base::printable(words, style_.unicode), style_.width - indent, indent) +
        '\n';
  }
  /// An excerpt and its caret, line by line.
  void excerpt(std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      line(fmt::format("  {}", lines.substr(0, end)));
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
  }

 private:
  std::string& text_;
  const Style& style_;
};

/// `command: why` in its parts.
std::pair<std::string_view, std::string_view> split_missing(std::string_view missing) {
  const std::size_t colon = missing.find(": ");
  if (colon == std::string_view::npos) return {missing, {}};
  return {missing.substr(0, colon), missing.substr(colon + 2)};
}

std::string sections(const ConfigurationReport& report, const Style& style) {
  std::string text;
  Sections write(text, style);
  if (!report.skipped.empty()) write.title("Skipped", render::Paint::warning);
  const std::size_t shown = std::min(report.skipped.size(), kListedSkipped);
  std::set<std::string_view> hints;
  for (const Error& error : std::span(report.skipped).first(shown)) {
    write.prose(fmt::format("{}: {}", error.where, error.message), 0);
    write.excerpt(error.excerpt);
    if (hints.insert(error.hint).second) write.prose(error.hint, 2);
  }
  if (shown < report.skipped.size()) {
    write.line(
        fmt::format("{} more; -o ndjson lists all", with_thousands(report.skipped.size() - shown)));
  }
  if (!report.missing.empty())
    write.title("Missing, with the commands that print it", render::Paint::title);
  for (const std::string& missing : report.missing) {
    const auto [command, why] = split_missing(missing);
    write.line(command);
    write.prose(why, 2);
  }
  if (!report.notes.empty()) write.title("Notes", render::Paint::title);
  for (const std::string& note : report.notes) write.prose(note, 0);
  return text;
}

std::vector<Finding> findings_of(const Configuration& configuration) {
  const ConfigurationReport& report = configuration.report;
  std::vector<Finding> findings;
  const auto add = [&findings](std::string_view topic, std::string_view subject,
                               std::uint64_t count, std::string_view detail) {
    Finding& finding = findings.emplace_back();
    finding.topic = topic;
    finding.severity = topic == "skipped" ? Severity::warning : Severity::note;
    finding.subject = subject;
    finding.count = count;
    finding.detail = detail;
  };
  for (const ConfigurationFile& file : report.read) add("read", file.name, file.items, file.kind);
  for (const Held& sum : sums_of(configuration.network)) add("held", sum.many, sum.count, {});
  for (const Error& error : report.skipped) add("skipped", error.where, 1, error.message);
  for (const std::string& missing : report.missing) {
    const auto [command, why] = split_missing(missing);
    add("missing", command, 1, why);
  }
  for (const std::string& note : report.notes) add("note", "configuration", 1, note);
  return findings;
}

Result<void> write_configuration(const Configuration& configuration, Output& output) {
  if (output.kind != OutputKind::table) {
    return write_result(findings_table(findings_of(configuration)), output.kind, *output.sink,
                        output.style);
  }
  Result<void> written =
      write_result(kinds_table(configuration), output.kind, *output.sink, output.style);
  if (!written) return written;
  return output.sink->write(sections(configuration.report, output.style));
}

}  // namespace

int check_configuration(const Options& options) {
  if (!options.arguments.empty()) {
    return fail(
        usage_error(fmt::format("--config and INPUT {} cannot be combined in weir check",
                                options.arguments.front()),
                    "give --config once per directory or file, and check logs in a separate call"));
  }
  Result<Output> output = choose_output(options);
  if (!output) return fail(output.error());
  const Result<Configuration> configuration = load_with_progress(options.config, options);
  if (!configuration) return fail(configuration.error());
  if (Result<void> opened = open_output(*output, {options.config.begin(), options.config.end()});
      !opened) {
    return fail(opened.error());
  }
  Result<void> ended = write_configuration(*configuration, *output);
  if (ended) ended = output->sink->finish();
  if (!ended && !output->sink->is_closed_pipe()) return fail(ended.error());
  return configuration->report.skipped.empty() ? kComplete : kPartial;
}

}  // namespace weir::cli
