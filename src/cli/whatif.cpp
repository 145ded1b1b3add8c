// SPDX-License-Identifier: Apache-2.0
// cli: `weir whatif`: what a proposed configuration would cut and admit.
#include "weir/whatif.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/number_words.hpp"
#include "cli/commands.hpp"
#include "cli/conversation_run.hpp"
#include "cli/rule_cells.hpp"
#include "cli/sections.hpp"
#include "cli/verbs.hpp"
#include "explain/words.hpp"

namespace weir::cli {
namespace {

constexpr std::uint64_t kUsualEffects = 20;

std::string totals_text(const WhatifTotals& totals) {
  return fmt::format("{} ({}, {})", base::counted(totals.conversations, "conversation"),
                     base::counted(totals.flows, "flow"), human_bytes(totals.bytes));
}

using Observed = std::span<const ObservedInterface>;

ResultTable machine_table(std::span<const WhatifRow> rows, Observed interfaces) {
  ResultTable table;
  table.columns = {{.name = "effect"}, {.name = "certainty"}};
  add_place_columns(table, "");
  add_place_columns(table, "now_");
  table.columns.push_back({.name = "interface_id"});
  table.columns.push_back({.name = "opened"});
  table.columns.push_back(
      {.name = "protocol", .kind = CellKind::field, .field = FieldId::protocol});
  for (const char* name : {"ports", "peer_prefixes"}) table.columns.push_back({.name = name});
  for (const char* name : {"peers", "conversations", "flows", "packets"}) {
    table.columns.push_back({.name = name, .kind = CellKind::count});
  }
  table.columns.push_back({.name = "bytes", .kind = CellKind::byte_count});
  for (const char* name : {"first", "last"}) {
    table.columns.push_back({.name = name, .kind = CellKind::time});
  }
  table.columns.push_back({.name = "text"});
  for (const WhatifRow& row : rows) {
    auto& cells = table.rows.emplace_back();
    cells.emplace_back(std::string(effect_name(row.effect, row.certainty)));
    cells.emplace_back(std::string(certainty_name(row.certainty)));
    add_place_cells(cells, row.proposed);
    if (row.has_now) {
      add_place_cells(cells, row.now);
    } else {
      cells.resize(cells.size() + 6);
    }
    cells.push_back(row.interface == WhatifRow::kEveryInterface
                        ? Cell()
                        : text_cell(interfaces[row.interface].id));
    cells.emplace_back(std::string(side_name(row.opened)));
    cells.push_back(count_cell(row.protocol));
    cells.push_back(text_cell(ports_text(row.ports)));
    cells.push_back(text_cell(prefixes_text(row.peer_prefixes)));
    for (const std::uint64_t count : {row.peers, row.conversations, row.flows}) {
      cells.push_back(count_cell(count));
    }
    cells.emplace_back(row.packets);
    cells.emplace_back(row.bytes);
    cells.push_back(time_cell(row.first));
    cells.push_back(time_cell(row.last));
    cells.emplace_back(whatif_text(row, interfaces));
  }
  return table;
}

/// Rows of one effect, for people.
ResultTable effect_table(std::span<const WhatifRow> rows, Observed interfaces, bool roomy) {
  ResultTable table;
  table.columns = {{.name = "flows", .kind = CellKind::count},
                   {.name = "bytes", .kind = CellKind::byte_count}};
  if (roomy) table.columns.push_back({.name = "last", .kind = CellKind::time});
  table.columns.push_back({.name = "what"});
  for (const WhatifRow& row : rows) {
    auto& cells = table.rows.emplace_back();
    cells.push_back(count_cell(row.flows));
    cells.emplace_back(row.bytes);
    if (roomy) cells.push_back(time_cell(row.last));
    cells.emplace_back(whatif_text(row, interfaces));
  }
  return table;
}

ResultTable totals_table(const WhatifReport& report) {
  ResultTable table;
  table.columns.push_back({.name = "effect"});
  for (const char* name : {"conversations", "flows", "packets"}) {
    table.columns.push_back({.name = name, .kind = CellKind::count});
  }
  table.columns.push_back({.name = "bytes", .kind = CellKind::byte_count});
  const auto add = [&](std::string_view effect, const WhatifTotals& totals) {
    if (totals.conversations == 0 && effect != "unchanged" && effect != "cut") return;
    table.rows.push_back({std::string(effect), count_cell(totals.conversations),
                          count_cell(totals.flows), totals.packets, totals.bytes});
  };
  add("cut", report.cut);
  add("possibly cut", report.possibly_cut);
  add("admitted", report.admitted);
  add("possibly admitted", report.possibly_admitted);
  add("unchanged", report.unchanged);
  add("interface unknown", report.unconfigured);
  add("side unknown", report.unplaced);
  return table;
}

/// Effects in the order of the rows, each with its sum.
Result<void> write_effects(const WhatifReport& report, Observed interfaces, std::uint64_t limit,
                           const std::vector<std::string>& notes, Output& output) {
  struct Section {
    Effect effect;
    bool possible;
    std::string_view title;
    const WhatifTotals& totals;
  };
  const Section sections[] = {
      {Effect::cut, false, "Cut", report.cut},
      {Effect::cut, true, "Possibly cut", report.possibly_cut},
      {Effect::admitted, false, "Admitted", report.admitted},
      {Effect::admitted, true, "Possibly admitted", report.possibly_admitted}};
  Sections writer(output);
  const std::span<const WhatifRow> rows(report.rows);
  std::size_t begin = 0;
  for (const Section& section : sections) {
    std::size_t end = begin;
    while (end < rows.size() && rows[end].effect == section.effect &&
           (rows[end].certainty == Certainty::possible) == section.possible) {
      ++end;
    }
    if (begin == end) continue;
    const std::size_t shown = std::min<std::uint64_t>(end - begin, limit);
    ResultTable table =
        effect_table(rows.subspan(begin, shown), interfaces, output.style.width >= kRoomy);
    if (shown < end - begin) {
      table.notes.push_back(fmt::format("{} of {} rows; -n 0 shows all", with_thousands(shown),
                                        with_thousands(end - begin)));
    }
    const std::string title = fmt::format("{}: {}", section.title, totals_text(section.totals));
    if (auto done = writer.write(title, table); !done) return done;
    begin = end;
  }
  ResultTable all = totals_table(report);
  all.notes = notes;
  return writer.write("All conversations", all);
}

std::vector<std::string> make_notes(const WhatifReport& report, bool has_now,
                                    const std::vector<std::string>& taken_over,
                                    const Conversations& conversations) {
  std::vector<std::string> notes;
  const auto say = [&](const WhatifTotals& totals, std::string_view what) {
    if (totals.flows > 0) notes.push_back(fmt::format("{} {}", totals_text(totals), what));
  };
  if (!taken_over.empty()) {
    notes.push_back(
        fmt::format("not in --proposed, so taken from --config: {}", explain::listed(taken_over)));
  }
  if (!has_now) {
    notes.emplace_back("no --config given: the verdicts in the log are taken as today's behaviour");
  }
  say(report.disagreeing,
      "of the unchanged contradict today's configuration: the rules have changed since, the "
      "connections are older, or packets came late");
  if (report.unconfigured.flows > 0) {
    notes.emplace_back("interface unknown: neither configuration has the interface");
  }
  if (report.unplaced.flows > 0) {
    notes.emplace_back("side unknown: it is not known which end is the interface's");
  }
  say(report.without_acl, "judged by security groups alone: the network ACL is not known");
  if (report.ports_together) {
    notes.push_back(fmt::format("too many rows to tell apart by port{}",
                                report.interfaces_together ? " and interface" : ""));
  }
  add_record_notes(notes, conversations);
  return notes;
}

/// The proposal, and what it took over from the configuration of now.
struct Proposal {
  Configuration configuration;
  std::vector<std::string> taken_over;
};

Result<Proposal> read_proposal(const Options& options, const Network* now) {
  if (options.proposed.empty()) {
    return Unexpected(usage_error("no proposed configuration was given",
                                  "--proposed DIR with the security groups and network ACLs as "
                                  "they would be"));
  }
  Result<Configuration> read = load_with_progress(options.proposed, options);
  if (!read) return Unexpected(std::move(read.error()));
  for (const Error& error : read->report.skipped) {
    if (!options.quiet) print_warning(fmt::format("{}: {}", error.where, error.message));
  }
  Proposal proposal;
  proposal.configuration = *std::move(read);
  Network& network = proposal.configuration.network;
  if (now != nullptr) {
    proposal.taken_over = complete_proposal(network, *now);
    network.index();
  }
  if (network.interfaces.empty()) {
    return Unexpected(usage_error("the proposal has no network interfaces to judge flows at",
                                  "--config DIR with what `aws ec2 describe-network-interfaces` "
                                  "printed, or put it beside the proposal"));
  }
  return proposal;
}

class WhatifVerb final : public ConversationVerb {
 public:
  Result<void> prepare(ConversationRun& run) override {
    Result<Proposal> proposal = read_proposal(run.options(), run.network());
    if (!proposal) return Unexpected(std::move(proposal.error()));
    proposal_ = *std::move(proposal);
    proposed_.emplace(proposal_.configuration.network);
    if (run.policy() == nullptr) run.stitching().policy = &*proposed_;
    return {};
  }

