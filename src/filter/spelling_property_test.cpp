// SPDX-License-Identifier: Apache-2.0
// filter: what is printed means the same when it is read again: expressions of every field and
// operator, with values at their limits.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "filter/expression.hpp"
#include "weir/filter.hpp"

namespace weir::filter {
namespace {

using Expression = Filter::Expression;

bool same_tree(const Expression& a, const Expression& b);

bool same_parts(const std::vector<ExpressionPtr>& a, const std::vector<ExpressionPtr>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return same_tree(*x, *y); });
}

bool same_field(const FieldRef& a, const FieldRef& b) { return a.id == b.id && a.name == b.name; }

template <class Value>
bool same_ranges(const base::RangeSet<Value>& a, const base::RangeSet<Value>& b) {
  return std::equal(
      a.ranges().begin(), a.ranges().end(), b.ranges().begin(), b.ranges().end(),
      [](const auto& x, const auto& y) { return x.low == y.low && x.high == y.high; });
}

/// IPv6 sets may differ in the IPv4 addresses inside, which are no members: compared by members at
/// their edges.
bool same_addresses(const AddressSet& a, const AddressSet& b) {
  if (!same_ranges(a.ipv4, b.ipv4)) return false;
  for (const auto* set : {&a, &b}) {
    for (const auto& range : set->ipv6.ranges()) {
      for (const Ip& edge : {range.low, range.high}) {
        if (edge.is_ipv4()) continue;
        const Ip before{.high = edge.high - (edge.low == 0 ? 1 : 0), .low = edge.low - 1};
        const Ip after = base::successor(edge);
        for (const Ip& probe : {before, edge, after}) {
          if (!probe.is_ipv4() && a.contains(probe) != b.contains(probe)) return false;
        }
      }
    }
  }
  return true;
}

bool same_sets(const ValueSet& a, const ValueSet& b) {
  if (a.values.index() != b.values.index()) return false;
  if (const auto* numbers = std::get_if<NumberSet>(&a.values)) {
    return same_ranges(*numbers, std::get<NumberSet>(b.values));
  }
  if (const auto* addresses = std::get_if<AddressSet>(&a.values)) {
    return same_addresses(*addresses, std::get<AddressSet>(b.values));
  }
  const auto& left = std::get<TextSet>(a.values);
  const auto& right = std::get<TextSet>(b.values);
  return left.texts() == right.texts() && left.any_case() == right.any_case();
}

bool same_tree(const Expression& a, const Expression& b) {
  if (a.node.index() != b.node.index()) return false;
  return std::visit(
      [&b]<class Node>(const Node& left) {
        const Node& right = std::get<Node>(b.node);
        if constexpr (std::is_same_v<Node, Expression::Always>) {
          return true;
        } else if constexpr (std::is_same_v<Node, Expression::AllOf> ||
                             std::is_same_v<Node, Expression::AnyOf>) {
          return same_parts(left.parts, right.parts);
        } else if constexpr (std::is_same_v<Node, Expression::Negation>) {
          return same_tree(*left.part, *right.part);
        } else if constexpr (std::is_same_v<Node, Expression::OfFamily>) {
          return left.ipv4 == right.ipv4;
        } else if constexpr (std::is_same_v<Node, Expression::InSet>) {
          return same_field(left.field, right.field) && same_sets(*left.set, *right.set);
        } else if constexpr (std::is_same_v<Node, Expression::Compared>) {
          return same_field(left.left, right.left) && left.comparison == right.comparison &&
                 same_field(left.right, right.right);
        } else if constexpr (std::is_same_v<Node, Expression::HasFlags>) {
          return same_field(left.field, right.field) && left.flags == right.flags;
        } else if constexpr (std::is_same_v<Node, Expression::Matches>) {
          return same_field(left.field, right.field) &&
                 left.pattern->pattern() == right.pattern->pattern();
        } else {
          return same_field(left.field, right.field);
        }
      },
      a.node);
}

