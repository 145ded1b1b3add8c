// SPDX-License-Identifier: Apache-2.0
// Every operator with every kernel against a judge of single rows, for every number of rows.
//
// Columns are exactly as long as the batch, and what must not be looked at cannot be: the address
// sanitizer sees a value too many, and a text outside the rows that are asked for has no memory.
#include "filter/node.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <random>

#include "field/ascii.hpp"
#include "filter/random_batch_testing.hpp"

namespace weir::filter {
namespace {

constexpr std::uint64_t kNodeSeed = 20261124;
using Expectation = std::function<std::optional<bool>(const Batch&, std::size_t row)>;

struct Case {
  std::string name;
  NodePtr node;
  Expectation judge;
};

std::vector<std::size_t> row_counts() {
  std::vector<std::size_t> counts = {2047, kBatchRows};
  for (std::size_t rows = 0; rows <= 130; ++rows) counts.push_back(rows);
  return counts;
}

ValueSetPtr set_of(FieldId field, const std::vector<std::string>& words) {
  ValueSetBuilder builder{ValuePlace(FieldRef(field))};
  for (const std::string& word : words) EXPECT_TRUE(builder.add(word, true)) << word;
  return builder.finish();
}

Expectation in_numbers(const std::vector<base::ValueRange<std::uint64_t>>& ranges) {
  return [ranges](const Batch& batch, std::size_t row) -> std::optional<bool> {
    const Column& column = batch.columns[kNumber];
    if (column.nulls.test(row)) return std::nullopt;
    for (const auto& [low, high] : ranges) {
      if (low <= column.numbers[row] && column.numbers[row] <= high) return true;
    }
    return false;
  };
}

Case numbers_case(base::Kernel kernel, const std::vector<base::ValueRange<std::uint64_t>>& ranges) {
  std::vector<std::string> words;
  words.reserve(ranges.size());
  for (const auto& [low, high] : ranges) words.push_back(fmt::format("{}-{}", low, high));
  return {fmt::format("bytes in {}", fmt::join(words, ",")),
          in_set_node(kNumber, set_of(FieldId::bytes, words), kernel), in_numbers(ranges)};
}

Case addresses_case(base::Kernel kernel, const std::vector<std::string>& words) {
  std::vector<Cidr> prefixes;
  prefixes.reserve(words.size());
  for (const std::string& word : words) prefixes.push_back(*parse_cidr(word));
  return {fmt::format("srcaddr in {}", fmt::join(words, ",")),
          in_set_node(kAddress, set_of(FieldId::srcaddr, words), kernel),
          [prefixes](const Batch& batch, std::size_t row) -> std::optional<bool> {
            const Column& column = batch.columns[kAddress];
            if (column.nulls.test(row)) return std::nullopt;
            const Ip& ip = column.addresses[row];
            return std::any_of(prefixes.begin(), prefixes.end(), [&](const Cidr& prefix) {
              return prefix.network.is_ipv4() == ip.is_ipv4() && prefix.contains(ip);
            });
          }};
}

Case texts_case(base::Kernel kernel, FieldId field, const std::vector<std::string>& words,
                bool any_case) {
  return {fmt::format("{} in {}", field_info(field).name, fmt::join(words, ",")),
          in_set_node(kText, set_of(field, words), kernel),
          [words, any_case](const Batch& batch, std::size_t row) -> std::optional<bool> {
            const Column& column = batch.columns[kText];
            if (column.nulls.test(row)) return std::nullopt;
            return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
              return any_case ? field::equal_ignoring_case(word, column.texts[row])
                              : word == column.texts[row];
            });
          }};
}

template <class Value>
bool holds(Comparison comparison, const Value& a, const Value& b) {
  switch (comparison) {
    case Comparison::equal:
      return a == b;
    case Comparison::not_equal:
      return !(a == b);
    case Comparison::less:
      return a < b;
    case Comparison::less_or_equal:
      return !(b < a);
    case Comparison::greater:
      return b < a;
    case Comparison::greater_or_equal:
      break;
  }
  return !(a < b);
}

Case compared_case(Comparison comparison, FieldType type) {
  const std::size_t left = type == FieldType::number    ? kNumber
                           : type == FieldType::address ? kAddress
                                                        : kText;
  return {fmt::format("{} {} {}", left, comparison_symbol(comparison), left + 1),
          compared_node(left, comparison, left + 1, type, true),
          [=](const Batch& batch, std::size_t row) -> std::optional<bool> {
            const Column& a = batch.columns[left];
            const Column& b = batch.columns[left + 1];
            if (a.nulls.test(row) || b.nulls.test(row)) return std::nullopt;
            if (type == FieldType::number) return holds(comparison, a.numbers[row], b.numbers[row]);
            if (type == FieldType::address) {
              return holds(comparison, a.addresses[row], b.addresses[row]);
            }
            return field::equal_ignoring_case(a.texts[row], b.texts[row]) ==
                   (comparison == Comparison::equal);
          }};
}

