// SPDX-License-Identifier: Apache-2.0
// cli: `weir rules`: what each rule of the security groups and network ACLs did.
#include <fmt/format.h>

#include <algorithm>

#include "base/number_words.hpp"
#include "cli/conversation_run.hpp"
#include "cli/rule_cells.hpp"
#include "cli/rule_lists.hpp"
#include "cli/verbs.hpp"
#include "explain/words.hpp"

namespace weir::cli {
namespace {

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
        "the log has {} from {} to {}; configuration is of when it was exported",
        base::counted(observed.size(), "interface"),
        explain::instant_words(static_cast<std::uint64_t>(std::max<std::int64_t>(first, 0)), zone),
        explain::instant_words(static_cast<std::uint64_t>(std::max<std::int64_t>(last, 0)), zone)));
  }
  if (conversations.accepts_only()) notes.emplace_back("the log has no rejected record at all");
  if (conversations.rejects_only()) notes.emplace_back("the log has no accepted record at all");
  say(report.unconfigured_flows, "flow",
      fmt::format("at {} that the configuration does not have",
                  base::counted(report.unconfigured_interfaces, "interface")));
  say(report.unplaced_flows, "flow", "left out: which end is the interface's is not known");
  say(report.accepted_against_rules, "flow",
      "accepted against the rules: they were others then, or the connection is older");
  say(report.rejected_against_rules, "flow",
      "rejected against the rules: they were others then, or the packets came late");
  say(report.rejected_otherwise, "flow",
      "rejected by Block Public Access or encryption controls, by no rule");
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
