// SPDX-License-Identifier: Apache-2.0
// rules: what can be said against a rule, from what it did and from configuration.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/number_words.hpp"
#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "rules/rule_hits.hpp"
#include "rules/use_text.hpp"

namespace weir::rules {
namespace {

/// A rule is wider than its use if it admits this many times the addresses, counted in /24 and /64,
/// or this many times the ports. Narrower differences are what subnets and port ranges are for.
constexpr double kWiderAddresses = 16;
constexpr std::uint32_t kWiderPorts = 4;

/// Shorter prefixes than these are no networks that a rule could name instead: peers are all over.
constexpr std::uint8_t kShortestNetworkIpv4 = base::kIpv4Bits + 16;
constexpr std::uint8_t kShortestNetworkIpv6 = 48;

/// The prefix that a rule admits, if it names one.
const Cidr* prefix_of(const RulePlace& place) {
  if (place.entry != nullptr) return &place.entry->peer;
  return place.rule == nullptr ? nullptr : std::get_if<Cidr>(&place.rule->peer);
}

void append(std::string& text, std::string_view part) {
  if (part.empty()) return;
  if (!text.empty()) text += "; ";
  text += part;
}

bool is_wider_in_peers(const RuleUse& use) {
  const Cidr* const prefix = prefix_of(use.place);
  if (prefix == nullptr || use.peer_prefixes.empty()) return false;
  const bool ipv4 = use.peer_prefixes.front().network.is_ipv4();
  const std::uint8_t shortest = ipv4 ? kShortestNetworkIpv4 : kShortestNetworkIpv6;
  const bool all_over =
      std::any_of(use.peer_prefixes.begin(), use.peer_prefixes.end(),
                  [shortest](const Cidr& shown) { return shown.length < shortest; });
  return !all_over && use.used_addresses * kWiderAddresses <= base::address_count(*prefix);
}

/// Whether the ports, or the protocols of a rule for all of them, are many more than were used.
bool is_wider_in_traffic(const RuleUse& use) {
  const TrafficMatch& traffic = *use.place.traffic();
  // The ports of replies are whatever clients picked.
  if (use.has_replies || use.used_ports.empty()) return false;
  std::uint32_t used = 0;
  for (const UsedPorts& ports : use.used_ports) {
    if (ports.ranges.empty()) {
      if (!base::has_ports(ports.protocol)) continue;
      return false;
    }
    used += covered_ports(ports.ranges);
  }
  if (traffic.protocol == kAnyProtocol) return used * kWiderPorts <= 65536;
  if (!base::has_ports(traffic.protocol)) return false;
  const auto admitted = static_cast<std::uint32_t>(traffic.ports.to - traffic.ports.from + 1);
  return used * kWiderPorts <= admitted;
}

void find_wider(RuleUse& use) {
  if (use.flows == 0 || !use.place.allows()) return;
  std::string detail;
  if (is_wider_in_peers(use)) {
    append(detail, fmt::format("admits {}, used by {}", to_string(*prefix_of(use.place)),
                               used_peers_text(use)));
  }
  if (is_wider_in_traffic(use)) {
    append(detail, fmt::format("admits {}, used for {}", to_string(*use.place.traffic()),
                               used_traffic_text(use)));
  }
  if (detail.empty()) return;
  if (use.possible_flows > 0) {
    append(detail, base::counted(use.possible_flows, "more flow", "more flows") +
                       " may also have used this rule");
  }
  use.findings.push_back({.kind = UseFindingKind::wider, .detail = std::move(detail)});
}

std::string coverage_text(const RuleCoverage& coverage) {
  return fmt::format("in {} at {}", duration_text(coverage.last - coverage.first),
                     base::counted(coverage.logged, "interface", "interfaces"));
}

/// Why a log that has no hit of a rule proves nothing; empty if it does.
std::string what_weakens(const RuleUse& use, const RuleUseOptions& options) {
  std::string why;
  const RuleCoverage& coverage = use.coverage;
  if (coverage.logged == 0) {
    append(why, coverage.interfaces == 1
                    ? "the interface that it applies to has no record"
                    : fmt::format("none of the {} that it applies to has a record",
                                  base::counted(coverage.interfaces, "interface", "interfaces")));
  } else if (coverage.logged < coverage.interfaces) {
    append(why, fmt::format("{} of the {} that it applies to have no record",
                            coverage.interfaces - coverage.logged,
                            base::counted(coverage.interfaces, "interface", "interfaces")));
  }
  const bool allows = use.place.allows();
  if (allows && options.rejects_only) append(why, "the log has no accepted record at all");
  if (!allows && options.accepts_only) append(why, "the log has no rejected record at all");
  if (options.filtered) append(why, "only records that match the filter were counted");
  if (use.possible_flows > 0) {
    append(why, base::counted(use.possible_flows, "flow", "flows") + " may have used this rule");
  }
  return why;
}

void find_unused(RuleUse& use, const Network& network, const RuleUseOptions& options) {
  if (use.flows > 0) return;
  if (use.coverage.interfaces == 0) {
    const bool known = !network.interfaces.empty();
    use.findings.push_back(
        {.kind = known ? UseFindingKind::unattached : UseFindingKind::not_seen,
         .detail =
             known ? "it applies to no interface of the configuration"
                   : "the configuration has no interfaces, so it is not known what it applies to"});
    return;
  }
  const std::string weak = what_weakens(use, options);
  std::string detail;
  if (use.coverage.logged > 0) detail = "no hit " + coverage_text(use.coverage);
  append(detail, weak);
  if (use.coverage.skipdata > 0) {
    append(detail, base::counted(use.coverage.skipdata, "SKIPDATA record", "SKIPDATA records") +
                       " there: AWS dropped records, which may have been hits");
  }
  if (use.untracked_replies > 0) {
    append(detail, base::counted(use.untracked_replies, "reply", "replies") +
                       " of untracked connections passed by it; without it they are tracked");
  }
  if (use.rejected_behind > 0) {
    append(detail, base::counted(use.rejected_behind, "flow", "flows") +
                       " that it let pass were rejected by the security groups");
  }
  use.findings.push_back({.kind = weak.empty() ? UseFindingKind::unused : UseFindingKind::not_seen,
                          .detail = std::move(detail)});
}

UseFinding finding_of(const RuleProblem& problem) {
  UseFinding finding;
  switch (problem.finding) {
    case RuleFinding::shadowed:
      finding.kind = UseFindingKind::shadowed;
      break;
    case RuleFinding::duplicate:
      finding.kind = UseFindingKind::duplicate;
      break;
    case RuleFinding::stale_reference:
      finding.kind = UseFindingKind::stale_reference;
      break;
  }
  finding.detail = problem.reason;
  if (!problem.proven) append(finding.detail, "unless not everything of the VPC was read");
  return finding;
}

}  // namespace

void add_findings(std::vector<RuleUse>& rules, const Network& network,
                  const RuleUseOptions& options) {
  std::map<std::pair<const SecurityGroupRule*, const AclEntry*>, std::vector<UseFinding>> problems;
  for (const RuleProblem& problem : find_rule_problems(network)) {
    problems[{problem.rule, problem.entry}].push_back(finding_of(problem));
  }
  for (RuleUse& use : rules) {
    if (use.place.traffic() == nullptr) continue;
    find_unused(use, network, options);
    find_wider(use);
    const auto found = problems.find({use.place.rule, use.place.entry});
    if (found == problems.end()) continue;
    use.findings.insert(use.findings.end(), found->second.begin(), found->second.end());
  }
}

}  // namespace weir::rules
