// SPDX-License-Identifier: Apache-2.0
// cli: `weir suggest`: the narrowest rules that admit what was accepted.
#include "weir/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/protocol.hpp"
#include "cli/conversation_run.hpp"
#include "cli/rule_cells.hpp"
#include "cli/sections.hpp"
#include "cli/suggest_notes.hpp"
#include "cli/verbs.hpp"
#include "explain/words.hpp"

namespace weir::cli {
namespace {

enum class Shape : std::uint8_t { rules, aws_cli, security_groups, terraform };

Result<Shape> parse_shape(const Options& options) {
  const std::string& text = options.as;
  if (text.empty() || text == "rules") return Shape::rules;
  if (!options.output.empty()) {
    return Unexpected(usage_error(fmt::format("-o and --as {} cannot be combined", text),
                                  "leave -o out, and send standard output to a file"));
  }
  if (text == "aws-cli") return Shape::aws_cli;
  if (text == "security-groups") return Shape::security_groups;
  return Shape::terraform;
}

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) {
  if (text.starts_with('/')) text.remove_prefix(1);
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value > most) {
    return std::nullopt;
  }
  return value;
}

/// `24`, `24,64`, `,64`; a lone number that IPv4 has no room for is one of IPv6.
Result<void> parse_widen(const std::string& text, SuggestOptions& chosen) {
  if (text.empty()) return {};
  const std::size_t comma = std::min(text.find(','), text.size());
  const std::string_view first = std::string_view(text).substr(0, comma);
  const std::string_view second = std::string_view(text).substr(std::min(comma + 1, text.size()));
  const auto ipv4 = parse_number(first, 32);
  const auto ipv6 = parse_number(comma == text.size() ? first : second, 128);
  if (comma == text.size() ? !ipv6 : (!first.empty() && !ipv4) || !ipv6) {
    return Unexpected(usage_error(fmt::format("--widen needs a prefix length, not '{}'", text),
                                  "--widen 24 for IPv4, --widen 24,64 for both, --widen ,64 for "
                                  "IPv6"));
  }
  if (ipv4) chosen.widen_ipv4 = static_cast<std::uint8_t>(*ipv4);
  if (comma < text.size() || !ipv4) chosen.widen_ipv6 = static_cast<std::uint8_t>(*ipv6);
  return {};
}

Result<SuggestOptions> parse_suggest_options(const Options& options) {
  SuggestOptions chosen;
  chosen.interface_id = options.interface;
  chosen.group_id = options.group;
  if (!options.interface.empty() && !options.group.empty()) {
    return Unexpected(
        usage_error("--interface and --group cannot be combined", "leave one of them out"));
  }
  if (!options.max_rules.empty()) {
    constexpr std::uint32_t kMost = 1000;  // what AWS can raise it to
    const auto number = parse_number(options.max_rules, kMost);
    if (!number || *number == 0) {
      return Unexpected(usage_error(
          fmt::format("--max-rules needs a number from 1 to {}, not '{}'", kMost,
                      options.max_rules),
          fmt::format("AWS allows {} unless it raised that for the account", kUsualRuleQuota)));
    }
    chosen.max_rules = *number;
  }
  if (auto done = parse_widen(options.widen, chosen); !done) {
    return Unexpected(std::move(done.error()));
  }
  return chosen;
}

std::vector<ResultColumn> people_columns() {
  return {{.name = "direction"},
          {.name = "traffic"},
          {.name = "peer"},
          {.name = "peers", .kind = CellKind::count},
          {.name = "flows", .kind = CellKind::count},
          {.name = "bytes", .kind = CellKind::byte_count},
          {.name = "last", .kind = CellKind::time},
          {.name = "remark"}};
}

std::vector<Cell> people_row(const SuggestedRule& rule) {
  const RuleEvidence& evidence = rule.evidence;
  return {std::string(rule_direction_name(rule.direction)),
          to_string(rule.traffic),
          to_string(rule.peer),
          count_cell(rule.peers),
          count_cell(evidence.flows),
          count_cell(evidence.bytes),
          time_cell(evidence.last),
          text_cell(rule_remark(rule))};
}

std::vector<ResultColumn> machine_columns() {
  return {{.name = "group_id"},
          {.name = "interface_ids"},
          {.name = "direction"},
          {.name = "protocol", .kind = CellKind::field, .field = FieldId::protocol},
          {.name = "from_port", .kind = CellKind::count},
          {.name = "to_port", .kind = CellKind::count},
          {.name = "peer"},
          {.name = "flows", .kind = CellKind::count},
          {.name = "packets", .kind = CellKind::count},
          {.name = "bytes", .kind = CellKind::count},
          {.name = "conversations", .kind = CellKind::count},
          {.name = "answered", .kind = CellKind::count},
          {.name = "peers", .kind = CellKind::count},
          {.name = "members_not_seen", .kind = CellKind::count},
          {.name = "first", .kind = CellKind::time},
          {.name = "last", .kind = CellKind::time},
          {.name = "certainty"},
          {.name = "remark"}};
}

