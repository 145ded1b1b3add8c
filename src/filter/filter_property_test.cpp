// SPDX-License-Identifier: Apache-2.0
// Random expressions on random batches against a judge that looks at one value of one row at a time
// and was made together with the expression's text, not from it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <random>

#include "filter/filter_testing.hpp"

namespace weir::filter {
namespace {

// Kleene's logic: `and` is the smaller, `or` the larger of two.
enum KleeneAnswer { kNo, kNull, kYes };
using Judge = std::function<KleeneAnswer(const Batch&, std::size_t row)>;

struct Sample {
  std::string text;
  Judge judge;
};

Judge negation_of(Judge judge) {
  return [judge](const Batch& batch, std::size_t row) {
    return static_cast<KleeneAnswer>(kYes - judge(batch, row));
  };
}
Judge both_of(Judge a, Judge b) {
  return [a, b](const Batch& batch, std::size_t row) {
    return std::min(a(batch, row), b(batch, row));
  };
}
Judge either_of(Judge a, Judge b) {
  return [a, b](const Batch& batch, std::size_t row) {
    return std::max(a(batch, row), b(batch, row));
  };
}

/// The value of a field in a row as the log has it, or nothing.
std::optional<std::string> text_at(const Batch& batch, FieldId id, std::size_t row) {
  const Column* column = batch.find(id);
  if (column == nullptr || column->nulls.test(row)) return std::nullopt;
  switch (field_info(id).type) {
    case FieldType::address:
      return to_string(column->addresses[row]);
    case FieldType::text:
      return std::string(column->texts[row]);
    case FieldType::number:
    case FieldType::time:
      break;
  }
  return std::to_string(column->numbers[row]);
}

Judge judge_of(FieldId id, std::function<bool(const std::string&)> test) {
  return [id, test](const Batch& batch, std::size_t row) {
    const auto value = text_at(batch, id, row);
    return !value ? kNull : test(*value) ? kYes : kNo;
  };
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  template <class Value, std::size_t kCount>
  Value pick(const Value (&values)[kCount]) {
    return values[below(kCount)];
  }

  Sample expression(int depth) {
    if (depth == 0 || below(4) == 0) return leaf();
    if (below(4) == 0) {
      const Sample part = expression(depth - 1);
      return {pick({"not (", "!(", "NOT("}) + part.text + ")", negation_of(part.judge)};
    }
    const Sample a = expression(depth - 1);
    const Sample b = expression(depth - 1);
    if (below(2) == 0) {
      return {"(" + a.text + ")" + pick({" and ", "&&", " AND "}) + "(" + b.text + ")",
              both_of(a.judge, b.judge)};
    }
    return {"((" + a.text + ")" + pick({" or ", "||", " Or "}) + b.text + ")",
            either_of(a.judge, b.judge)};
  }

  std::unique_ptr<batch::TestBatch> batch() {
    static constexpr const char* kNames[] = {"srcaddr", "dstaddr",   "pkt-srcaddr", "srcport",
                                             "dstport", "protocol",  "packets",     "bytes",
                                             "action",  "tcp-flags", "interface-id"};
    std::string header = "version";
    std::vector<std::string> names;
    for (const char* name : kNames) {
      if (below(12) == 0) continue;  // a field that the format lacks
      header += std::string(" ") + name;
      names.emplace_back(name);
    }
    std::vector<std::string> records(below(4) == 0 ? 1 + below(kBatchRows) : 1 + below(200));
    for (std::string& record : records) {
      record = "2";
      for (const std::string& name : names) {
        record += ' ' + (below(8) == 0 ? "-" : value(find_field(name)));
      }
    }
    return batch::make_test_batch(header, records);
  }

 private:
  std::string address() {
    return below(4) == 0 ? fmt::format("2001:db8::{:x}", below(8))
                         : fmt::format("10.{}.{}.{}", below(2), below(2), below(8));
  }

  std::string value(FieldId id) {
    switch (id) {
      case FieldId::srcaddr:
      case FieldId::dstaddr:
      case FieldId::pkt_srcaddr:
        return address();
      case FieldId::srcport:
      case FieldId::dstport:
        return std::to_string(below(12) * 11);
      case FieldId::protocol:
        return pick({"6", "6", "17", "1", "58"});
      case FieldId::action:
        return pick({"ACCEPT", "REJECT"});
      case FieldId::interface_id:
        return fmt::format("eni-{}", below(6));
      case FieldId::tcp_flags:
        return std::to_string(below(24));
      default:
        return std::to_string(below(8) * 500);
    }
  }

  FieldId number_field() {
    return pick(
        {FieldId::srcport, FieldId::dstport, FieldId::packets, FieldId::bytes, FieldId::protocol});
  }
  FieldId address_field() {
    return pick({FieldId::srcaddr, FieldId::dstaddr, FieldId::pkt_srcaddr});
  }
  static std::string name_of(FieldId id) { return std::string(field_info(id).name); }

  Sample leaf() {
    switch (below(10)) {
      case 0:
        return number_comparison();
      case 1:
        return number_list();
      case 2:
        return addresses(address_field());
      case 3:
        return texts();
      case 4:
        return flags();
      case 5:
        return null_test();
      case 6:
        return two_fields();
      case 7:
        return pattern();
      case 8:
        return word();
      default:
        return endpoint();
    }
  }

  Sample number_comparison() {
    const FieldId id = number_field();
    const std::uint64_t bound = std::stoull(value(id));
    const std::string symbol = pick({"=", "==", "!=", "<", "<=", ">", ">="});
    const auto holds = [symbol, bound](const std::string& text) {
      const std::uint64_t number = std::stoull(text);
      if (symbol == "!=") return number != bound;
      if (symbol == "<") return number < bound;
      if (symbol == "<=") return number <= bound;
      if (symbol == ">") return number > bound;
      if (symbol == ">=") return number >= bound;
      return number == bound;
    };
    const bool thousands = bound % 1000 == 0 && bound > 0;
    return {name_of(id) + symbol +
                (thousands ? fmt::format("{}k", bound / 1000) : std::to_string(bound)),
            judge_of(id, holds)};
  }

  Sample number_list() {
    const FieldId id = number_field();
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    std::string items;
    for (std::size_t i = 1 + below(4); i > 0; --i) {
      const std::uint64_t low = std::stoull(value(id));
      const std::uint64_t high = low + below(2) * below(30);
      ranges.emplace_back(low, high);
      if (!items.empty()) items += ",";
      items += low == high ? std::to_string(low) : fmt::format("{}-{}", low, high);
    }
    Judge judge = judge_of(id, [ranges](const std::string& text) {
      const std::uint64_t number = std::stoull(text);
      for (const auto& [low, high] : ranges) {
        if (low <= number && number <= high) return true;
      }
      return false;
    });
    if (below(2) == 0) return {fmt::format("{} in ({})", name_of(id), items), judge};
    return {fmt::format("{} not in ({})", name_of(id), items), negation_of(judge)};
  }

  /// A prefix or an address and whether a written address lies in it.
  std::pair<std::string, std::function<bool(const std::string&)>> prefix() {
    const std::string base = address();
    const bool ipv6 = base.find(':') != std::string::npos;
    const std::string text =
        below(2) == 0 ? base : fmt::format("{}/{}", base, ipv6 ? below(129) : below(33));
    return {text, [text, ipv6](const std::string& value) {
              const Ip ip = parse_ip(value).value();
              return ip.is_ipv4() != ipv6 && parse_cidr(text)->contains(ip);
            }};
  }

  Sample addresses(FieldId id) {
    const auto [a, in_a] = prefix();
    const auto [b, in_b] = prefix();
    const auto in_either = [in_a = in_a, in_b = in_b](const std::string& value) {
      return in_a(value) || in_b(value);
    };
    switch (below(3)) {
      case 0:
        return {fmt::format("{} = {}", name_of(id), a), judge_of(id, in_a)};
      case 1:
        return {fmt::format("{} != {}", name_of(id), a), negation_of(judge_of(id, in_a))};
      default:
        return {fmt::format("{} in ({}, {})", name_of(id), a, b), judge_of(id, in_either)};
    }
  }

  Sample texts() {
    if (below(2) == 0) {
      return {pick({"action = reject", "rejected", "REJECT", "Action == \"Reject\""}),
              judge_of(FieldId::action, [](const std::string& v) { return v == "REJECT"; })};
    }
    const std::string a = value(FieldId::interface_id);
    const std::string b = value(FieldId::interface_id);
    return {
        fmt::format("interfaceId in ({}, '{}')", a, b),
        judge_of(FieldId::interface_id, [a, b](const std::string& v) { return v == a || v == b; })};
  }

  Sample flags() {
    const std::uint64_t bits = 1 + below(23);
    return {fmt::format("tcp-flags {} {}", pick({"has", "&"}), bits),
            judge_of(FieldId::tcp_flags,
                     [bits](const std::string& v) { return (std::stoull(v) & bits) == bits; })};
  }

  Sample null_test() {
    const FieldId id = pick({FieldId::srcaddr, FieldId::bytes, FieldId::action, FieldId::vpc_id});
    const Judge is_null = [id](const Batch& batch, std::size_t row) {
      return text_at(batch, id, row) ? kNo : kYes;
    };
    if (below(2) == 0) return {name_of(id) + pick({" is null", " is-null"}), is_null};
    return {name_of(id) + pick({" is not null", " is-not-null"}), negation_of(is_null)};
  }

  Sample two_fields() {
    if (below(2) == 0) {
      const bool equal = below(2) == 0;
      const Judge judge = [equal](const Batch& batch, std::size_t row) {
        const auto a = text_at(batch, FieldId::srcaddr, row);
        const auto b = text_at(batch, FieldId::pkt_srcaddr, row);
        return !a || !b ? kNull : (*a == *b) == equal ? kYes : kNo;
      };
      return {equal ? "srcaddr=pkt_srcaddr" : "srcaddr != pkt-srcaddr", judge};
    }
    const bool less = below(2) == 0;
    const Judge judge = [less](const Batch& batch, std::size_t row) {
      const auto a = text_at(batch, FieldId::srcport, row);
      const auto b = text_at(batch, FieldId::dstport, row);
      if (!a || !b) return kNull;
      return (less ? std::stoull(*a) < std::stoull(*b) : std::stoull(*a) >= std::stoull(*b)) ? kYes
                                                                                             : kNo;
    };
    return {less ? "srcport < dstport" : "srcport >= dst_port", judge};
  }

  Sample pattern() {
    const FieldId id = pick({FieldId::srcaddr, FieldId::dstport, FieldId::interface_id});
    const std::string part = std::to_string(below(10));
    Judge judge = judge_of(id, [part](const std::string& v) { return v.find(part) != v.npos; });
    if (below(2) == 0) return {name_of(id) + " ~ " + part, judge};
    return {name_of(id) + " !~ '" + part + "'", negation_of(judge)};
  }

  Sample word() {
    if (below(3) == 0)
      return {pick({"any", "all"}), [](const Batch&, std::size_t) { return kYes; }};
    const bool tcp = below(2) == 0;
    const std::string number = tcp ? "6" : "17";
    return {(below(2) == 0 ? "proto " : "") + std::string(tcp ? "tcp" : "UDP"),
            judge_of(FieldId::protocol, [number](const std::string& v) { return v == number; })};
  }

  /// The shorthand, judged by its definition.
  Sample endpoint() {
    const bool ports = below(2) == 0;
    std::string operand = value(FieldId::srcport);
    std::function<bool(const std::string&)> test = [operand](const std::string& v) {
      return v == operand;
    };
    if (!ports) std::tie(operand, test) = prefix();
    const Judge source = judge_of(ports ? FieldId::srcport : FieldId::srcaddr, test);
    const Judge destination = judge_of(ports ? FieldId::dstport : FieldId::dstaddr, test);
    const std::string rest =
        (ports ? pick({"port ", "portrange ", "PORT in "}) : pick({"host ", "net ", "net in "})) +
        operand;
    switch (below(6)) {
      case 0:
        return {"src " + rest, source};
      case 1:
        return {"DST " + rest, destination};
      case 2:
        return {"src or dst " + rest, either_of(source, destination)};
      case 3:
        return {"dst and src " + rest, both_of(source, destination)};
      case 4:
        return {"tcp " + rest,
                both_of(judge_of(FieldId::protocol, [](const std::string& v) { return v == "6"; }),
                        either_of(source, destination))};
      default:
        return {rest, either_of(source, destination)};
    }
  }

  std::mt19937_64 random_;
};

std::string rows_where(const Batch& batch, const Judge& judge) {
  std::string rows;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    if (judge(batch, row) != kYes) continue;
    if (!rows.empty()) rows += ' ';
    rows += std::to_string(row);
  }
  return rows;
}

constexpr std::uint64_t kSeed = 20261122;
constexpr std::uint64_t kRounds = 120;

TEST(FilterProperty, AgreesWithTheJudgeOfSingleRows) {
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    Generator generator(kSeed + round);
    const Sample sample = generator.expression(4);
    const auto test = generator.batch();
    SCOPED_TRACE(fmt::format("seed {}: {}", kSeed + round, sample.text));
    const std::string expected = rows_where(test->batch, sample.judge);
    EXPECT_EQ(matching_rows(test->batch, sample.text), expected);
    const auto filter = Filter::parse(sample.text);
    ASSERT_TRUE(filter) << filter.error().message << '\n' << filter.error().excerpt;
    EXPECT_TRUE(expected.empty() || !filter->bind(test->batch.format).never_matches());
  }
}

