// SPDX-License-Identifier: Apache-2.0
// rules: durations, peers and rules as sentences need them.
#include "rules/use_text.hpp"

#include <fmt/format.h>

#include "base/number_words.hpp"

namespace weir::rules {
namespace {

/// `443`, `8000-8100`.
std::string range_text(const PortRange& range) {
  return range.from == range.to ? fmt::format("{}", range.from)
                                : fmt::format("{}-{}", range.from, range.to);
}

/// An address alone needs no length.
std::string prefix_text(const Cidr& prefix) {
  return prefix.length == 128 ? to_string(prefix.network) : to_string(prefix);
}

std::string protocol_text(std::uint8_t protocol) {
  switch (protocol) {
    case 1:
      return "icmp";
    case 6:
      return "tcp";
    case 17:
      return "udp";
    case 58:
      return "icmpv6";
    default:
      return fmt::format("protocol {}", protocol);
  }
}

}  // namespace

std::string duration_text(std::int64_t seconds) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  // A unit of its own says little until there are two of it.
  if (seconds >= 2 * kDay) return fmt::format("{} days", seconds / kDay);
  if (seconds >= 2 * kHour) return fmt::format("{} h", seconds / kHour);
  if (seconds >= 2 * kMinute) return fmt::format("{} min", seconds / kMinute);
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
