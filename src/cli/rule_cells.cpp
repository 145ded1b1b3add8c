// SPDX-License-Identifier: Apache-2.0
// cli: cells of the verbs over conversations and rules.
#include "cli/rule_cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/protocol.hpp"

namespace weir::cli {

Cell count_cell(unsigned __int128 value) { return value; }

Cell time_cell(std::int64_t unix_seconds) {
  return static_cast<unsigned __int128>(std::max<std::int64_t>(0, unix_seconds));
}

Cell text_cell(std::string text) { return text.empty() ? Cell() : Cell(std::move(text)); }

std::string peer_text(const RulePlace& place) {
  if (place.rule != nullptr) return to_string(place.rule->peer);
  return place.entry == nullptr ? std::string() : to_string(place.entry->peer);
}

std::string finding_kinds(const RuleUse& use) {
  std::string text;
  for (const UseFinding& finding : use.findings) {
    if (!text.empty()) text += ',';
    text += use_finding_name(finding.kind);
  }
  return text;
}

void add_place_columns(ResultTable& table, std::string_view prefix) {
  for (const char* name : {"kind", "id", "rule_id", "index", "number", "direction"}) {
    table.columns.push_back({.name = std::string(prefix) + name});
  }
}

void add_place_cells(std::vector<Cell>& row, const RulePlace& place) {
  row.emplace_back(std::string(rule_kind_name(place.kind)));
  row.push_back(place.acl != nullptr     ? Cell(place.acl->id)
                : place.group != nullptr ? Cell(place.group->id)
                                         : Cell());
  row.push_back(place.rule == nullptr ? Cell() : text_cell(place.rule->rule_id));
  row.push_back(place.rule == nullptr ? Cell() : count_cell(place.rule->index));
  row.push_back(place.acl == nullptr ? Cell() : count_cell(place.number));
  row.emplace_back(std::string(rule_direction_name(place.direction)));
}

void add_traffic_columns(ResultTable& table) {
  table.columns.push_back({.name = "action"});
  table.columns.push_back(
      {.name = "protocol", .kind = CellKind::field, .field = FieldId::protocol});
  for (const char* name : {"ports", "traffic", "peer"}) table.columns.push_back({.name = name});
}

void add_traffic_cells(std::vector<Cell>& row, const RulePlace& place) {
  const TrafficMatch* const traffic = place.traffic();
  row.emplace_back(std::string(place.allows() ? "allow" : "deny"));
  if (traffic == nullptr) {
    row.resize(row.size() + 3);
  } else {
    const bool any = traffic->protocol == kAnyProtocol;
    const bool has_ports = base::has_ports(traffic->protocol);
    row.push_back(any ? Cell() : count_cell(static_cast<std::uint64_t>(traffic->protocol)));
    row.push_back(has_ports ? Cell(ports_text({&traffic->ports, 1})) : Cell());
    row.emplace_back(to_string(*traffic));
  }
  row.push_back(text_cell(peer_text(place)));
}

std::string ports_text(std::span<const PortRange> ranges) {
  std::string text;
  for (const PortRange& range : ranges) {
    text += fmt::format("{}{}", text.empty() ? "" : ",", range.from);
    if (range.to != range.from) text += fmt::format("-{}", range.to);
  }
  return text;
}

std::string prefixes_text(std::span<const Cidr> prefixes) {
  std::string text;
  for (const Cidr& prefix : prefixes) {
    if (!text.empty()) text += ',';
    text += to_string(prefix);
  }
  return text;
}

}  // namespace weir::cli
