// SPDX-License-Identifier: Apache-2.0
// filter: the operators of a bound filter. Each judges all rows of a batch at once.
#pragma once

#include <memory>
#include <vector>

#include "filter/expression.hpp"
#include "filter/row_bits.hpp"
#include "weir/batch.hpp"
#include "weir/filter.hpp"

namespace weir::filter {

/// What an operator can say of a row, unless it is null and says neither.
enum class Answer { yes, no };

constexpr Answer opposite(Answer answer) noexcept {
  return answer == Answer::yes ? Answer::no : Answer::yes;
}

}  // namespace weir::filter

namespace weir {

/// Three-valued logic (Kleene's, as in SQL) without a third value: a filter asks for the rows with
/// one answer, and null is the absence of both. `not` asks its part for the opposite; the rows that
/// an `and` denies are those that a part denies.
struct BoundFilter::Node {
  virtual ~Node() = default;
  /// Removes the rows that have another answer than `wanted` from `rows`, and looks at no others.
  virtual void keep(const Batch& batch, filter::Answer wanted, filter::RowBits& rows) const = 0;
};

}  // namespace weir

namespace weir::filter {

using NodePtr = std::shared_ptr<const BoundFilter::Node>;

enum class Constant { yes, no, null };
NodePtr constant_node(Constant value);
NodePtr all_of_node(std::vector<NodePtr> parts);
NodePtr any_of_node(std::vector<NodePtr> parts);
NodePtr negation_node(NodePtr part);
/// The answer of the first part that is not null.
NodePtr first_known_node(std::vector<NodePtr> parts);

// Tests of columns, given as positions in the format. A column that was not decoded is null.
NodePtr in_set_node(std::size_t column, const ValueSetPtr& set, base::Kernel kernel);
NodePtr compared_node(std::size_t left, Comparison comparison, std::size_t right, FieldType type,
                      bool any_case);
NodePtr has_flags_node(std::size_t column, std::uint64_t flags);
NodePtr matches_node(std::size_t column, FieldType type, std::shared_ptr<const re2::RE2> pattern);
NodePtr is_null_node(std::size_t column);

}  // namespace weir::filter
