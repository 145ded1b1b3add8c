// SPDX-License-Identifier: Apache-2.0
// cli: what a reader of suggested rules must know.
#include "cli/suggest_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/number_words.hpp"
#include "base/protocol.hpp"
#include "base/terminal_text.hpp"
#include "explain/words.hpp"
#include "weir/render.hpp"
#include "weir/time.hpp"

namespace weir::cli {
namespace {

/// Groups that an interface may carry, unless AWS raised it.
/// Source: VPC User Guide, "Amazon VPC quotas".
constexpr std::uint64_t kGroupsOfInterface = 5;

std::string length_words(std::int64_t seconds) {
  if (seconds >= 2 * base::kSecondsOfDay)
    return base::counted(static_cast<std::uint64_t>(seconds / base::kSecondsOfDay), "day");
  if (seconds >= 2 * base::kSecondsOfHour)
    return base::counted(static_cast<std::uint64_t>(seconds / base::kSecondsOfHour), "hour");
  return base::counted(static_cast<std::uint64_t>(std::max<std::int64_t>(1, seconds / 60)),
                       "minute");
}

std::string coverage_note(const Suggestion& proposal, const TimeZone& zone) {
  const std::int64_t length = proposal.last - proposal.first;
  return fmt::format(
      "{} from {} to {} {}; the log covers {}: traffic that is rarer than that is not covered by "
      "these rules",
      base::counted(proposal.accepted, "accepted record"), format_time(proposal.first, zone),
      format_time(proposal.last, zone), zone.name(), length_words(length));
}

std::string limit_note(const Suggestion& proposal, RuleDirection direction, bool is_ipv6) {
  const RuleCount& count = proposal.count(direction, is_ipv6);
  std::string text = fmt::format("{}: {} {} rules, and a group has room for {}",
                                 rule_direction_name(direction), with_thousands(count.rules),
                                 is_ipv6 ? "IPv6" : "IPv4", with_thousands(count.limit));
  if (count.widen_to) {
    text += fmt::format("; --widen {}{} would be enough",
                        is_ipv6 && *count.widen_to <= 32 ? "," : "", *count.widen_to);
  } else {
    text += "; no --widen makes them few enough, since it is the ports that differ";
  }
  const std::uint64_t groups =
      count.limit == 0 ? kGroupsOfInterface + 1 : (count.rules + count.limit - 1) / count.limit;
  if (groups <= kGroupsOfInterface) {
    text += fmt::format("; or split them over {} groups", groups);
  }
  return text;
}

std::string public_note(const PublicPort& port) {
  return fmt::format(
      "{} {} was used by {}{} addresses of {} {}, as a public service is: --widen {} "
      "makes it {} where there is no room",
      rule_direction_name(port.direction), to_string(port.traffic),
      port.peers_are_more ? "more than " : "", with_thousands(port.peers),
      with_thousands(port.networks), port.is_ipv6 ? "/16" : "/8", port.is_ipv6 ? ",0" : "0",
      port.is_ipv6 ? "::/0" : "0.0.0.0/0");
}

std::string weak_note(std::uint64_t rules) {
  return fmt::format(
      "{} on weak evidence: the log does not tell which end opened these conversations, so there "
      "is a rule for either end, and one of the two is not needed (log tcp-flags to know which)",
      rules == 1 ? "1 rule rests" : fmt::format("{} rules rest", rules));
}

/// Notes on kinds of rules that a reader would take for something else.
void add_rule_notes(const Suggestion& proposal, std::vector<std::string>& notes) {
  std::uint64_t weak = 0;
  std::uint64_t unanswered = 0;
  bool any_icmp = false;
  for (const SuggestedRule& rule : proposal.rules) {
    weak += rule.evidence.certainty == Certainty::possible ? 1U : 0U;
    unanswered += rule.evidence.answered == 0 ? 1U : 0U;
    any_icmp = any_icmp || base::has_icmp_types(rule.traffic.protocol);
  }
  if (weak > 0) notes.push_back(weak_note(weak));
  if (unanswered > 0) {
    notes.push_back(
        fmt::format("{} only what was never answered: a scan, a service that is down, "
                    "or one-way traffic such as syslog",
                    unanswered == 1 ? "1 rule admits" : fmt::format("{} rules admit", unanswered)));
  }
  if (any_icmp) notes.emplace_back("ICMP rules admit every type, because flow logs do not have it");
}

void add_left_out_notes(const Suggestion& proposal, std::vector<std::string>& notes) {
  if (proposal.rejected > 0) {
    notes.push_back(
        fmt::format("not admitted: {}", base::counted(proposal.rejected, "rejected record")));
  }
  if (proposal.without_side > 0) {
    notes.push_back(
        fmt::format("left out: {} whose direction is unknown (log flow-direction, or "
                    "give --config)",
                    base::counted(proposal.without_side, "accepted record")));
  }
  if (proposal.only_replies > 0) {
    notes.push_back(fmt::format("left out: {} of conversations whose opening was refused",
                                base::counted(proposal.only_replies, "accepted record")));
  }
  if (proposal.skipdata > 0) {
    notes.push_back(fmt::format("{}: AWS dropped records, and a rule for them may be missing",
                                base::counted(proposal.skipdata, "SKIPDATA record")));
  }
  if (proposal.silent_interfaces > 0) {
    notes.push_back(fmt::format("{} with the same groups {} no record: what {} is not known",
                                base::counted(proposal.silent_interfaces, "other interface"),
                                proposal.silent_interfaces == 1 ? "has" : "have",
                                proposal.silent_interfaces == 1 ? "it needs" : "they need"));
  }
}

}  // namespace

std::string proposal_title(const Suggestion& proposal) {
  const std::size_t count = proposal.interface_ids.size();
  std::string interfaces = count != 1 ? base::counted(count, "interface")
                           : proposal.interface_ids.front().empty()
                               ? "records without interface-id"
                               : proposal.interface_ids.front();
  if (!proposal.group_id.empty()) {
    return fmt::format("{} on {}{}", proposal.group_id, interfaces,
                       proposal.group_ids.size() > 1 ? ", in place of all its groups" : "");
  }
  if (proposal.group_ids.empty()) return interfaces;
  return fmt::format("a new group for {}, now {}", interfaces, explain::listed(proposal.group_ids));
}

std::string rule_remark(const SuggestedRule& rule) {
  std::vector<std::string> parts;
  if (rule.not_seen > 0) {
    const std::string_view noun = rule.not_seen == 1 ? "member" : "members";
    parts.push_back(fmt::format("{} more {} not seen", rule.not_seen, noun));
  }
  if (rule.is_wider) {
    parts.emplace_back(rule.peers_are_more ? "wider than seen, to save memory" : "wider than seen");
  }
  if (rule.evidence.answered == 0) parts.emplace_back("never answered");
  if (rule.evidence.certainty == Certainty::possible) parts.emplace_back("weak evidence");
  return explain::joined(parts, "; ");
}

std::vector<std::string> proposal_notes(const Suggestion& proposal, const TimeZone& zone) {
  std::vector<std::string> notes;
  if (proposal.rules.empty()) {
    notes.emplace_back("nothing was accepted, so no rule is needed");
  } else if (proposal.last > 0) {
    notes.push_back(coverage_note(proposal, zone));
  }
  for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
    for (const bool is_ipv6 : {false, true}) {
      if (!proposal.count(direction, is_ipv6).is_met()) {
        notes.push_back(limit_note(proposal, direction, is_ipv6));
      }
    }
  }
  for (const PublicPort& port : proposal.public_ports) notes.push_back(public_note(port));
  if (proposal.merged_for_room) {
    notes.emplace_back(
        "ports with very many peers: their addresses were kept as prefixes, so that "
        "memory stays bounded");
  }
  add_rule_notes(proposal, notes);
  add_left_out_notes(proposal, notes);
  return notes;
}

