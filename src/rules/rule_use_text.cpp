// SPDX-License-Identifier: Apache-2.0
// rules: the use of rules in words.
#include <fmt/format.h>

#include "rules/use_text.hpp"
#include "weir/rule_use.hpp"

namespace weir {
std::string used_peers_text(const RuleUse& use) {
  return use.peers == 0 ? "" : rules::peers_text(use.peers, use.peers_exact, use.peer_prefixes);
}

std::string used_traffic_text(const RuleUse& use) {
  std::vector<std::string> parts;
  for (const UsedPorts& used : use.used_ports) {
    parts.push_back(rules::traffic_text(used.protocol, used.ranges));
  }
  return fmt::format("{}", fmt::join(parts, " and "));
}

std::string_view rule_kind_name(RuleKind kind) noexcept {
  return kind == RuleKind::security_group ? "security-group" : "network-acl";
}

std::string_view use_finding_name(UseFindingKind kind) noexcept {
  switch (kind) {
    case UseFindingKind::unused:
      return "unused";
    case UseFindingKind::not_seen:
      return "not-seen";
    case UseFindingKind::unattached:
      return "unattached";
    case UseFindingKind::wider:
      return "wider";
    case UseFindingKind::shadowed:
      return "shadowed";
    case UseFindingKind::duplicate:
      return "duplicate";
    case UseFindingKind::stale_reference:
      return "stale-reference";
  }
  return "";
}

}  // namespace weir
