// SPDX-License-Identifier: Apache-2.0
// filter: tests whether the values of a column are members of a set -> rows of bits.
#include <array>
#include <type_traits>

#include "filter/judge.hpp"
#include "filter/node.hpp"
#include "filter/range_kernels.hpp"

namespace weir::filter {
namespace {

const std::uint64_t* values_of(const Column& column, std::uint64_t) {
  return column.numbers.data();
}
const Ip* values_of(const Column& column, const Ip&) { return column.addresses.data(); }
const std::string_view* values_of(const Column& column, std::string_view) {
  return column.texts.data();
}

/// One or a few ranges of numbers or of IPv4 addresses: the commonest tests of all.
template <class Value>
class RangesNode final : public ColumnNode {
 public:
  RangesNode(std::size_t column, RangeKernel<Value> kernel, std::size_t count)
      : ColumnNode(column), kernel_(kernel), count_(count) {}
  std::array<OffsetRange, base::kFewRanges>& ranges() { return ranges_; }

 protected:
  void test(const Column& column, std::size_t count, Answer wanted, RowBits& rows) const override {
    judge_blocks(column.nulls, count, wanted, rows,
                 [this, values = values_of(column, Value{})](std::size_t first, std::size_t block,
                                                             std::uint64_t) {
                   return kernel_(values + first, block, {ranges_.data(), count_});
                 });
  }

 private:
  RangeKernel<Value> kernel_;
  std::array<OffsetRange, base::kFewRanges> ranges_{};
  std::size_t count_;
};

/// Any set, by the contains() of its lookup.
template <class Value, RowCost kCost, class Members>
class LookupNode final : public ColumnNode {
 public:
  LookupNode(std::size_t column, ValueSetPtr owner, const Members& members)
      : ColumnNode(column), owner_(std::move(owner)), members_(members) {}

 protected:
  void test(const Column& column, std::size_t count, Answer wanted, RowBits& rows) const override {
    judge<kCost>(column.nulls, count, wanted, rows,
                 [members = &members_, values = values_of(column, Value{})](std::size_t row) {
                   return members->contains(values[row]);
                 });
  }

 private:
  ValueSetPtr owner_;
  const Members& members_;
};

class OneTextNode final : public ColumnNode {
 public:
  OneTextNode(std::size_t column, const std::string& text, bool any_case)
      : ColumnNode(column), pattern_(text, any_case) {}

 protected:
  void test(const Column& column, std::size_t count, Answer wanted, RowBits& rows) const override {
    switch (pattern_.width()) {
      case 8:
        return compare<std::uint64_t>(column, count, wanted, rows);
      case 4:
        return compare<std::uint32_t>(column, count, wanted, rows);
      case 2:
        return compare<std::uint16_t>(column, count, wanted, rows);
      case 1:
        return compare<std::uint8_t>(column, count, wanted, rows);
      default:
        judge<RowCost::little>(
            column.nulls, count, wanted, rows,
            [values = column.texts.data()](std::size_t row) { return values[row].empty(); });
    }
  }

 private:
  template <class Word>
  void compare(const Column& column, std::size_t count, Answer wanted, RowBits& rows) const {
    judge<RowCost::much>(column.nulls, count, wanted, rows,
                         [this, values = column.texts.data()](std::size_t row) {
                           return pattern_.matches<Word>(values[row]);
                         });
  }

  TextPattern pattern_;
};

/// Makes the node for a lookup; only reached where there is one.
struct LookupNodeMaker {
  std::size_t column;
  const ValueSetPtr& owner;

  template <class Value, RowCost kCost, class Members>
  NodePtr make(const Members& members) const {
    return std::make_shared<LookupNode<Value, kCost, Members>>(column, owner, members);
  }
  NodePtr operator()(const std::monostate&) const { return constant_node(Constant::no); }
  NodePtr operator()(const NumberBitmap& members) const {
    return make<std::uint64_t, RowCost::little>(members);
  }
  NodePtr operator()(const NumberTable& members) const {
    return make<std::uint64_t, RowCost::much>(members);
  }
  NodePtr operator()(const Ipv4Table& members) const { return make<Ip, RowCost::little>(members); }
  NodePtr operator()(const AddressTable& members) const { return make<Ip, RowCost::much>(members); }
  NodePtr operator()(const TextTable& members) const {
    return make<std::string_view, RowCost::much>(members);
  }
};

/// Null if a lookup is better.
NodePtr few_values_node(std::size_t column, const ValueSet& owner, const NumberSet& set,
                        base::Kernel kernel) {
  // Without SIMD, a bitmap beats more than one comparison.
  const bool looked_up = !std::holds_alternative<std::monostate>(owner.lookup);
  if (set.ranges().size() > base::kFewRanges || (looked_up && kernel == base::Kernel::scalar))
    return nullptr;
  auto node = std::make_shared<RangesNode<std::uint64_t>>(column, number_range_kernel(kernel),
                                                          set.ranges().size());
  std::transform(set.ranges().begin(), set.ranges().end(), node->ranges().begin(),
                 [](const auto& range) {
                   return OffsetRange{.low = range.low, .width = range.high - range.low};
                 });
  return node;
}

NodePtr few_values_node(std::size_t column, const ValueSet& owner, const AddressSet& set,
                        base::Kernel kernel) {
  if (!std::holds_alternative<std::monostate>(owner.lookup)) return nullptr;
  const auto& ranges = set.ipv4.ranges();
  auto node = std::make_shared<RangesNode<Ip>>(column, ipv4_range_kernel(kernel), ranges.size());
  std::transform(ranges.begin(), ranges.end(), node->ranges().begin(), [](const auto& range) {
    return OffsetRange{.low = Ip::from_ipv4(range.low).low, .width = range.high - range.low};
  });
  return node;
}

NodePtr few_values_node(std::size_t column, const ValueSet& owner, const TextSet& set,
                        base::Kernel) {
  if (!std::holds_alternative<std::monostate>(owner.lookup)) return nullptr;
  std::vector<NodePtr> parts;
  for (const std::string& text : set.texts()) {
    parts.push_back(std::make_shared<OneTextNode>(column, text, set.any_case()));
  }
  return parts.size() == 1 ? std::move(parts.front()) : any_of_node(std::move(parts));
}

}  // namespace

NodePtr in_set_node(std::size_t column, const ValueSetPtr& set, base::Kernel kernel) {
  NodePtr node =
      std::visit([&](const auto& values) { return few_values_node(column, *set, values, kernel); },
                 set->values);
  return node != nullptr ? node : std::visit(LookupNodeMaker{column, set}, set->lookup);
}

}  // namespace weir::filter
