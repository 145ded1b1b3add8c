// SPDX-License-Identifier: Apache-2.0
// policy: protocol, ports and ICMP types of a rule -> TrafficMatch.
#include "policy/read_traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/excerpt.hpp"
#include "base/protocol.hpp"

namespace weir::policy {
namespace {

constexpr std::int64_t kLargestPort = 65535;
constexpr std::int64_t kLargestByte = 255;  // ICMP types and codes, and protocols

BadValue bad_member(const JsonObject& object, std::string_view key, std::string problem) {
  const std::optional<JsonElement> element = find_member(object, key);
  return {.problem = std::move(problem), .value = element ? json_text(*element) : std::string()};
}

bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

std::optional<std::int16_t> parse_protocol(std::string_view text) {
  constexpr struct {
    std::string_view name;
    std::int16_t number;
  } kNames[] = {{"tcp", base::kTcp},
                {"udp", base::kUdp},
                {"icmp", base::kIcmp},
                {"icmpv6", base::kIcmpv6},
                {"all", kAnyProtocol}};
  for (const auto& known : kNames) {
    if (is_word(text, known.name)) return known.number;
  }
  std::int16_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (number < kAnyProtocol || number > kLargestByte) return std::nullopt;
  return number;
}

std::optional<BadValue> read_protocol(const JsonObject& object, std::string_view key,
                                      std::int16_t& protocol) {
  if (!find_member(object, key)) return BadValue{fmt::format("{} is missing", key), {}};
  const std::optional<std::int16_t> number = parse_protocol(text_member(object, key));
  if (!number) {
    return bad_member(object, key,
                      fmt::format("{} is none of -1, tcp, udp, icmp, icmpv6 and 0 to 255", key));
  }
  protocol = *number;
  return std::nullopt;
}

/// Reads a number of which -1 or nothing means all.
std::optional<BadValue> read_bounded(const JsonObject& object, std::string_view key,
                                     std::int64_t largest, std::int64_t& number) {
  const NumberMember member = number_member(object, key);
  number = member.value.value_or(-1);
  if (!member.broken && number >= -1 && number <= largest) return std::nullopt;
  return bad_member(object, key, fmt::format("{} is not a number from -1 to {}", key, largest));
}

std::optional<BadValue> read_ports(const JsonObject& object, std::string_view from_key,
                                   std::string_view to_key, PortRange& ports) {
  std::int64_t from = 0;
  std::int64_t to = 0;
  if (auto bad = read_bounded(object, from_key, kLargestPort, from)) return bad;
  if (auto bad = read_bounded(object, to_key, kLargestPort, to)) return bad;
  // One end may be left open.
  from = std::max<std::int64_t>(from, 0);
  if (to < 0) to = kLargestPort;
  if (from > to) {
    return bad_member(object, from_key, fmt::format("{}-{} is not a range of ports", from, to));
  }
  ports = {.from = static_cast<std::uint16_t>(from), .to = static_cast<std::uint16_t>(to)};
  return std::nullopt;
}

std::optional<BadValue> read_icmp(const JsonObject& object, std::string_view type_key,
                                  std::string_view code_key, TrafficMatch& traffic) {
  std::int64_t type = 0;
  std::int64_t code = 0;
  if (auto bad = read_bounded(object, type_key, kLargestByte, type)) return bad;
  if (auto bad = read_bounded(object, code_key, kLargestByte, code)) return bad;
  traffic.icmp_type = static_cast<std::int16_t>(type);
  // "If you specify all ICMP types, you must specify all ICMP codes."
  traffic.icmp_code = static_cast<std::int16_t>(type < 0 ? -1 : code);
  return std::nullopt;
}

}  // namespace

std::optional<BadValue> read_group_traffic(const JsonObject& rule, TrafficMatch& traffic) {
  traffic = TrafficMatch{};
  if (auto bad = read_protocol(rule, "IpProtocol", traffic.protocol)) return bad;
  switch (traffic.protocol) {
    case base::kTcp:
    case base::kUdp:
      return read_ports(rule, "FromPort", "ToPort", traffic.ports);
    case base::kIcmp:
    case base::kIcmpv6:
      return read_icmp(rule, "FromPort", "ToPort", traffic);
    default:
      return std::nullopt;
  }
}

std::optional<BadValue> read_acl_traffic(const JsonObject& entry, bool is_ipv6,
                                         TrafficMatch& traffic) {
  traffic = TrafficMatch{};
  if (auto bad = read_protocol(entry, "Protocol", traffic.protocol)) return bad;
  if (traffic.protocol == base::kTcp || traffic.protocol == base::kUdp) {
    const std::optional<JsonObject> range = find_object(entry, "PortRange");
    return range ? read_ports(*range, "From", "To", traffic.ports) : std::nullopt;
  }
  // "If you specify protocol 58 (ICMPv6) with an IPv4 CIDR block, traffic for all ICMP types and
  // codes is allowed, regardless of any that you specify."
  const bool has_types =
      traffic.protocol == base::kIcmp || (traffic.protocol == base::kIcmpv6 && is_ipv6);
  const std::optional<JsonObject> types = find_object(entry, "IcmpTypeCode");
  return has_types && types ? read_icmp(*types, "Type", "Code", traffic) : std::nullopt;
}

std::optional<BadValue> read_cidr(const JsonElement& element, Cidr& cidr) {
  std::string_view text;
  if (element.get_string().get(text) == simdjson::SUCCESS) {
    if (const std::optional<Cidr> parsed = parse_cidr(text)) {
      cidr = *parsed;
      return std::nullopt;
    }
  }
  const std::string value = json_text(element);
  return BadValue{.problem = fmt::format("{} is not a CIDR block", base::shown_word(value)),
                  .value = value};
}

}  // namespace weir::policy
