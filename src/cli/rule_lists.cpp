// SPDX-License-Identifier: Apache-2.0
// cli: what rules did, for people: a table for each group and ACL, and one of findings.
#include "cli/rule_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/number_words.hpp"
#include "cli/rule_cells.hpp"
#include "cli/sections.hpp"

namespace weir::cli {
namespace {

/// Terminals of this width have room for when and by how many, too.
constexpr std::size_t kRoomy = 116;
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

}  // namespace

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

}  // namespace weir::cli