TEST(FilterProperty, CanonicalFormIsTheSameFilter) {
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    Generator generator(2 * kSeed + round);
    const Sample sample = generator.expression(5);
    const auto test = generator.batch();
    const std::string canonical = Filter::parse(sample.text)->to_string();
    SCOPED_TRACE(fmt::format("seed {}: {}\n{}", 2 * kSeed + round, sample.text, canonical));
    const auto again = Filter::parse(canonical);
    ASSERT_TRUE(again) << again.error().message << '\n' << again.error().excerpt;
    EXPECT_EQ(again->to_string(), canonical);
    EXPECT_EQ(matching_rows(test->batch, canonical), matching_rows(test->batch, sample.text));
  }
}

TEST(FilterProperty, ObeysKleenesLaws) {
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    Generator generator(3 * kSeed + round);
    const std::string a = '(' + generator.expression(2).text + ')';
    const std::string b = '(' + generator.expression(2).text + ')';
    const std::string c = '(' + generator.expression(2).text + ')';
    const auto test = generator.batch();
    SCOPED_TRACE(fmt::format("seed {}: a = {}, b = {}, c = {}", 3 * kSeed + round, a, b, c));
    const auto rows = [&](const std::string& text) { return matching_rows(test->batch, text); };
    EXPECT_EQ(rows(fmt::format("not ({} and {})", a, b)),
              rows(fmt::format("not {} or not {}", a, b)));
    EXPECT_EQ(rows(fmt::format("not ({} or {})", a, b)),
              rows(fmt::format("not {} and not {}", a, b)));
    EXPECT_EQ(rows(fmt::format("{} and ({} or {})", a, b, c)),
              rows(fmt::format("{0} and {1} or {0} and {2}", a, b, c)));
    EXPECT_EQ(rows(fmt::format("{} or {}", a, b)), rows(fmt::format("{} or {}", b, a)));
    EXPECT_EQ(rows(fmt::format("{} and {}", a, b)), rows(fmt::format("{} and {}", b, a)));
    EXPECT_EQ(rows(fmt::format("{0} and ({0} or {1})", a, b)), rows(a));
    EXPECT_EQ(rows("not not " + a), rows(a));
    EXPECT_EQ(rows(fmt::format("{0} and not {0}", a)), "");
  }
}

}  // namespace
}  // namespace weir::filter
