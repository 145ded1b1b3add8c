// SPDX-License-Identifier: Apache-2.0
// filter: field, operator, value -> a test of one or two columns.
#include <fmt/format.h>

#include <limits>
#include <optional>

#include "base/address_blocks.hpp"
#include "filter/parser.hpp"
#include "weir/names.hpp"

namespace weir::filter {
namespace {

constexpr std::int64_t kPatternMemory = std::int64_t{2} << 20;

/// The range of values that stand in this relation to `bounds`, from `first` to `last`; nothing if
/// there is none. A range as operand is compared by its nearer end.
template <class Value>
std::optional<base::ValueRange<Value>> compared_range(Comparison comparison,
                                                      base::ValueRange<Value> bounds, Value first,
                                                      Value last, Value before_low) {
  switch (comparison) {
    case Comparison::less:
      if (bounds.low == first) return std::nullopt;
      return base::ValueRange<Value>{first, before_low};
    case Comparison::less_or_equal:
      return base::ValueRange<Value>{first, bounds.high};
    case Comparison::greater:
      if (bounds.high == last) return std::nullopt;
      return base::ValueRange<Value>{base::successor(bounds.high), last};
    case Comparison::greater_or_equal:
      return base::ValueRange<Value>{bounds.low, last};
    default:
      return bounds;
  }
}

bool is_number_like(FieldType type) { return type == FieldType::number || type == FieldType::time; }

std::string_view type_words(FieldType type) {
  switch (type) {
    case FieldType::number:
      return "a number";
    case FieldType::time:
      return "a time";
    case FieldType::address:
      return "an address";
    case FieldType::text:
      break;
  }
  return "text";
}

}  // namespace

// ---- field and operator ----

std::optional<FieldRef> FilterParser::take_field() {
  const FilterToken& token = peek();
  if (token.kind == Kind::field || (is_word("field") && peek(1).kind == Kind::open)) {
    return take_named_field();
  }
  if (token.kind != Kind::word) return std::nullopt;
  const FieldId id = find_field(token.text);
  if (id == FieldId::unknown) return std::nullopt;
  ++at_;
  return FieldRef(id);
}

std::optional<FieldRef> FilterParser::take_named_field() {
  FilterToken name = take();
  if (name.kind == Kind::word) {
    ++at_;  // (
    name = take();
    const bool whole = name.kind == Kind::quoted || name.kind == Kind::word;
    if (!whole || !take_kind(Kind::close)) {
      fail(name, "expected a field's name in quotes", "field(\"name\")");
      return std::nullopt;
    }
  }
  if (name.text.empty()) {
    fail(name, "expected a field's name");
    return std::nullopt;
  }
  return FieldRef::named(name.text);
}

ExpressionPtr FilterParser::parse_test(const FieldRef& field) {
  const FilterToken& token = peek();
  if (const auto comparison = comparison_of(token.kind))
    return parse_comparison(field, *comparison);
  if (token.kind == Kind::match || token.kind == Kind::no_match) return parse_pattern(field);
  if (token.kind == Kind::has || is_word("has")) return parse_flags(field);
  if (take_word("in")) return parse_in(field);
  if (take_word("not-in|not_in")) return negate_or_null(parse_in(field));
  if (is_word("not") && is_word("in", 1)) {
    at_ += 2;
    return negate_or_null(parse_in(field));
  }
  if (take_word("is-null|is_null")) return make_expression(Expression::IsNull{field});
  if (take_word("is-not-null|is_not_null")) {
    return negate(make_expression(Expression::IsNull{field}));
  }
  if (take_word("is")) {
    const bool negated = take_word("not");
    if (!take_word("null")) return fail_expected(negated ? "null" : "null or not null");
    ExpressionPtr is_null = make_expression(Expression::IsNull{field});
    return negated ? negate(std::move(is_null)) : is_null;
  }
  return fail_expected(fmt::format("an operator such as = or in after {}", field.name),
                       "= != < <= > >= ~ !~, in, not in, is null, is not null");
}

ExpressionPtr FilterParser::negate_or_null(ExpressionPtr part) {
  return part == nullptr ? nullptr : negate(std::move(part));
}

ExpressionPtr FilterParser::parse_comparison(const FieldRef& field, Comparison comparison) {
  const FilterToken& symbol = take();
  const FilterToken& operand = peek();
  const bool ordered = comparison != Comparison::equal && comparison != Comparison::not_equal;
  if (ordered && field.type == FieldType::text) {
    return fail(symbol, fmt::format("{} holds text, which has no order", field.name),
                "use =, !=, in or ~");
  }
  if (const auto other = take_field()) return compare_fields(field, comparison, *other, operand);
  if (error_) return nullptr;
  if (!check_value(field)) return nullptr;
  ++at_;
  if (ordered) return compare_order(field, comparison, operand);
  ValueSetBuilder builder{ValuePlace(field)};
  if (!add_value(operand, builder)) return nullptr;
  ExpressionPtr test = make_expression(Expression::InSet{field, builder.finish()});
  return comparison == Comparison::not_equal ? negate(std::move(test)) : test;
}

bool FilterParser::check_value(const FieldRef& field) {
  const FilterToken& token = peek();
  if (token.kind == Kind::quoted) return true;
  if (token.kind == Kind::word && field::equal_ignoring_case(token.text, "null")) {
    fail(token, "null equals nothing, not even null", field.name + " is null");
    return false;
  }
  if (token.kind == Kind::word && !is_keyword(token.text)) return true;
  const bool list = token.kind == Kind::open || token.kind == Kind::list_file;
  fail_expected("a value", list ? fmt::format("a list needs in: {} in ...", field.name) : "");
  return false;
}

ExpressionPtr FilterParser::compare_fields(const FieldRef& left, Comparison comparison,
                                           const FieldRef& right, const FilterToken& place) {
  const bool comparable =
      left.type == right.type || (is_number_like(left.type) && is_number_like(right.type));
  if (comparable) return make_expression(Expression::Compared{left, comparison, right});
  return fail(place,
              fmt::format("{} holds {} and {} {}, which cannot be compared", left.name,
                          type_words(left.type), right.name, type_words(right.type)),
              left.type == FieldType::text ? "put text that is a field's name in quotes" : "");
}

ExpressionPtr FilterParser::compare_order(const FieldRef& field, Comparison comparison,
                                          const FilterToken& operand) {
  ValueSetBuilder builder{ValuePlace(field)};
  if (field.type == FieldType::address) {
    auto bounds = read_addresses(builder.place(), operand.text);
    if (!bounds) return fail(operand, std::move(bounds.error()));
    if (!(bounds->low == bounds->high)) return fail_ordered_range(operand);
    // An order exists within a family only.
    const bool ipv4 = bounds->low.is_ipv4();
    const Ip first = ipv4 ? Ip::from_ipv4(0) : Ip{};
    const Ip last =
        ipv4 ? Ip::from_ipv4(0xffff'ffff) : Ip{.high = kLargestNumber, .low = kLargestNumber};
    const Ip before{.high = bounds->low.high - (bounds->low.low == 0 ? 1 : 0),
                    .low = bounds->low.low - 1};
    if (const auto range = compared_range(comparison, *bounds, first, last, before)) {
      builder.add(*range);
    }
  } else {
    auto bounds = read_numbers(builder.place(), operand.text);
    if (!bounds) return fail(operand, std::move(bounds.error()));
    if (bounds->low != bounds->high) return fail_ordered_range(operand);
    if (const auto range = compared_range<std::uint64_t>(comparison, *bounds, 0, kLargestNumber,
                                                         bounds->low - 1)) {
      builder.add(*range);
    }
  }
  return make_expression(Expression::InSet{field, builder.finish()});
}

std::nullptr_t FilterParser::fail_ordered_range(const FilterToken& operand) {
  return fail(operand,
              fmt::format("expected one value, '{}' is a range", base::shown_word(operand.text)),
              "use = or in for ranges and prefixes");
}

ExpressionPtr FilterParser::parse_pattern(const FieldRef& field) {
  const bool negated = take().kind == Kind::no_match;
  const FilterToken& token = peek();
  if (token.kind != Kind::word && token.kind != Kind::quoted) {
    return fail_expected("a regular expression in quotes", field.name + " ~ '^10\\.'");
  }
  ++at_;
  if (++patterns_ > kMaxPatterns) {
    return fail(token, fmt::format("an expression has at most {} patterns", kMaxPatterns),
                "join patterns: 'this|that'");
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  auto pattern = std::make_shared<const re2::RE2>(token.text, options);
  if (!pattern->ok()) {
    return fail(token, fmt::format("not a regular expression: {}", pattern->error()),
                "syntax: https://github.com/google/re2/wiki/Syntax");
  }
  ExpressionPtr test = make_expression(Expression::Matches{field, std::move(pattern)});
  return negated ? negate(std::move(test)) : test;
}

ExpressionPtr FilterParser::parse_flags(const FieldRef& field) {
  const FilterToken& symbol = take();
  if (value_names(field) != ValueNames::tcp_flags) {
    return fail(symbol,
                fmt::format("'{}' tests TCP flags, and {} holds none", symbol.text, field.name),
                "tcp-flags has syn");
  }
  const FilterToken& operand = peek();
  if (!check_value(field)) return nullptr;
  ++at_;
  auto flags = read_numbers(ValuePlace(field), operand.text);
  if (!flags) return fail(operand, std::move(flags.error()));
  if (flags->low != flags->high) return fail_ordered_range(operand);
  if (flags->low == 0) {
    return fail(operand, "expected a flag, which 0 is not",
                "tcp-flags = 0 is true of records without flags");
  }
  return make_expression(Expression::HasFlags{field, flags->low});
}

// ---- lists ----

ExpressionPtr FilterParser::parse_in(const FieldRef& field) {
  ValueSetBuilder builder{ValuePlace(field)};
  if (!parse_values(builder)) return nullptr;
  return make_expression(Expression::InSet{field, builder.finish()});
}

bool FilterParser::parse_values(ValueSetBuilder& builder) {
  if (peek().kind != Kind::open) return parse_item(builder);
  const FilterToken& open = take();
  do {
    if (!parse_item(builder)) return false;
  } while (take_kind(Kind::comma));
  if (take_kind(Kind::close)) return true;
  if (peek().kind == Kind::end) {
    fail(open, "this ( is never closed");
  } else {
    fail_expected(", or )");
  }
  return false;
}

bool FilterParser::parse_item(ValueSetBuilder& builder) {
  const FilterToken& token = peek();
  if (token.kind == Kind::list_file) {
    ++at_;
    auto added = add_list_file(token.text, budget_, builder);
    if (!added && !error_) {
      error_ = std::move(added.error());
      if (error_->excerpt.empty()) error_->excerpt = base::draw_excerpt(text_, token.place);
    }
    return added.has_value();
  }
  if (token.kind == Kind::field ||
      (token.kind == Kind::word && find_field(token.text) != FieldId::unknown)) {
    fail(token, fmt::format("expected a value, '{}' is a field", base::shown_word(token.text)),
         "compare fields with =; put text that is a field's name in quotes");
    return false;
  }
  if (!check_value(builder.place().field)) return false;
  ++at_;
  return add_value(token, builder);
}

bool FilterParser::add_value(const FilterToken& token, ValueSetBuilder& builder) {
  if (builder.place().field.type == FieldType::address && token.kind == Kind::word) {
    if (field::lists_name("private", token.text)) {
      builder.add_named("private", base::ranges_of(base::AddressScope::private_use, own_));
      return true;
    }
    if (field::lists_name("public", token.text)) {
      builder.add_named("public", base::ranges_of(base::AddressScope::public_use, own_));
      return true;
    }
  }
  auto added = builder.add(token.text, token.kind == Kind::quoted);
  if (!added) fail(token, std::move(added.error()));
  return added.has_value();
}

}  // namespace weir::filter
