// SPDX-License-Identifier: Apache-2.0
// filter: tests of one or two columns: values -> rows of bits.
#include <re2/re2.h>

#include <array>
#include <charconv>
#include <functional>
#include <optional>

#include "field/ascii.hpp"
#include "filter/judge.hpp"
#include "filter/node.hpp"

namespace weir {
namespace {

const Column* decoded_column(const Batch& batch, std::size_t index) {
  if (index >= batch.columns.size() || !batch.columns[index].decoded) return nullptr;
  return &batch.columns[index];
}

/// A test of one column; null where the column is.
class ColumnNode : public BoundFilter::Node {
 public:
  explicit ColumnNode(std::size_t column) : column_(column) {}
  Truth evaluate(const Batch& batch, const RowBits& live) const final {
    const Column* column = decoded_column(batch, column_);
    return column == nullptr ? Truth{} : test(*column, batch.rows, live);
  }

 protected:
  virtual Truth test(const Column& column, std::size_t rows, const RowBits& live) const = 0;

 private:
  std::size_t column_;
};

/// Answers for a value as for its predecessor if the two are equal: in logs, values repeat.
template <class Value, class Test>
class Remembering {
 public:
  Remembering(const Value* values, Test test) : values_(values), test_(std::move(test)) {}
  bool operator()(std::size_t row) {
    if (!last_ || !(*last_ == values_[row])) {
      last_ = values_[row];
      answer_ = test_(values_[row]);
    }
    return answer_;
  }

 private:
  const Value* values_;
  Test test_;
  std::optional<Value> last_;
  bool answer_ = false;
};

// ---- sets ----

class OneRangeNode final : public ColumnNode {
 public:
  OneRangeNode(std::size_t column, ValueRange<std::uint64_t> range)
      : ColumnNode(column), low_(range.low), span_(range.high - range.low) {}

 protected:
  Truth test(const Column& column, std::size_t rows, const RowBits& live) const override {
    // One comparison tests both ends: values below `low` wrap around to large ones.
    return judge<RowCost::little>(column.nulls, rows, live,
                                  [values = column.numbers.data(), low = low_, span = span_](
                                      std::size_t row) { return values[row] - low <= span; });
  }

 private:
  std::uint64_t low_;
  std::uint64_t span_;
};

/// Ports and protocols: a bit for each number up to 65535.
class SmallNumbersNode final : public ColumnNode {
 public:
  static constexpr std::uint64_t kLargest = 65535;

  SmallNumbersNode(std::size_t column, const NumberSet& set)
      : ColumnNode(column), members_((kLargest + 1) / 64) {
    for (const auto& [low, high] : set.ranges()) {
      for (std::uint64_t value = low; value <= high; ++value) {
        members_[value / 64] |= std::uint64_t{1} << (value % 64);
      }
    }
  }

 protected:
  Truth test(const Column& column, std::size_t rows, const RowBits& live) const override {
    return judge<RowCost::little>(
        column.nulls, rows, live,
        [values = column.numbers.data(), members = members_.data()](std::size_t row) {
          const std::uint64_t value = values[row];
          return value <= kLargest && (members[value / 64] >> (value % 64) & 1) != 0;
        });
  }

 private:
  std::vector<std::uint64_t> members_;
};

/// IPv4 addresses of one prefix or range, the commonest test of all.
class OneIpv4RangeNode final : public ColumnNode {
 public:
  OneIpv4RangeNode(std::size_t column, ValueRange<std::uint32_t> range)
      : ColumnNode(column), low_(Ip::from_ipv4(range.low).low), span_(range.high - range.low) {}

 protected:
  Truth test(const Column& column, std::size_t rows, const RowBits& live) const override {
    return judge<RowCost::little>(
        column.nulls, rows, live,
        [values = column.addresses.data(), low = low_, span = span_](std::size_t row) {
          return static_cast<bool>((values[row].high == 0) & (values[row].low - low <= span));
        });
  }

 private:
  std::uint64_t low_;
  std::uint64_t span_;
};

class OneTextNode final : public ColumnNode {
 public:
  OneTextNode(std::size_t column, std::string text, bool any_case)
      : ColumnNode(column), text_(std::move(text)), any_case_(any_case) {}

