// SPDX-License-Identifier: Apache-2.0
// cli: `weir rules`: what each rule of the security groups and network ACLs did.
#include <fmt/format.h>

#include <algorithm>

#include "base/number_words.hpp"
#include "cli/conversation_run.hpp"
#include "cli/rule_cells.hpp"
#include "cli/sections.hpp"
#include "cli/verbs.hpp"
#include "explain/words.hpp"
#include "weir/rule_use.hpp"

namespace weir::cli {
namespace {

/// Findings of one kind that are listed for people.
constexpr std::size_t kShownFindings = 40;

/// `in 0`, `out 100`, `in *`: a rule within its list.
std::string short_place(const RulePlace& place) {
  const std::string_view way = place.direction == RuleDirection::ingress ? "in" : "out";
  if (place.rule != nullptr) return fmt::format("{} {}", way, place.rule->index);
  if (place.acl == nullptr || place.entry == nullptr) return fmt::format("{} *", way);
  return fmt::format("{} {}", way, place.number);
}

std::string traffic_cell(const RulePlace& place) {
  if (place.acl == nullptr && place.rule == nullptr) return "no rule matches";
  if (place.traffic() == nullptr) {
    return place.number == kImplicitDenyIpv4 ? "deny IPv4" : "deny IPv6";
  }
  std::string text = to_string(*place.traffic());
  if (place.rule != nullptr) return text;
  return (place.entry->allow ? "allow " : "deny ") + text;
}

/// The rules of one group or ACL, for people.
ResultTable list_table(std::span<const RuleUse> rules, bool roomy) {
  ResultTable table;
  for (const char* name : {"rule", "traffic", "peer"}) table.columns.push_back({.name = name});
  table.columns.push_back({.name = "flows", .kind = CellKind::count});
  table.columns.push_back({.name = "bytes", .kind = CellKind::byte_count});
  if (roomy) {
    table.columns.push_back({.name = "alone", .kind = CellKind::count});
    table.columns.push_back({.name = "peers", .kind = CellKind::count});
    table.columns.push_back({.name = "last", .kind = CellKind::time});
  }
  table.columns.push_back({.name = "findings"});
  for (const RuleUse& use : rules) {
    // Implicit denies are there whether or not they had something to do.
    if (use.place.traffic() == nullptr && use.flows == 0) continue;
    auto& row = table.rows.emplace_back();
    row.emplace_back(short_place(use.place));
    row.emplace_back(traffic_cell(use.place));
    row.push_back(text_cell(peer_text(use.place)));
    const bool hit = use.flows > 0;
    row.push_back(hit ? count_cell(use.flows) : Cell());
    row.push_back(hit ? Cell(use.bytes) : Cell());
    if (roomy) {
      row.push_back(hit ? count_cell(use.sole_flows) : Cell());
      row.push_back(hit ? count_cell(use.peers) : Cell());
      row.push_back(hit ? time_cell(use.last) : Cell());
    }
    row.emplace_back(finding_kinds(use));
  }
  return table;
}

bool same_list(const RuleUse& a, const RuleUse& b) {
  return a.place.group == b.place.group && a.place.acl == b.place.acl;
}

std::string list_title(const RuleUse& use) {
  const RulePlace& place = use.place;
  if (place.group == nullptr && place.acl == nullptr) {
    return "Rejected by security groups: no rule admits it";
  }
  const RuleCoverage& coverage = use.coverage;
  const std::string name = place.acl != nullptr        ? place.acl->id
                           : place.group->name.empty() ? place.group->id
                                                       : place.group->id + " " + place.group->name;
  return fmt::format("{}: {}{}", name, base::counted(coverage.interfaces, "interface"),
                     coverage.interfaces == 0 ? ""
                     : coverage.logged == coverage.interfaces
                         ? (coverage.interfaces == 1 ? ", logged" : ", all logged")
                         : fmt::format(", {} logged", coverage.logged));
}

/// Findings that say the same of rules of one list.
struct FindingLine {
  UseFindingKind kind;
  std::string list;
  std::string rules;
  std::string detail;
};

std::vector<FindingLine> finding_lines(const std::vector<RuleUse>& rules) {
  std::vector<FindingLine> lines;
  std::size_t list_begin = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RulePlace& place = rules[i].place;
    if (i > 0 && !same_list(rules[i - 1], rules[i])) list_begin = lines.size();
    for (const UseFinding& finding : rules[i].findings) {
      const auto same =
          std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(list_begin), lines.end(),
                       [&](const FindingLine& line) {
                         return line.kind == finding.kind && line.detail == finding.detail;
                       });
      if (same != lines.end()) {
        same->rules += ", " + short_place(place);
      } else {
        lines.push_back({finding.kind, place.acl != nullptr ? place.acl->id : place.group->id,
                         short_place(place), finding.detail});
      }
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const FindingLine& a, const FindingLine& b) { return a.kind < b.kind; });
  return lines;
}