  Result<void> answer(ConversationRun& run) override {
    const Result<WhatifReport> report =
        replay(run.conversations(), run.policy(), *proposed_, run.threads());
    if (!report) return Unexpected(report.error());
    cuts_ = report->cut.conversations > 0;
    const std::vector<std::string> notes =
        make_notes(*report, run.policy() != nullptr, proposal_.taken_over, run.conversations());
    run.say_without_table({fmt::format("cut: {}, unchanged: {}", totals_text(report->cut),
                                       totals_text(report->unchanged))});
    run.say_without_table(notes);
    const Observed interfaces = run.conversations().interfaces();
    Output& output = run.output();
    if (run.writes_table()) {
      return write_effects(*report, interfaces, run.reading().limit(kUsualEffects), notes, output);
    }
    const std::span<const WhatifRow> rows(report->rows);
    const auto limit = std::min<std::uint64_t>(rows.size(), run.reading().limit(rows.size()));
    return write_result(machine_table(rows.first(limit), interfaces), output.kind, *output.sink,
                        output.style);
  }

  /// True if a conversation would certainly be cut.
  bool cuts() const { return cuts_; }

 private:
  Proposal proposal_;
  std::optional<Evaluator> proposed_;
  bool cuts_ = false;
};

}  // namespace

int run_whatif(const Options& options) {
  WhatifVerb verb;
  const int status = run_conversations(options, {.verb = "whatif"}, verb);
  return options.guard && verb.cuts() && status != kNoAnswer ? kGuardFound : status;
}

}  // namespace weir::cli