 protected:
  Truth test(const Column& column, std::size_t rows, const RowBits& live) const override {
    const std::string_view* values = column.texts.data();
    const std::string_view text = text_;
    if (any_case_) {
      return judge<RowCost::much>(column.nulls, rows, live, [=](std::size_t row) {
        return values[row] == text || equal_ignoring_case(values[row], text);
      });
    }
    return judge<RowCost::much>(column.nulls, rows, live,
                                [=](std::size_t row) { return values[row] == text; });
  }

 private:
  std::string text_;
  bool any_case_;
};

const std::uint64_t* values_of(const Column& column, const NumberSet&) {
  return column.numbers.data();
}
const Ip* values_of(const Column& column, const AddressSet&) { return column.addresses.data(); }
const std::string_view* values_of(const Column& column, const TextSet&) {
  return column.texts.data();
}

/// Any set, by its contains().
template <class Set>
class SetNode final : public ColumnNode {
 public:
  SetNode(std::size_t column, ValueSetPtr owner, const Set& set)
      : ColumnNode(column), owner_(std::move(owner)), set_(set) {}

 protected:
  Truth test(const Column& column, std::size_t rows, const RowBits& live) const override {
    const auto contains = [this](const auto& value) { return set_.contains(value); };
    return judge<RowCost::much>(column.nulls, rows, live,
                                Remembering(values_of(column, set_), contains));
  }

 private:
  ValueSetPtr owner_;
  const Set& set_;
};

NodePtr make_set_node(std::size_t column, const ValueSetPtr& owner, const NumberSet& set) {
  const auto& ranges = set.ranges();
  if (ranges.size() == 1) return std::make_shared<OneRangeNode>(column, ranges.front());
  if (!ranges.empty() && ranges.back().high <= SmallNumbersNode::kLargest) {
    return std::make_shared<SmallNumbersNode>(column, set);
  }
  return std::make_shared<SetNode<NumberSet>>(column, owner, set);
}

NodePtr make_set_node(std::size_t column, const ValueSetPtr& owner, const AddressSet& set) {
  if (set.ipv6.ranges().empty() && set.ipv4.ranges().size() == 1) {
    return std::make_shared<OneIpv4RangeNode>(column, set.ipv4.ranges().front());
  }
  return std::make_shared<SetNode<AddressSet>>(column, owner, set);
}

NodePtr make_set_node(std::size_t column, const ValueSetPtr& owner, const TextSet& set) {
  if (set.texts().size() == 1) {
    return std::make_shared<OneTextNode>(column, set.texts().front(), set.any_case());
  }
  return std::make_shared<SetNode<TextSet>>(column, owner, set);
}

// ---- flags, patterns, null ----

class HasFlagsNode final : public ColumnNode {
 public:
  HasFlagsNode(std::size_t column, std::uint64_t flags) : ColumnNode(column), flags_(flags) {}

 protected:
  Truth test(const Column& column, std::size_t rows, const RowBits& live) const override {
    return judge<RowCost::little>(column.nulls, rows, live,
                                  [values = column.numbers.data(), flags = flags_](
                                      std::size_t row) { return (values[row] & flags) == flags; });
  }

 private:
  std::uint64_t flags_;
};

/// Patterns look at numbers and addresses as they are written.
class MatchesNode final : public ColumnNode {
 public:
  MatchesNode(std::size_t column, FieldType type, std::shared_ptr<const re2::RE2> pattern)
      : ColumnNode(column), type_(type), pattern_(std::move(pattern)) {}

 protected:
  Truth test(const Column& column, std::size_t rows, const RowBits& live) const override {
    const auto matches = [this](const auto& value) { return found_in(value); };
    switch (type_) {
      case FieldType::text:
        return judge<RowCost::much>(column.nulls, rows, live,
                                    Remembering(column.texts.data(), matches));
      case FieldType::address:
        return judge<RowCost::much>(column.nulls, rows, live,
                                    Remembering(column.addresses.data(), matches));
      case FieldType::number:
      case FieldType::time:
        break;
    }
    return judge<RowCost::much>(column.nulls, rows, live,
                                Remembering(column.numbers.data(), matches));
  }

 private:
  bool found_in(std::string_view text) const {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern_);
  }
  bool found_in(const Ip& address) const {
    std::array<char, kMaxIpText> text;
    return found_in(std::string_view(text.data(), write_ip(address, text.data())));
  }
  bool found_in(std::uint64_t number) const {
    std::array<char, 20> text;
    const char* const end = std::to_chars(text.begin(), text.end(), number).ptr;
    return found_in(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
  }

  FieldType type_;
  std::shared_ptr<const re2::RE2> pattern_;
};

class IsNullNode final : public ColumnNode {
 public:
  using ColumnNode::ColumnNode;