std::string over_limit(const Suggestions& suggestions) {
  for (const Suggestion& proposal : suggestions.proposals) {
    for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
      for (const bool is_ipv6 : {false, true}) {
        if (proposal.count(direction, is_ipv6).is_met()) continue;
        return fmt::format("{}: {}", proposal_title(proposal),
                           limit_note(proposal, direction, is_ipv6));
      }
    }
  }
  return {};
}

std::string notes_as_comments(const Suggestions& suggestions, const TimeZone& zone) {
  std::string text;
  const auto add = [&](std::string_view note) {
    text += fmt::format("# {}\n", base::printable(note, true));
  };
  for (const Suggestion& proposal : suggestions.proposals) {
    add(proposal_title(proposal) + ':');
    for (const std::string& note : proposal_notes(proposal, zone)) add("- " + note);
  }
  for (const std::string& note : common_notes(suggestions)) add(note);
  return text.empty() ? text : text + '\n';
}

std::vector<std::string> common_notes(const Suggestions& suggestions) {
  std::vector<std::string> notes;
  if (!suggestions.ungrouped.empty()) {
    const Ungrouped& first = suggestions.ungrouped.front();
    notes.push_back(fmt::format("{} without security groups left out: {}{}{}",
                                base::counted(suggestions.ungrouped.size(), "interface"),
                                first.interface_id.empty()
                                    ? "records without an interface, as of a "
                                      "regional NAT gateway"
                                    : first.interface_id,
                                first.type.empty() ? "" : fmt::format(" ({})", first.type),
                                suggestions.ungrouped.size() > 1 ? ", ..." : ""));
  }
  return notes;
}

}  // namespace weir::cli
