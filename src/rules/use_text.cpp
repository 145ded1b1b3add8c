// SPDX-License-Identifier: Apache-2.0
// rules: durations, peers and rules as sentences need them.
#include "rules/use_text.hpp"

#include <fmt/format.h>

#include "base/enum_table.hpp"
#include "base/number_words.hpp"
#include "base/prefix.hpp"
#include "base/protocol.hpp"

namespace weir::rules {
namespace {

/// `443`, `8000-8100`.
std::string range_text(const PortRange& range) {
  return range.from == range.to ? fmt::format("{}", range.from)
                                : fmt::format("{}-{}", range.from, range.to);
}

/// An address alone needs no length.
std::string prefix_text(const Cidr& prefix) {
  return prefix.length == base::kAddressBits ? to_string(prefix.network) : to_string(prefix);
}

std::string protocol_text(std::uint8_t protocol) {
  const std::string_view word = base::rule_protocol_word(protocol);
  return word.empty() ? fmt::format("protocol {}", protocol) : std::string(word);
}

}  // namespace

std::string duration_text(std::int64_t seconds) {
  // A unit of its own says little until there are two of it.
  if (seconds >= 2 * base::kSecondsOfDay)
    return fmt::format("{} days", seconds / base::kSecondsOfDay);
  if (seconds >= 2 * base::kSecondsOfHour)
    return fmt::format("{} h", seconds / base::kSecondsOfHour);
  if (seconds >= 2 * base::kSecondsOfMinute)
    return fmt::format("{} min", seconds / base::kSecondsOfMinute);
  return fmt::format("{} s", seconds);
}

std::string peers_text(std::uint64_t peers, bool exact, const std::vector<Cidr>& prefixes) {
  std::vector<std::string> texts;
  texts.reserve(prefixes.size());
  for (const Cidr& prefix : prefixes) texts.push_back(prefix_text(prefix));
  const bool few = exact && peers <= kShownPrefixes;
  if (few) return fmt::format("{}", fmt::join(texts, ", "));
  return fmt::format("{}{} in {}", exact ? "" : "more than ",
                     base::counted(exact ? peers : peers - 1, "address", "addresses"),
                     fmt::join(texts, ", "));
}

std::string traffic_text(std::uint8_t protocol, const std::vector<PortRange>& ports) {
  if (ports.empty()) return protocol_text(protocol);
  std::vector<std::string> texts;
  texts.reserve(ports.size());
  for (const PortRange& range : ports) texts.push_back(range_text(range));
  return fmt::format("{} {}", protocol_text(protocol), fmt::join(texts, ", "));
}

std::string whole_rule_text(const RulePlace& place) {
  if (place.traffic() == nullptr) {
    return place.acl == nullptr ? to_string(place) : to_string(place) + " (the implicit deny)";
  }
  const bool is_acl = place.entry != nullptr;
  return fmt::format("{} ({}{} {} {})", to_string(place),
                     !is_acl              ? ""
                     : place.entry->allow ? "allow "
                                          : "deny ",
                     to_string(*place.traffic()),
                     place.direction == RuleDirection::ingress ? "from" : "to",
                     is_acl ? to_string(place.entry->peer) : to_string(place.rule->peer));
}

}  // namespace weir::rules

namespace weir {
namespace {

constexpr base::NameRow<RuleKind> kRuleKinds[] = {
    {RuleKind::security_group, "security-group"},
    {RuleKind::network_acl, "network-acl"},
};
static_assert(base::names_all<kRuleKinds>());

constexpr base::NameRow<UseFindingKind> kUseFindings[] = {
    {UseFindingKind::stale_reference, "stale-reference"},
    {UseFindingKind::duplicate, "duplicate"},
    {UseFindingKind::shadowed, "shadowed"},
    {UseFindingKind::wider, "wider"},
    {UseFindingKind::unused, "unused"},
    {UseFindingKind::unattached, "unattached"},
    {UseFindingKind::not_seen, "not-seen"},
};
static_assert(base::names_all<kUseFindings>());

}  // namespace

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

std::string_view rule_kind_name(RuleKind kind) noexcept { return base::name_in(kRuleKinds, kind); }

std::string_view use_finding_name(UseFindingKind kind) noexcept {
  return base::name_in(kUseFindings, kind);
}

}  // namespace weir