 protected:
  Truth test(const Column& column, std::size_t, const RowBits& live) const override {
    Truth truth;
    for (std::size_t i = 0; i < live.words.size(); ++i) {
      truth.yes.words[i] = live.words[i] & column.nulls.word(i);
      truth.no.words[i] = live.words[i] & ~column.nulls.word(i);
    }
    return truth;
  }
};

// ---- two columns ----

/// `compare` is one of the comparisons of <functional>.
template <RowCost kCost, class Value, class Compare>
Truth compare_values(const Column& left, const Value* a, const Column& right, const Value* b,
                     std::size_t rows, RowBits live, Compare compare) {
  for (std::size_t i = 0; i < live.words.size(); ++i) live.words[i] &= ~right.nulls.word(i);
  return judge<kCost>(left.nulls, rows, live,
                      [=](std::size_t row) { return compare(a[row], b[row]); });
}

template <class Value>
Truth compare_ordered(const Column& left, const Value* a, const Column& right, const Value* b,
                      std::size_t rows, const RowBits& live, Comparison comparison) {
  constexpr RowCost kCost = RowCost::little;
  switch (comparison) {
    case Comparison::equal:
      return compare_values<kCost>(left, a, right, b, rows, live, std::equal_to{});
    case Comparison::not_equal:
      return compare_values<kCost>(left, a, right, b, rows, live, std::not_equal_to{});
    case Comparison::less:
      return compare_values<kCost>(left, a, right, b, rows, live, std::less{});
    case Comparison::less_or_equal:
      return compare_values<kCost>(left, a, right, b, rows, live, std::less_equal{});
    case Comparison::greater:
      return compare_values<kCost>(left, a, right, b, rows, live, std::greater{});
    case Comparison::greater_or_equal:
      break;
  }
  return compare_values<kCost>(left, a, right, b, rows, live, std::greater_equal{});
}

class ComparedNode final : public BoundFilter::Node {
 public:
  ComparedNode(std::size_t left, Comparison comparison, std::size_t right, FieldType type,
               bool any_case)
      : left_(left), comparison_(comparison), right_(right), type_(type), any_case_(any_case) {}

  Truth evaluate(const Batch& batch, const RowBits& live) const override {
    const Column* a = decoded_column(batch, left_);
    const Column* b = decoded_column(batch, right_);
    if (a == nullptr || b == nullptr) return {};
    switch (type_) {
      case FieldType::text:
        return compare_texts(*a, *b, batch.rows, live);
      case FieldType::address:
        return compare_ordered(*a, a->addresses.data(), *b, b->addresses.data(), batch.rows, live,
                               comparison_);
      case FieldType::number:
      case FieldType::time:
        break;
    }
    return compare_ordered(*a, a->numbers.data(), *b, b->numbers.data(), batch.rows, live,
                           comparison_);
  }

 private:
  Truth compare_texts(const Column& a, const Column& b, std::size_t rows,
                      const RowBits& live) const {
    const bool equal = comparison_ == Comparison::equal;
    const bool any_case = any_case_;
    return compare_values<RowCost::much>(
        a, a.texts.data(), b, b.texts.data(), rows, live,
        [equal, any_case](std::string_view x, std::string_view y) {
          return (x == y || (any_case && equal_ignoring_case(x, y))) == equal;
        });
  }

  std::size_t left_;
  Comparison comparison_;
  std::size_t right_;
  FieldType type_;
  bool any_case_;
};

}  // namespace

NodePtr in_set_node(std::size_t column, ValueSetPtr set) {
  return std::visit([&](const auto& values) { return make_set_node(column, set, values); },
                    set->values);
}

NodePtr compared_node(std::size_t left, Comparison comparison, std::size_t right, FieldType type,
                      bool any_case) {
  return std::make_shared<ComparedNode>(left, comparison, right, type, any_case);
}

NodePtr has_flags_node(std::size_t column, std::uint64_t flags) {
  return std::make_shared<HasFlagsNode>(column, flags);
}

NodePtr matches_node(std::size_t column, FieldType type, std::shared_ptr<const re2::RE2> pattern) {
  return std::make_shared<MatchesNode>(column, type, std::move(pattern));
}

NodePtr is_null_node(std::size_t column) { return std::make_shared<IsNullNode>(column); }

}  // namespace weir