void add_sets(base::Kernel kernel, std::vector<Case>& cases) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  std::vector<base::ValueRange<std::uint64_t>> ranges;
  cases.push_back(numbers_case(kernel, ranges));
  for (std::uint64_t i = 0; i < 10; ++i) {
    ranges.push_back({3 * i, 3 * i + i % 2});
    cases.push_back(numbers_case(kernel, ranges));
  }
  ranges.push_back({65'530, 65'533});
  cases.push_back(numbers_case(kernel, ranges));
  ranges.push_back({65'536, 65'536});
  cases.push_back(numbers_case(kernel, ranges));
  cases.push_back(numbers_case(kernel, {{0, kLargest}}));
  cases.push_back(numbers_case(kernel, {{7, kLargest}, {0, 1}, {3, 3}}));
  cases.push_back(numbers_case(kernel, {{std::uint64_t{1} << 63, kLargest}}));

  std::vector<std::string> prefixes;
  for (int i = 0; i < 8; ++i) {
    prefixes.push_back(fmt::format("10.0.{}.{}/{}", i % 4, 32 * i, 26 + i % 7));
    cases.push_back(addresses_case(kernel, prefixes));
  }
  cases.push_back(addresses_case(kernel, {"0.0.0.0/0"}));
  cases.push_back(addresses_case(kernel, {"2001:db8::/124"}));
  cases.push_back(addresses_case(kernel, {"::/0"}));
  prefixes.insert(prefixes.end(), {"2001:db8::10", "2001:db8::14/127"});
  cases.push_back(addresses_case(kernel, prefixes));

  for (const char* text :
       {"REJECT", "OK", "x", "", "SKIPDATA", "eni-0123456789abcdef0", "ENI-0123"}) {
    cases.push_back(texts_case(kernel, FieldId::interface_id, {text}, false));
    cases.push_back(texts_case(kernel, FieldId::action, {text}, true));
  }
  const std::vector<std::string> texts = {"Reject", "OK", "nodata", "eni-0123", "", "x"};
  for (const std::size_t count : {2, 4, 5, 6}) {
    const std::vector<std::string> some(texts.begin(), texts.begin() + static_cast<long>(count));
    cases.push_back(texts_case(kernel, FieldId::interface_id, some, false));
    cases.push_back(texts_case(kernel, FieldId::action, some, true));
  }
  cases.push_back(texts_case(kernel, FieldId::interface_id, {}, false));
}

void add_others(std::vector<Case>& cases) {
  for (const Comparison comparison :
       {Comparison::equal, Comparison::not_equal, Comparison::less, Comparison::less_or_equal,
        Comparison::greater, Comparison::greater_or_equal}) {
    cases.push_back(compared_case(comparison, FieldType::number));
    cases.push_back(compared_case(comparison, FieldType::address));
  }
  cases.push_back(compared_case(Comparison::equal, FieldType::text));
  cases.push_back(compared_case(Comparison::not_equal, FieldType::text));
  cases.push_back({"has 5", has_flags_node(kNumber, 5),
                   [](const Batch& batch, std::size_t row) -> std::optional<bool> {
                     const Column& column = batch.columns[kNumber];
                     if (column.nulls.test(row)) return std::nullopt;
                     return (column.numbers[row] & 5) == 5;
                   }});
  cases.push_back({"~ EJ",
                   matches_node(kText, FieldType::text, std::make_shared<const re2::RE2>("EJ")),
                   [](const Batch& batch, std::size_t row) -> std::optional<bool> {
                     const Column& column = batch.columns[kText];
                     if (column.nulls.test(row)) return std::nullopt;
                     return column.texts[row].find("EJ") != std::string_view::npos;
                   }});
  cases.push_back({"is null", is_null_node(kAddress), [](const Batch& batch, std::size_t row) {
                     return std::optional(batch.columns[kAddress].nulls.test(row));
                   }});
  cases.push_back({"not decoded", has_flags_node(kNotDecoded, 1),
                   [](const Batch&, std::size_t) { return std::optional<bool>(); }});
  for (const auto& [constant, answer] : {std::pair(Constant::yes, std::optional(true)),
                                         std::pair(Constant::no, std::optional(false)),
                                         std::pair(Constant::null, std::optional<bool>())}) {
    cases.push_back({"constant", constant_node(constant),
                     [answer = answer](const Batch&, std::size_t) { return answer; }});
  }
}