/// Writes random expressions. Values are chosen at limits: of types, of what digits mean, of what
/// can be written.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_(seed) {}

  std::string expression(int depth) {
    if (depth == 0 || below(4) == 0) return leaf();
    switch (below(4)) {
      case 0:
        return fmt::format("({}) and {}", expression(depth - 1), leaf());
      case 1:
        return fmt::format("({} or {})", expression(depth - 1), leaf());
      case 2:
        return fmt::format("not ({})", expression(depth - 1));
      default:
        return fmt::format("({}) or ({}) and not {}", expression(depth - 1), expression(depth - 1),
                           leaf());
    }
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  std::string pick(std::initializer_list<std::string> from) {
    return from.begin()[below(from.size())];
  }

  std::string leaf() {
    if (below(12) == 0) {
      return pick({"any", "ipv4", "ip6", "syn", "not syn-ack", "rejected", "tcp", "host 10.0.0.1",
                   "src net 2001:db8::/32", "dst port 22-80", "net 0.0.0.0/0", "host private"});
    }
    const FieldInfo& info = field_catalogue()[below(kFieldCount)];
    const std::string name(info.name);
    if (below(10) == 0) return name + pick({" is null", " is not null"});
    if (below(10) == 0) return name + pick({" ~ ", " !~ "}) + quoted(text());
    if (below(12) == 0) return fmt::format("{} {} {}", name, comparison(info), name);
    if (info.id == FieldId::tcp_flags && below(3) == 0) {
      return fmt::format("{} has {}", name, 1 + below(255));
    }
    if (below(16) == 0) return fmt::format("field({}) = {}", quoted("x" + text()), quoted(text()));
    if (below(3) > 0) return fmt::format("{} {} {}", name, comparison(info), value(info, false));
    std::string items = value(info, true);
    for (std::size_t more = below(4); more > 0; --more) items += ", " + value(info, true);
    return fmt::format("{} {} ({})", name, pick({"in", "not in"}), items);
  }

  std::string comparison(const FieldInfo& info) {
    return info.type == FieldType::text ? pick({"=", "!="})
                                        : pick({"=", "!=", "<", "<=", ">", ">="});
  }

  std::string value(const FieldInfo& info, bool or_range) {
    switch (info.type) {
      case FieldType::number:
        return or_range && below(2) == 0 ? range_of(number(info), number(info)) : number(info);
      case FieldType::time:
        return or_range && below(2) == 0 ? pair_of_times() : pick_time();
      case FieldType::address:
        return or_range ? address_range() : address();
      case FieldType::text:
        break;
    }
    return quoted(text());
  }

  std::string number(const FieldInfo& info) {
    const std::uint64_t largest = largest_number(FieldRef(info.id));
    const std::uint64_t limits[] = {0,           1,           largest - 1, largest,
                                    largest / 2, below(1000), below(65536)};
    std::uint64_t number = limits[below(std::size(limits))];
    number = std::min(number, largest);
    return std::to_string(number);
  }

  static std::string range_of(const std::string& a, const std::string& b) {
    const bool ordered = std::stoull(a) <= std::stoull(b);
    return fmt::format("{}-{}", ordered ? a : b, ordered ? b : a);
  }

  static constexpr const char* kTimes[] = {"1970-01-01",
                                           "1",
                                           "999999999",
                                           "1795341600",
                                           "1795341600123",
                                           "99999999998",
                                           "99999999999",
                                           "5138-11-16T09:46:40Z",
                                           "5138-11-16T09:46:41Z",
                                           "6535-11-23",
                                           "9999-12-31T23:59:58Z",
                                           "9999-12-31T23:59:59Z"};
  std::string pick_time() { return kTimes[below(std::size(kTimes))]; }
  std::string pair_of_times() {
    constexpr std::size_t kOrder[] = {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11};
    const std::size_t a = below(std::size(kOrder));
    const std::size_t b = below(std::size(kOrder));
    return fmt::format("{}..{}", kTimes[kOrder[std::min(a, b)]], kTimes[kOrder[std::max(a, b)]]);
  }

  /// Around the addresses that are IPv4, which lie inside those of IPv6.
  std::string address() {
    return pick({"0.0.0.0", "255.255.255.255", "10.0.0.1", "10.0.0.2", "::", "::1",
                 "::fffe:ffff:ffff", "::fffe:8000:0", "::1:0:0:0", "::1:0:0:1", "2001:db8::1",
                 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"});
  }
  std::string address_range() {
    const std::string a = address();
    const bool ipv6 = a.find(':') != std::string::npos;
    if (below(2) == 0) return fmt::format("{}/{}", a, below(ipv6 ? 129 : 33));
    const std::string b = address();
    if (ipv6 != (b.find(':') != std::string::npos)) return pick({a, "private", "public"});
    return *parse_ip(a) <= *parse_ip(b) ? fmt::format("{}-{}", a, b) : fmt::format("{}-{}", b, a);
  }

  std::string text() {
    std::string text;
    for (std::size_t i = below(6); i > 0; --i) {
      text += pick({"a",      "Z",       "0",  " ",  "-",        "_",   "'",    "\"",
                    "\\\\",   "@",       "$",  ",",  "\xc3\xa9", "~",   "null", "and",
                    "ACCEPT", "srcaddr", "\n", "\t", "/",        "%20", "\\d"});
    }
    return text;
  }

  /// As a person writes it in quotes.
  std::string quoted(const std::string& text) {
    const char quote = below(2) == 0 ? '"' : '\'';
    std::string out(1, quote);
    for (const char c : text) {
      if (c == quote) out += '\\';
      out += c;
    }
    return out + quote;
  }

  std::mt19937_64 random_;
};

TEST(SpellingProperty, WhatIsPrintedIsReadAsTheSameTreeForEveryFieldOperatorAndLimit) {
  constexpr std::uint64_t kSeed = 20261201;
  std::size_t read = 0;
  for (std::uint64_t round = 0; round < 5000; ++round) {
    Writer writer(kSeed + round);
    const std::string text = writer.expression(3);
    const Result<ExpressionPtr> tree = parse_expression(text, {});
    if (!tree) continue;  // a pattern that is none, an action that is none
    ++read;
    const std::string printed = spell(**tree);
    SCOPED_TRACE(fmt::format("seed {}: {}\nprinted: {}", kSeed + round, text, printed));
    const Result<ExpressionPtr> again = parse_expression(printed, {});
    ASSERT_TRUE(again) << again.error().message << '\n' << again.error().excerpt;
    ASSERT_TRUE(same_tree(**tree, **again));
    ASSERT_EQ(spell(**again), printed);
  }
  EXPECT_GT(read, 2500U) << "most of what is written has to be an expression";
}

TEST(SpellingProperty, TimesBeyondWhatSecondsCanSayAreDates) {
  const struct {
    const char* why;
    const char* text;
    const char* printed;
  } cases[] = {
      {"found by fuzzing", "end in 1753941600123..6535-11-23",
       "end in 1753941600..6535-11-23T00:00:00Z"},
      {"a list", "end in (99999999999, 6535-11-23)", "end in (99999999999, 6535-11-23T00:00:00Z)"},
      {"both ends", "end in 6535-11-23..6535-11-24",
       "end in 6535-11-23T00:00:00Z..6535-11-24T00:00:00Z"},
      {"after the last date", "end > 9999-12-31T23:59:59Z", "end > 9999-12-31T23:59:59Z"},
      {"IPv6 after the addresses that are IPv4", "srcaddr > ::fffe:ffff:ffff",
       "srcaddr in ::1:0:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
  };
  for (const auto& c : cases) {
    const auto filter = Filter::parse(c.text);
    ASSERT_TRUE(filter) << c.why;
    EXPECT_EQ(filter->to_string(), c.printed) << c.why;
    EXPECT_EQ(Filter::parse(filter->to_string())->to_string(), c.printed) << c.why;
  }
}

}  // namespace
}  // namespace weir::filter
