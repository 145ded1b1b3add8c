// SPDX-License-Identifier: Apache-2.0
// filter: tests of one or two columns: values -> rows of bits.
#include <re2/re2.h>

#include <array>
#include <charconv>
#include <functional>

#include "field/ascii.hpp"
#include "filter/judge.hpp"
#include "filter/node.hpp"

namespace weir::filter {
namespace {

/// Answers for a value as for its predecessor if the two are equal: in logs, values repeat.
template <class Value, class Test>
class Remembering {
 public:
  Remembering(const Value* values, Test test) : values_(values), test_(std::move(test)) {}
  bool operator()(std::size_t row) {
    if (!asked_ || !(last_ == values_[row])) {
      asked_ = true;
      last_ = values_[row];
      answer_ = test_(values_[row]);
    }
    return answer_;
  }

 private:
  const Value* values_;
  Test test_;
  Value last_{};
  bool asked_ = false;
  bool answer_ = false;
};

// ---- flags, patterns, null ----

class HasFlagsNode final : public ColumnNode {
 public:
  HasFlagsNode(std::size_t column, std::uint64_t flags) : ColumnNode(column), flags_(flags) {}

 protected:
  void test(const Column& column, std::size_t count, Answer wanted, RowBits& rows) const override {
    judge<RowCost::little>(column.nulls, count, wanted, rows,
                           [values = column.numbers.data(), flags = flags_](std::size_t row) {
                             return (values[row] & flags) == flags;
                           });
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
  void test(const Column& column, std::size_t count, Answer wanted, RowBits& rows) const override {
    const auto matches = [this](const auto& value) { return found_in(value); };
    switch (type_) {
      case FieldType::text:
        return judge<RowCost::much>(column.nulls, count, wanted, rows,
                                    Remembering(column.texts.data(), matches));
      case FieldType::address:
        return judge<RowCost::much>(column.nulls, count, wanted, rows,
                                    Remembering(column.addresses.data(), matches));
      case FieldType::number:
      case FieldType::time:
        break;
    }
    judge<RowCost::much>(column.nulls, count, wanted, rows,
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
  void test(const Column& column, std::size_t, Answer wanted, RowBits& rows) const override {
    const std::uint64_t turned = wanted == Answer::yes ? 0 : ~std::uint64_t{0};
    for (std::size_t i = 0; i < rows.words(); ++i) rows.word(i) &= column.nulls.word(i) ^ turned;
  }
};

// ---- two columns ----

template <class Value>
struct Comparand {
  const Value* values;
  const NullMask& nulls;
};

/// `compare` is one of the comparisons of <functional>.
template <RowCost kCost, class Value, class Compare>
void compare_values(const Comparand<Value>& left, const Comparand<Value>& right, std::size_t count,
                    Answer wanted, RowBits& rows, Compare compare) {
  for (std::size_t i = 0; i < rows.words(); ++i) rows.word(i) &= ~right.nulls.word(i);
  judge<kCost>(left.nulls, count, wanted, rows,
               [a = left.values, b = right.values, compare](std::size_t row) {
                 return compare(a[row], b[row]);
               });
}

template <class Value>
void compare_ordered(const Comparand<Value>& left, const Comparand<Value>& right, std::size_t count,
                     Comparison comparison, Answer wanted, RowBits& rows) {
  constexpr RowCost kCost = RowCost::little;
  switch (comparison) {
    case Comparison::equal:
      return compare_values<kCost>(left, right, count, wanted, rows, std::equal_to{});
    case Comparison::not_equal:
      return compare_values<kCost>(left, right, count, wanted, rows, std::not_equal_to{});
    case Comparison::less:
      return compare_values<kCost>(left, right, count, wanted, rows, std::less{});
    case Comparison::less_or_equal:
      return compare_values<kCost>(left, right, count, wanted, rows, std::less_equal{});
    case Comparison::greater:
      return compare_values<kCost>(left, right, count, wanted, rows, std::greater{});
    case Comparison::greater_or_equal:
      break;
  }
  return compare_values<kCost>(left, right, count, wanted, rows, std::greater_equal{});
}

class ComparedNode final : public BoundFilter::Node {
 public:
  ComparedNode(std::size_t left, Comparison comparison, std::size_t right, FieldType type,
               bool any_case)
      : left_(left), comparison_(comparison), right_(right), type_(type), any_case_(any_case) {}

  void keep(const Batch& batch, Answer wanted, RowBits& rows) const override {
    const Column* a = decoded_column(batch, left_);
    const Column* b = decoded_column(batch, right_);
    if (a == nullptr || b == nullptr) {
      rows = RowBits::none(batch.rows);
      return;
    }
    switch (type_) {
      case FieldType::text:
        return compare_texts(*a, *b, batch.rows, wanted, rows);
      case FieldType::address:
        return compare_ordered<Ip>({a->addresses.data(), a->nulls}, {b->addresses.data(), b->nulls},
                                   batch.rows, comparison_, wanted, rows);
      case FieldType::number:
      case FieldType::time:
        break;
    }
    compare_ordered<std::uint64_t>({a->numbers.data(), a->nulls}, {b->numbers.data(), b->nulls},
                                   batch.rows, comparison_, wanted, rows);
  }

 private:
  void compare_texts(const Column& a, const Column& b, std::size_t count, Answer wanted,
                     RowBits& rows) const {
    const bool equal = comparison_ == Comparison::equal;
    const bool any_case = any_case_;
    compare_values<RowCost::much, std::string_view>(
        {a.texts.data(), a.nulls}, {b.texts.data(), b.nulls}, count, wanted, rows,
        [equal, any_case](std::string_view x, std::string_view y) {
          return (x == y || (any_case && field::equal_ignoring_case(x, y))) == equal;
        });
  }

  std::size_t left_;
  Comparison comparison_;
  std::size_t right_;
  FieldType type_;
  bool any_case_;
};

}  // namespace

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

}  // namespace weir::filter