/// Joins parts that were drawn by lot; `judge` joins their answers.
void add_joined(std::mt19937_64& random, std::vector<Case>& cases) {
  const std::size_t leaves = cases.size();
  for (int i = 0; i < 40; ++i) {
    std::vector<NodePtr> nodes;
    std::vector<Expectation> judges;
    std::string names;
    for (std::uint64_t part = 2 + random() % 3; part > 0; --part) {
      const Case& leaf = cases[random() % leaves];
      nodes.push_back(leaf.node);
      judges.push_back(leaf.judge);
      names += "; " + leaf.name;
    }
    // Kleene's `and`: no before null before yes; `or` the other way round.
    const auto joined = [judges](bool decisive) -> Expectation {
      return [judges, decisive](const Batch& batch, std::size_t row) {
        std::optional<bool> answer = !decisive;
        for (const Expectation& judge : judges) {
          const std::optional<bool> part = judge(batch, row);
          if (part == decisive) return part;
          if (!part) answer = part;
        }
        return answer;
      };
    };
    const Expectation first_known = [judges](const Batch& batch, std::size_t row) {
      std::optional<bool> answer;
      for (const Expectation& judge : judges) answer = answer ? answer : judge(batch, row);
      return answer;
    };
    cases.push_back({"all" + names, all_of_node(nodes), joined(false)});
    cases.push_back({"any" + names, any_of_node(nodes), joined(true)});
    cases.push_back({"first" + names, first_known_node(nodes), first_known});
    cases.push_back({"neither" + names, negation_node(any_of_node(nodes)),
                     [any = joined(true)](const Batch& batch, std::size_t row) {
                       std::optional<bool> answer = any(batch, row);
                       if (answer) answer = !*answer;
                       return answer;
                     }});
  }
}

std::vector<std::size_t> rows_of(const RowBits& bits) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < bits.words() * 64; ++row) {
    if ((bits.word(row / 64) >> (row % 64) & 1) != 0) rows.push_back(row);
  }
  return rows;
}

void expect_rows(const Case& test, const RandomBatch& sample, Answer wanted) {
  std::vector<std::size_t> expected;
  for (std::size_t i = 0; i < sample.selection.count; ++i) {
    const std::size_t row = sample.selection.rows[i];
    if (test.judge(sample.batch, row) == (wanted == Answer::yes)) expected.push_back(row);
  }
  RowBits rows = RowBits::of(sample.selection, sample.batch.rows);
  test.node->keep(sample.batch, wanted, rows);
  EXPECT_EQ(rows_of(rows), expected) << test.name << (wanted == Answer::yes ? ": yes, " : ": no, ")
                                     << sample.batch.rows << " rows";
}

std::vector<base::Kernel> kernels_of_this_cpu() {
  std::vector<base::Kernel> kernels;
  std::copy_if(base::kAllKernels.begin(), base::kAllKernels.end(), std::back_inserter(kernels),
               base::can_run);
  return kernels;
}

class FilterNode : public testing::TestWithParam<base::Kernel> {};

TEST_P(FilterNode, AgreesWithTheJudgeOfSingleRows) {
  std::mt19937_64 random(kNodeSeed);
  std::vector<Case> cases;
  add_sets(GetParam(), cases);
  add_others(cases);
  add_joined(random, cases);
  for (const std::size_t rows : row_counts()) {
    const RandomBatch sample(rows, random);
    for (const Case& test : cases) {
      expect_rows(test, sample, Answer::yes);
      expect_rows(test, sample, Answer::no);
      if (HasFailure()) return;
    }
  }
}

TEST_P(FilterNode, RowsAreWrittenAscending) {
  std::mt19937_64 random(kNodeSeed);
  for (const std::size_t rows : row_counts()) {
    for (const std::uint64_t percent : {0, 1, 50, 99, 100}) {
      Selection selection;
      selection.count = 0;
      std::vector<std::size_t> expected;
      for (std::size_t row = 0; row < rows; ++row) {
        if (random() % 100 >= percent) continue;
        selection.rows[selection.count++] = static_cast<std::uint16_t>(row);
        expected.push_back(row);
      }
      const RowBits bits = RowBits::of(selection, rows);
      EXPECT_EQ(rows_of(bits), expected);
      auto written = std::make_unique<Selection>();  // ends where its allocation does
      bits.write(GetParam(), *written);
      const auto* begin = written->rows.data();
      EXPECT_EQ(std::vector<std::size_t>(begin, begin + written->count), expected);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryKernel, FilterNode, testing::ValuesIn(kernels_of_this_cpu()),
                         [](const auto& test) {
                           return std::string(base::kernel_name(test.param));
                         });

}  // namespace
}  // namespace weir::filter