ResultTable findings_table(const std::vector<FindingLine>& lines) {
  ResultTable table;
  for (const char* name : {"finding", "of", "rules"}) table.columns.push_back({.name = name});
  std::size_t of_kind = 0;
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const FindingLine& line = lines[i];
    of_kind = i > 0 && lines[i - 1].kind == line.kind ? of_kind + 1 : 1;
    if (of_kind > kShownFindings) {
      ++hidden;
      continue;
    }
    table.rows.push_back(
        {std::string(use_finding_name(line.kind)), line.list, line.rules + ": " + line.detail});
  }
  if (hidden > 0) {
    table.notes.push_back(fmt::format("{} more; -o ndjson lists all", with_thousands(hidden)));
  }
  return table;
}

/// Writes the tables, or the findings alone, and the notes under the last one.
/// Errors: what the sink reports.
Result<void> write_rule_lists(const std::vector<RuleUse>& rules, bool only_findings,
                              const std::vector<std::string>& notes, Output& output) {
  Sections sections(output);
  const std::span<const RuleUse> all(rules);
  std::size_t end = 0;
  for (std::size_t begin = 0; begin < rules.size() && !only_findings; begin = end) {
    end = begin + 1;
    while (end < rules.size() && same_list(rules[begin], rules[end])) ++end;
    const ResultTable table =
        list_table(all.subspan(begin, end - begin), output.style.width >= kRoomy);
    if (table.rows.empty()) continue;
    if (auto done = sections.write(list_title(rules[begin]), table); !done) return done;
  }
  ResultTable found = findings_table(finding_lines(rules));
  found.notes.insert(found.notes.end(), notes.begin(), notes.end());
  return sections.write(found.rows.empty() ? "No findings" : "Findings", found);
}

std::string details_text(const RuleUse& use) {
  std::string text;
  for (const UseFinding& finding : use.findings) {
    text += text.empty() ? "" : "; ";
    text += finding.detail;
  }
  return text;
}

/// Every rule as a row, for programs.
ResultTable machine_table(const std::vector<RuleUse>& rules) {
  ResultTable table;
  add_place_columns(table, "");
  add_traffic_columns(table);
  for (const char* name : {"flows", "packets"}) {
    table.columns.push_back({.name = name, .kind = CellKind::count});
  }
  table.columns.push_back({.name = "bytes", .kind = CellKind::byte_count});
  for (const char* name : {"first", "last"}) {
    table.columns.push_back({.name = name, .kind = CellKind::time});
  }
  for (const char* name : {"sole_flows", "possible_flows", "untracked_replies", "peers"}) {
    table.columns.push_back({.name = name, .kind = CellKind::count});
  }
  table.columns.push_back({.name = "peers_exact"});
  for (const char* name : {"used_by", "used_for"}) table.columns.push_back({.name = name});
  for (const char* name : {"interfaces", "logged_interfaces", "nodata", "skipdata"}) {
    table.columns.push_back({.name = name, .kind = CellKind::count});
  }
  for (const char* name : {"findings", "detail"}) table.columns.push_back({.name = name});
  for (const RuleUse& use : rules) {
    auto& row = table.rows.emplace_back();
    add_place_cells(row, use.place);
    add_traffic_cells(row, use.place);
    const bool hit = use.flows > 0;
    row.push_back(count_cell(use.flows));
    row.emplace_back(use.packets);
    row.emplace_back(use.bytes);
    row.push_back(hit ? time_cell(use.first) : Cell());
    row.push_back(hit ? time_cell(use.last) : Cell());
    for (const std::uint64_t count :
         {use.sole_flows, use.possible_flows, use.untracked_replies, use.peers}) {
      row.push_back(count_cell(count));
    }
    row.emplace_back(std::string(use.peers_exact ? "yes" : "no"));
    row.push_back(text_cell(prefixes_text(use.peer_prefixes)));
    row.push_back(text_cell(used_traffic_text(use)));
    for (const std::uint64_t count : {use.coverage.interfaces, use.coverage.logged,
                                      use.coverage.nodata, use.coverage.skipdata}) {
      row.push_back(count_cell(count));
    }
    row.push_back(text_cell(finding_kinds(use)));
    row.push_back(text_cell(details_text(use)));
  }
  return table;
}

