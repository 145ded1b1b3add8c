// SPDX-License-Identifier: Apache-2.0
// rules: effects of a proposal in words.
#include <fmt/format.h>

#include "base/enum_table.hpp"
#include "rules/use_text.hpp"
#include "weir/whatif.hpp"

namespace weir {
namespace {

struct EffectRow {
  Effect effect;
  std::string_view name;
  std::string_view if_possible;
};

constexpr EffectRow kEffects[] = {
    {Effect::cut, "cut", "possibly-cut"},
    {Effect::admitted, "admitted", "possibly-admitted"},
};
static_assert(base::is_whole<kEffects, &EffectRow::effect>());

/// Whether a rule of this direction is asked about replies.
bool is_reply(const WhatifRow& row, RuleDirection direction) {
  return (row.opened == Side::inbound) != (direction == RuleDirection::ingress);
}

std::string traffic_of(const WhatifRow& row, std::span<const ObservedInterface> interfaces) {
  const std::string peers = rules::peers_text(row.peers, row.peers_exact, row.peer_prefixes);
  const std::string here =
      row.interface == WhatifRow::kEveryInterface ? "any interface" : interfaces[row.interface].id;
  const bool inbound = row.opened == Side::inbound;
  return fmt::format("{} from {} to {}", rules::traffic_text(row.protocol, row.ports),
                     inbound ? peers : here, inbound ? here : peers);
}

/// What the rule does to the traffic, or to its replies.
std::string clause(const WhatifRow& row, const RulePlace& place, bool may = false) {
  const bool is_group = place.kind == RuleKind::security_group;
  if (is_group && place.rule == nullptr) return to_string(place) + " matches";
  const std::string_view verb = may              ? (place.allows() ? "may admit" : "may deny")
                                : place.allows() ? "admits"
                                                 : "denies";
  const bool replies = !is_group && is_reply(row, place.direction);
  return fmt::format("{} {} {}", rules::whole_rule_text(place), verb, replies ? "replies" : "it");
}

}  // namespace

std::string_view effect_name(Effect effect, Certainty certainty) noexcept {
  const EffectRow& row = kEffects[static_cast<std::size_t>(effect)];
  return certainty == Certainty::possible ? row.if_possible : row.name;
}

std::string whatif_text(const WhatifRow& row, std::span<const ObservedInterface> interfaces) {
  std::string text = traffic_of(row, interfaces) + ": ";
  const bool possible = row.certainty == Certainty::possible;
  const bool no_rule =
      row.proposed.kind == RuleKind::security_group && row.proposed.rule == nullptr;
  if (possible && !no_rule) {
    // The log lacks what the rule asks for.
    text += row.effect == Effect::cut ? "depends on " + rules::whole_rule_text(row.proposed)
                                      : clause(row, row.proposed, true);
  } else {
    text += clause(row, row.proposed);
    if (possible && row.effect == Effect::cut) text += ", if it was opened from that end";
  }
  if (row.has_now) text += "; now " + clause(row, row.now);
  return text;
}

}  // namespace weir
