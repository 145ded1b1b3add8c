// SPDX-License-Identifier: Apache-2.0
// cli: verdict -> JSON members, CSV and TSV cells.
#include "cli/verdict_columns.hpp"

#include <fmt/format.h>

#include "render/escaped_text.hpp"

namespace weir::cli {
namespace {

std::string_view action_name(Action action) {
  return action == Action::accept ? "ACCEPT" : "REJECT";
}

void append_member(TextBlock& out, std::string_view name, std::string_view value) {
  out.append(fmt::format(",\"{}\":", name));
  render::append_json_string(out, value);
}

void append_rule(TextBlock& out, const std::optional<RuleReference>& rule) {
  out.append(",\"rule\":");
  if (!rule) return out.append("null");
  out.append(rule->is_acl ? "{\"kind\":\"network-acl\"" : "{\"kind\":\"security-group\"");
  append_member(out, "id", rule->id);
  if (rule->is_acl) {
    out.append(fmt::format(",\"number\":{}", rule->number));
  } else {
    if (rule->rule_id.empty()) {
      out.append(",\"rule_id\":null");
    } else {
      append_member(out, "rule_id", rule->rule_id);
    }
    out.append(fmt::format(",\"index\":{}", rule->index));
  }
  append_member(out, "direction", rule_direction_name(rule->direction));
  out.append('}');
}

}  // namespace

std::string verdict_members(const Verdict& verdict, const Network* network) {
  TextBlock out;
  append_member(out, "verdict", action_name(verdict.logged));
  append_member(out, "cause", cause_name(verdict.cause));
  if (verdict.side == Side::unknown) {
    out.append(",\"side\":null");
  } else {
    append_member(out, "side", side_name(verdict.side));
  }
  append_member(out, "certainty", certainty_name(verdict.certainty));
  out.append(",\"because\":[");
  bool is_first = true;
  for (const std::string& fact : because_texts(verdict, network)) {
    if (!is_first) out.append(',');
    is_first = false;
    render::append_json_string(out, fact);
  }
  out.append(']');
  append_rule(out, deciding_rule(verdict, network));
  append_member(out, "text", verdict_text(verdict, network));
  out.append('}');
  return std::string(out.view());
}

std::string verdict_cells(const Verdict& verdict, const Network* network, OutputKind kind) {
  const bool is_csv = kind == OutputKind::csv;
  TextBlock out;
  const auto append = [&](std::string_view value) {
    out.append(is_csv ? ',' : '\t');
    if (value.empty()) return out.append(is_csv ? "" : "-");
    is_csv ? render::append_csv_text(out, value) : render::append_tsv_text(out, value);
  };
  append(action_name(verdict.logged));
  append(cause_name(verdict.cause));
  append(verdict.side == Side::unknown ? std::string_view() : side_name(verdict.side));
  append(certainty_name(verdict.certainty));
  append(fmt::format("{}", fmt::join(because_texts(verdict, network), "; ")));
  const auto rule = deciding_rule(verdict, network);
  append(rule ? to_string(*rule) : std::string());
  append(verdict_text(verdict, network));
  out.append('\n');
  return std::string(out.view());
}

std::string verdict_titles(const Format& columns, OutputKind kind) {
  const bool is_csv = kind == OutputKind::csv;
  TextBlock out;
  const auto append = [&](std::string_view name) {
    if (out.size() > 0) out.append(is_csv ? ',' : '\t');
    is_csv ? render::append_csv_text(out, name) : render::append_tsv_text(out, name);
  };
  for (const FormatField& field : columns.fields()) append(column_name(field.name));
  for (const char* name : {"verdict", "cause", "side", "certainty", "because", "rule", "text"}) {
    append(name);
  }
  out.append('\n');
  return std::string(out.view());
}

}  // namespace weir::cli
