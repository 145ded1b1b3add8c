// SPDX-License-Identifier: Apache-2.0
// filter: the words that are a condition by themselves: `tcp`, `rejected`, `syn`.
#include "filter/shorthand.hpp"

#include <algorithm>
#include <numeric>

#include "field/ascii.hpp"
#include "weir/names.hpp"

namespace weir::filter {
namespace {

using Expression = Filter::Expression;

/// A word for one value of a field of AWS's words.
struct ValueWord {
  std::string_view spellings;
  FieldId field;
  std::string_view value;
};

constexpr ValueWord kValueWords[] = {
    {"accepted|accept", FieldId::action, "ACCEPT"},
    {"rejected|reject", FieldId::action, "REJECT"},
    {"ingress|inbound", FieldId::flow_direction, "ingress"},
    {"egress|outbound", FieldId::flow_direction, "egress"},
    {"nodata", FieldId::log_status, "NODATA"},
    {"skipdata", FieldId::log_status, "SKIPDATA"},
};

// What is suggested for a misspelled word, with the spellings above and the commonest protocols.
constexpr std::string_view kOtherWords[] = {"host", "net",  "port",    "portrange", "proto",
                                            "ipv4", "ipv6", "tcp",     "udp",       "icmp",
                                            "syn",  "any",  "private", "public"};

ExpressionPtr one_value(FieldId id, std::string_view value) {
  ValueSetBuilder builder{ValuePlace(FieldRef(id))};
  if (!builder.add(value, false)) return nullptr;
  return make_expression(Expression::InSet{FieldRef(id), builder.finish()});
}

bool is_one_slip_away(std::string_view a, std::string_view b) {
  std::vector<std::size_t> cost(b.size() + 1);
  std::iota(cost.begin(), cost.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(cost[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = field::to_lower_ascii(a[i - 1]) == b[j - 1];
      const std::size_t replaced = diagonal + (same ? 0 : 1);
      diagonal = std::exchange(cost[j], std::min({cost[j] + 1, cost[j - 1] + 1, replaced}));
    }
  }
  // Two edits are one slip in a long word: an exchange of neighbours, or two letters left out.
  return cost[b.size()] <= (b.size() > 5 ? 2U : 1U);
}

}  // namespace

ExpressionPtr expand_word(std::string_view word) {
  if (field::lists_name("any|all", word)) return make_expression(Expression::Always{});
  // Before the protocols, among which IANA has IPv4 and IPv6 inside IP.
  if (field::lists_name("ipv4|ip", word))
    return make_expression(Expression::OfFamily{.ipv4 = true});
  if (field::lists_name("ipv6|ip6", word))
    return make_expression(Expression::OfFamily{.ipv4 = false});
  if (field::lists_name("syn|fin|rst|syn-ack", word)) {
    return make_expression(
        Expression::HasFlags{FieldRef(FieldId::tcp_flags), find_tcp_flags(word).value_or(0)});
  }
  for (const ValueWord& value : kValueWords) {
    if (field::lists_name(value.spellings, word)) return one_value(value.field, value.value);
  }
  if (find_protocol(word)) return one_value(FieldId::protocol, word);
  return nullptr;
}

bool is_protocol_word(std::string_view word) {
  return field::lists_name("ip|ipv4|ip6|ipv6", word) || find_protocol(word).has_value();
}

std::vector<std::string_view> near_words(std::string_view word) {
  constexpr std::size_t kLongest = 16;
  std::vector<std::string_view> near;
  if (word.size() > kLongest) return near_field_names(word, 2);
  for (const ValueWord& value : kValueWords) {
    const std::string_view spelling = value.spellings.substr(0, value.spellings.find('|'));
    if (is_one_slip_away(word, spelling)) near.push_back(spelling);
  }
  for (const std::string_view other : kOtherWords) {
    if (is_one_slip_away(word, other)) near.push_back(other);
  }
  for (const std::string_view field : near_field_names(word, 2)) near.push_back(field);
  if (near.size() > 3) near.resize(3);
  return near;
}

}  // namespace weir::filter
