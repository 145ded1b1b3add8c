// SPDX-License-Identifier: Apache-2.0
// filter: tokens -> expression. Recursive descent; `not` binds before `and` before `or`.
//
// A function that fails keeps the error in `error_` and returns null; every caller passes the null
// on. The grammar is in docs/filter.md.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/excerpt.hpp"
#include "field/ascii.hpp"
#include "filter/expression.hpp"
#include "filter/list_file.hpp"
#include "filter/token.hpp"

namespace weir::filter {

/// The comparison that a token stands for, if it does.
std::optional<Comparison> comparison_of(FilterTokenKind kind);

/// Reads one expression.
class FilterParser {
 public:
  FilterParser(std::string_view text, std::vector<FilterToken> tokens, std::span<const Cidr> own)
      : text_(text), tokens_(std::move(tokens)), own_(own) {}

  Result<ExpressionPtr> run();

 private:
  using Kind = FilterTokenKind;
  using Expression = Filter::Expression;

  // ---- tokens ----

  const FilterToken& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const FilterToken& take() {
    const FilterToken& token = peek();
    if (token.kind != Kind::end) ++at_;
    return token;
  }
  bool is_word(std::string_view joined, std::size_t ahead = 0) const {
    return peek(ahead).kind == Kind::word && field::lists_name(joined, peek(ahead).text);
  }
  bool take_word(std::string_view joined) {
    if (!is_word(joined)) return false;
    ++at_;
    return true;
  }
  bool take_kind(Kind kind) {
    if (peek().kind != kind) return false;
    ++at_;
    return true;
  }

  // ---- errors ----

  std::nullptr_t fail(base::Place place, std::string message, std::string hint = {});
  std::nullptr_t fail(const FilterToken& token, std::string message, std::string hint = {});
  std::nullptr_t fail(const FilterToken& token, Error error);
  /// `expected a value, found ')'`
  std::nullptr_t fail_expected(std::string_view what, std::string hint = {});
  std::nullptr_t fail_behind_condition();
  /// At a word that begins no condition.
  std::nullptr_t fail_at_word(const FilterToken& token);

  // ---- and, or, not, ( ) ----

  ExpressionPtr parse_or();
  ExpressionPtr parse_and();
  ExpressionPtr parse_not();
  ExpressionPtr parse_condition();
  bool check_depth(const FilterToken& token, int depth);
  ExpressionPtr parse_parentheses();

  // ---- conditions: parse_condition.cpp ----

  /// Takes `srcport`, `${srcport}` or `field("srcport")`.
  std::optional<FieldRef> take_field();
  std::optional<FieldRef> take_named_field();
  ExpressionPtr parse_test(const FieldRef& field);
  static ExpressionPtr negate_or_null(ExpressionPtr part);
  ExpressionPtr parse_comparison(const FieldRef& field, Comparison comparison);
  /// True if a word or quoted text comes next.
  bool check_value(const FieldRef& field);
  ExpressionPtr compare_fields(const FieldRef& left, Comparison comparison, const FieldRef& right,
                               const FilterToken& place);
  ExpressionPtr compare_order(const FieldRef& field, Comparison comparison,
                              const FilterToken& operand);
  std::nullptr_t fail_ordered_range(const FilterToken& operand);
  ExpressionPtr parse_pattern(const FieldRef& field);
  ExpressionPtr parse_flags(const FieldRef& field);
  ExpressionPtr parse_in(const FieldRef& field);
  /// One value, one file, or several of them in parentheses.
  bool parse_values(ValueSetBuilder& builder);
  bool parse_item(ValueSetBuilder& builder);
  bool add_value(const FilterToken& token, ValueSetBuilder& builder);

  // ---- shorthand: parse_shorthand.cpp ----

  ExpressionPtr parse_shorthand();
  bool at_endpoint() const;
  ExpressionPtr parse_protocol();
  /// `[src | dst | src or dst | src and dst] [host | net | port | portrange] VALUES`
  ExpressionPtr parse_endpoint();
  static bool starts_like_address(std::string_view word);

  std::string_view text_;
  std::vector<FilterToken> tokens_;
  std::span<const Cidr> own_;  // what is private besides IANA's blocks
  std::size_t at_ = 0;
  int depth_ = 0;
  int patterns_ = 0;
  ListBudget budget_;
  std::optional<Error> error_;
};

}  // namespace weir::filter