std::vector<Cell> machine_row(const Suggestion& proposal, const SuggestedRule& rule) {
  const RuleEvidence& evidence = rule.evidence;
  const bool has_ports = base::has_ports(rule.traffic.protocol);
  const bool is_group = std::holds_alternative<GroupReference>(rule.peer);
  return {text_cell(proposal.group_id),
          text_cell(explain::joined(proposal.interface_ids, ",")),
          std::string(rule_direction_name(rule.direction)),
          count_cell(static_cast<std::uint64_t>(rule.traffic.protocol)),
          has_ports ? count_cell(rule.traffic.ports.from) : Cell(),
          has_ports ? count_cell(rule.traffic.ports.to) : Cell(),
          to_string(rule.peer),
          count_cell(evidence.flows),
          count_cell(evidence.packets),
          count_cell(evidence.bytes),
          count_cell(evidence.conversations),
          count_cell(evidence.answered),
          count_cell(rule.peers),
          is_group ? count_cell(rule.not_seen) : Cell(),
          time_cell(evidence.first),
          time_cell(evidence.last),
          std::string(certainty_name(evidence.certainty)),
          text_cell(rule_remark(rule))};
}

ResultTable people_table(const Suggestion& proposal, const TimeZone& zone) {
  ResultTable table;
  if (!proposal.rules.empty()) table.columns = people_columns();
  for (const SuggestedRule& rule : proposal.rules) table.rows.push_back(people_row(rule));
  table.notes = proposal_notes(proposal, zone);
  return table;
}

Result<void> write_tables(const Suggestions& suggestions, Output& output) {
  Sections sections(output);
  for (const Suggestion& proposal : suggestions.proposals) {
    auto written =
        sections.write(proposal_title(proposal), people_table(proposal, output.style.zone));
    if (!written) return written;
  }
  return {};
}

Result<void> write_rows(const Suggestions& suggestions, Output& output) {
  auto writer = ResultWriter::create(machine_columns(), output.kind, *output.sink,
                                     output.style.machine_zone());
  if (!writer) return Unexpected(std::move(writer.error()));
  for (const Suggestion& proposal : suggestions.proposals) {
    for (const SuggestedRule& rule : proposal.rules) {
      if (auto done = (*writer)->write(machine_row(proposal, rule)); !done) return done;
    }
  }
  return (*writer)->finish();
}

Result<void> write_suggestions(const Suggestions& suggestions, const Network* network, Shape shape,
                               Output& output, bool is_forced) {
  if (const std::string refused = over_limit(suggestions);
      shape != Shape::rules && !is_forced && !refused.empty()) {
    return Unexpected(usage_error("a group would get more rules than AWS allows: " + refused,
                                  "--force writes them all the same"));
  }
  const std::string comments = notes_as_comments(suggestions, output.style.zone);
  switch (shape) {
    case Shape::rules:
      return output.kind == OutputKind::table ? write_tables(suggestions, output)
                                              : write_rows(suggestions, output);
    case Shape::aws_cli:
      return output.sink->write(comments + aws_cli_commands(suggestions));
    case Shape::security_groups:
      return output.sink->write(security_groups_document(network, suggestions));
    case Shape::terraform:
      return output.sink->write(comments + terraform_document(suggestions));
  }
  return {};
}

class SuggestVerb final : public ConversationVerb {
 public:
  SuggestVerb(Shape shape, SuggestOptions chosen) : shape_(shape), chosen_(std::move(chosen)) {}

  /// Half of --memory holds records, and half who used which port.
  Result<void> prepare(ConversationRun& run) override {
    run.stitching().memory_bytes /= 2;
    chosen_.most_tuples =
        std::min(chosen_.most_tuples, run.stitching().memory_bytes / SuggestOptions::kBytesOfTuple);
    chosen_.policy = run.policy();
    return {};
  }

  Result<void> answer(ConversationRun& run) override {
    Suggester suggester(chosen_, run.conversations().interfaces());
    auto visited = run.visit([&] { return suggester.visitor(); }, [](ConversationVisitor&) {});
    if (!visited) return visited;
    const Result<Suggestions> suggestions = suggester.finish();
    if (!suggestions) return Unexpected(suggestions.error());
    add_messages(run, *suggestions);
    return write_suggestions(*suggestions, run.network(), shape_, run.output(),
                             run.options().force);
  }

 private:
  void add_messages(ConversationRun& run, const Suggestions& suggestions) const {
    for (const Suggestion& proposal : suggestions.proposals) {
      if (shape_ == Shape::rules && run.writes_table()) break;  // they stand under the tables
      for (const std::string& note : proposal_notes(proposal, run.output().style.zone)) {
        run.say(fmt::format("{}: {}", proposal_title(proposal), note));
      }
    }
    for (const std::string& note : common_notes(suggestions)) run.say(note);
    if (run.conversations().rejects_only()) {
      run.say("the log has rejected records alone: was it made with TrafficType REJECT?");
    }
  }

  Shape shape_;
  SuggestOptions chosen_;
};

}  // namespace

int run_suggest(const Options& options) {
  const Result<Shape> shape = parse_shape(options);
  if (!shape) return fail(shape.error());
  Result<SuggestOptions> chosen = parse_suggest_options(options);
  if (!chosen) return fail(chosen.error());
  SuggestVerb verb(*shape, *std::move(chosen));
  return run_conversations(options, {.verb = "suggest"}, verb);
}

}  // namespace weir::cli