/// What the numbers rest on, and what they leave out.
std::vector<std::string> make_notes(const RuleUseReport& report, const Conversations& conversations,
                                    const TimeZone& zone) {
  std::vector<std::string> notes;
  const auto say = [&](std::uint64_t number, std::string_view noun, std::string_view what) {
    if (number > 0) notes.push_back(fmt::format("{} {}", base::counted(number, noun), what));
  };
  const std::span<const ObservedInterface> observed = conversations.interfaces();
  if (!observed.empty()) {
    std::int64_t first = observed.front().first;
    std::int64_t last = observed.front().last;
    for (const ObservedInterface& interface : observed) {
      first = std::min(first, interface.first);
      last = std::max(last, interface.last);
    }
    notes.push_back(fmt::format(
        "the log has {} from {} to {}; rules as of the export",
        base::counted(observed.size(), "interface"),
        explain::instant_words(static_cast<std::uint64_t>(std::max<std::int64_t>(first, 0)), zone),
        explain::instant_words(static_cast<std::uint64_t>(std::max<std::int64_t>(last, 0)), zone)));
  }
  if (conversations.accepts_only()) notes.emplace_back("the log has no rejected record at all");
  if (conversations.rejects_only()) notes.emplace_back("the log has no accepted record at all");
  say(report.unconfigured_flows, "flow",
      fmt::format("at {} that the configuration does not have",
                  base::counted(report.unconfigured_interfaces, "interface")));
  say(report.unplaced_flows, "flow", "left out: it is not known which end is the interface's");
  say(report.opener_unclear, "accepted flow",
      "counted as a possible use of rules in both directions: the log does not tell which end "
      "opened the connection");
  say(report.accepted_against_rules, "accepted flow",
      fmt::format("{} not match today's rules: the rules have changed since, or the connections "
                  "are older",
                  report.accepted_against_rules == 1 ? "does" : "do"));
  say(report.rejected_against_rules, "rejected flow",
      fmt::format("{} not match today's rules: the rules have changed since, or the packets came "
                  "late",
                  report.rejected_against_rules == 1 ? "does" : "do"));
  say(report.rejected_otherwise, "flow",
      "rejected by Block Public Access or encryption controls, not by a rule");
  add_record_notes(notes, conversations);
  return notes;
}

class RulesVerb final : public ConversationVerb {
 public:
  Result<void> answer(ConversationRun& run) override {
    Result<RuleUseReport> report =
        measure_rule_use(run.conversations(), *run.policy(), run.threads(),
                         {.filtered = run.reading().run_options().filter.has_value()});
    if (!report) return Unexpected(std::move(report.error()));
    const bool only_findings = run.options().findings;
    if (only_findings) {
      std::erase_if(report->rules, [](const RuleUse& use) { return use.findings.empty(); });
    }
    Output& output = run.output();
    const std::vector<std::string> notes =
        make_notes(*report, run.conversations(), output.style.zone);
    run.say_without_table(notes);
    if (run.writes_table()) return write_rule_lists(report->rules, only_findings, notes, output);
    return write_result(machine_table(report->rules), output.kind, *output.sink, output.style);
  }
};

}  // namespace

int run_rules(const Options& options) {
  RulesVerb verb;
  return run_conversations(options, {.verb = "rules", .configuration = true}, verb);
}

}  // namespace weir::cli
