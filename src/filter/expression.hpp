// SPDX-License-Identifier: Apache-2.0
// filter: the tree that an expression is read into.
//
// Both spellings give the same tree: `src port 22` is `srcport = 22`. A tree is in normal form: no
// all_of directly in an all_of, no any_of in an any_of, no negation of a negation.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "filter/field_ref.hpp"
#include "filter/value_set.hpp"
#include "weir/filter.hpp"

namespace weir::filter {

using ExpressionPtr = std::shared_ptr<const Filter::Expression>;

enum class Comparison { equal, not_equal, less, less_or_equal, greater, greater_or_equal };
std::string_view comparison_symbol(Comparison comparison) noexcept;

}  // namespace weir::filter

namespace weir {

struct Filter::Expression {
  struct Always {};
  struct AllOf {
    std::vector<filter::ExpressionPtr> parts;
  };
  struct AnyOf {
    std::vector<filter::ExpressionPtr> parts;
  };
  struct Negation {
    filter::ExpressionPtr part;
  };
  /// The record is of one address family: what `type` says or else the addresses.
  struct OfFamily {
    bool ipv4;
  };
  struct InSet {
    filter::FieldRef field;
    filter::ValueSetPtr set;
  };
  struct Compared {
    filter::FieldRef left;
    filter::Comparison comparison;
    filter::FieldRef right;
  };
  /// All of these TCP flags are set.
  struct HasFlags {
    filter::FieldRef field;
    std::uint64_t flags;
  };
  struct Matches {
    filter::FieldRef field;
    std::shared_ptr<const re2::RE2> pattern;
  };
  struct IsNull {
    filter::FieldRef field;
  };

  std::variant<Always, AllOf, AnyOf, Negation, OfFamily, InSet, Compared, HasFlags, Matches, IsNull>
      node;
};

}  // namespace weir

namespace weir::filter {

template <class Node>
ExpressionPtr make_expression(Node node) {
  return std::make_shared<const Filter::Expression>(Filter::Expression{std::move(node)});
}

/// Builders that keep the normal form.
ExpressionPtr all_of(std::vector<ExpressionPtr> parts);
ExpressionPtr any_of(std::vector<ExpressionPtr> parts);
ExpressionPtr negate(ExpressionPtr part);

/// Adds the fields that an expression reads.
void add_fields(const Filter::Expression& expression, FieldSet& fields);

/// The canonical spelling.
std::string spell(const Filter::Expression& expression);

/// Reads an expression of at most kMaxExpressionBytes.
Result<ExpressionPtr> parse_expression(std::string_view text, std::span<const Cidr> own);

inline constexpr std::size_t kMaxExpressionBytes = std::size_t{64} << 10;
inline constexpr int kMaxDepth = 200;     ///< of parentheses; a shorthand counts as two
inline constexpr int kMaxPatterns = 100;  ///< each may take some MiB once it is used

}  // namespace weir::filter
