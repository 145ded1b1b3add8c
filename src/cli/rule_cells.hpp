// SPDX-License-Identifier: Apache-2.0
// cli: cells of the verbs over conversations and rules.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/render.hpp"
#include "weir/rule_use.hpp"

namespace weir::cli {

/// Terminals of this width have room for when and by how many, too.
inline constexpr std::size_t kRoomy = 116;

Cell count_cell(unsigned __int128 value);
Cell time_cell(std::int64_t unix_seconds);
/// Nothing if the text is empty.
Cell text_cell(std::string text);

/// `10.0.0.0/8`, `sg-…`, `pl-…`; empty where no rule stands.
std::string peer_text(const RulePlace& place);
/// `unused,shadowed`.
std::string finding_kinds(const RuleUse& use);

/// The columns that name a rule, as a program needs them: kind, id, rule_id, index, number,
/// direction.
void add_place_columns(ResultTable& table, std::string_view prefix);
void add_place_cells(std::vector<Cell>& row, const RulePlace& place);
/// What a rule says: action, protocol (none: all), ports, traffic (all of it, in words), peer.
void add_traffic_columns(ResultTable& table);
void add_traffic_cells(std::vector<Cell>& row, const RulePlace& place);

/// `443,8000-8100`.
std::string ports_text(std::span<const PortRange> ranges);
/// `10.0.1.0/24,10.0.2.0/24`.
std::string prefixes_text(std::span<const Cidr> prefixes);

}  // namespace weir::cli
