// SPDX-License-Identifier: Apache-2.0
// filter: the operators of a bound filter. Each judges all rows of a batch at once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "filter/expression.hpp"
#include "weir/batch.hpp"
#include "weir/filter.hpp"

namespace weir {

/// One bit a row.
struct RowBits {
  std::array<std::uint64_t, kBatchRows / 64> words{};
};

/// A three-valued answer a row: in `yes`, in `no`, or in neither where it is null. `not` swaps the
/// two, `and` and `or` are bit operations (Kleene's logic, as in SQL).
struct Truth {
  RowBits yes;
  RowBits no;
};

struct BoundFilter::Node {
  virtual ~Node() = default;
  /// Judges the rows in `live`; the other rows have no bit in the answer.
  virtual Truth evaluate(const Batch& batch, const RowBits& live) const = 0;
};

using NodePtr = std::shared_ptr<const BoundFilter::Node>;

enum class Constant { yes, no, null };
NodePtr constant_node(Constant value);
NodePtr all_of_node(std::vector<NodePtr> parts);
NodePtr any_of_node(std::vector<NodePtr> parts);
NodePtr negation_node(NodePtr part);
/// The answer of the first part that is not null.
NodePtr first_known_node(std::vector<NodePtr> parts);

// Tests of columns, given as positions in the format. A column that was not decoded is null.
NodePtr in_set_node(std::size_t column, ValueSetPtr set);
NodePtr compared_node(std::size_t left, Comparison comparison, std::size_t right, FieldType type,
                      bool any_case);
NodePtr has_flags_node(std::size_t column, std::uint64_t flags);
NodePtr matches_node(std::size_t column, FieldType type, std::shared_ptr<const re2::RE2> pattern);
NodePtr is_null_node(std::size_t column);

}  // namespace weir
