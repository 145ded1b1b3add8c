// SPDX-License-Identifier: Apache-2.0
// filter: tokens -> expression. Recursive descent; `not` binds before `and` before `or`.
//
// A function that fails keeps the error in `error_` and returns null; every caller passes the null
// on. The grammar is in docs/filter.md.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "field/ascii.hpp"
#include "filter/expression.hpp"
#include "filter/list_file.hpp"
#include "filter/shorthand.hpp"
#include "filter/token.hpp"
#include "weir/names.hpp"

namespace weir {
namespace {

using Expression = Filter::Expression;
using Kind = FilterTokenKind;

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t kPatternMemory = std::int64_t{2} << 20;

std::optional<Comparison> comparison_of(Kind kind) {
  switch (kind) {
    case Kind::equal:
      return Comparison::equal;
    case Kind::not_equal:
      return Comparison::not_equal;
    case Kind::less:
      return Comparison::less;
    case Kind::less_or_equal:
      return Comparison::less_or_equal;
    case Kind::greater:
      return Comparison::greater;
    case Kind::greater_or_equal:
      return Comparison::greater_or_equal;
    default:
      return std::nullopt;
  }
}

/// The range of values that stand in this relation to `bounds`, from `first` to `last`; nothing if
/// there is none. A range as operand is compared by its nearer end.
template <class Value>
std::optional<ValueRange<Value>> compared_range(Comparison comparison, ValueRange<Value> bounds,
                                                Value first, Value last, Value before_low) {
  switch (comparison) {
    case Comparison::less:
      if (bounds.low == first) return std::nullopt;
      return ValueRange<Value>{first, before_low};
    case Comparison::less_or_equal:
      return ValueRange<Value>{first, bounds.high};
    case Comparison::greater:
      if (bounds.high == last) return std::nullopt;
      return ValueRange<Value>{successor(bounds.high), last};
    case Comparison::greater_or_equal:
      return ValueRange<Value>{bounds.low, last};
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

class Parser {
 public:
  Parser(std::string_view text, std::vector<FilterToken> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  Result<ExpressionPtr> run() {
    ExpressionPtr expression;
    if (peek().kind == Kind::end) {
      fail(peek(), "the expression is empty, a condition was expected",
           "action = REJECT and dst port 22");
    } else {
      expression = parse_or();
    }
    if (expression != nullptr && peek().kind != Kind::end) expression = fail_behind_condition();
    if (error_) return Unexpected(std::move(*error_));
    return expression;
  }

 private:
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
    return peek(ahead).kind == Kind::word && lists_name(joined, peek(ahead).text);
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

  std::nullptr_t fail(Place place, std::string message, std::string hint = {}) {
    if (!error_) {
      error_ = Error{.code = ErrorCode::usage,
                     .message = std::move(message),
                     .where = {},
                     .excerpt = draw_excerpt(text_, place),
                     .hint = std::move(hint)};
    }
    return nullptr;
  }
  std::nullptr_t fail(const FilterToken& token, std::string message, std::string hint = {}) {
    return fail(token.place, std::move(message), std::move(hint));
  }
  std::nullptr_t fail(const FilterToken& token, Error error) {
    return fail(token, std::move(error.message), std::move(error.hint));
  }
  /// `expected a value, found ')'`
  std::nullptr_t fail_expected(std::string_view what, std::string hint = {}) {
    const FilterToken& token = peek();
    std::string found =
        token.kind == Kind::end
            ? "the end"
            : fmt::format("'{}'", shown_word(text_.substr(token.place.begin,
                                                          token.place.end - token.place.begin)));
    return fail(token, fmt::format("expected {}, found {}", what, found), std::move(hint));
  }

  std::nullptr_t fail_behind_condition() {
    const FilterToken& token = peek();
    if (token.kind == Kind::close) return fail(token, "this ) has no ( before it");
    return fail_expected(depth_ > 0 ? "and, or or )" : "and, or or the end",
                         token.kind == Kind::comma
                             ? "several values need a list: dstport in (22, 80)"
                             : "two conditions are joined by and, or");
  }

  /// At a word that begins no condition.
  std::nullptr_t fail_at_word(const FilterToken& token) {
    if (comparison_of(peek(1).kind) || peek(1).kind == Kind::match ||
        peek(1).kind == Kind::no_match || is_word("in|is|not|has|not-in|is-null|is-not-null", 1)) {
      const auto near = near_field_names(token.text);
      return fail(token, fmt::format("unknown field '{}'", shown_word(token.text)),
                  near.empty() ? "`weir fields` lists every field; field(\"name\") takes any name"
                               : fmt::format("did you mean {}?", fmt::join(near, " or ")));
    }
    if (is_keyword(token.text)) return fail_expected("a condition");
    if (parse_cidr(token.text)) {
      return fail_expected("a condition",
                           fmt::format("host {0}, src {0}, srcaddr = {0}", token.text));
    }
    if (token.text.find_first_not_of("0123456789-") == std::string::npos) {
      return fail_expected("a condition", fmt::format("port {0}, dst port {0}", token.text));
    }
    const auto near = near_words(token.text);
    return fail(token, fmt::format("'{}' is no field and no shorthand", shown_word(token.text)),
                near.empty()
                    ? "a condition is `field = value`, or a shorthand such as `dst port 22`"
                    : fmt::format("did you mean {}?", fmt::join(near, " or ")));
  }

  // ---- and, or, not, ( ) ----

  ExpressionPtr parse_or() {
    std::vector<ExpressionPtr> parts;
    do {
      parts.push_back(parse_and());
      if (parts.back() == nullptr) return nullptr;
    } while (take_kind(Kind::either) || take_word("or"));
    return any_of(std::move(parts));
  }

  ExpressionPtr parse_and() {
    std::vector<ExpressionPtr> parts;
    do {
      parts.push_back(parse_not());
      if (parts.back() == nullptr) return nullptr;
    } while (take_kind(Kind::both) || take_word("and"));
    return all_of(std::move(parts));
  }

  ExpressionPtr parse_not() {
    bool negated = false;
    while (take_kind(Kind::negation) || take_word("not")) negated = !negated;
    ExpressionPtr part = parse_condition();
    return part != nullptr && negated ? negate(std::move(part)) : part;
  }

  ExpressionPtr parse_condition() {
    const FilterToken& token = peek();
    if (token.kind == Kind::open) return parse_parentheses();
    if (const auto field = take_field()) return parse_test(*field);
    if (error_) return nullptr;
    if (token.kind != Kind::word) return fail_expected("a condition");
    return parse_shorthand();
  }

  bool check_depth(const FilterToken& token, int depth) {
    if (depth <= kMaxDepth) return true;
    fail(token, fmt::format("conditions are nested more than {} levels deep", kMaxDepth));
    return false;
  }

  ExpressionPtr parse_parentheses() {
    const FilterToken& open = take();
    if (!check_depth(open, ++depth_)) return nullptr;
    ExpressionPtr inside = parse_or();
    if (inside == nullptr) return nullptr;
    if (peek().kind == Kind::end) return fail(open, "this ( is never closed");
    if (!take_kind(Kind::close)) return fail_behind_condition();
    --depth_;
    return inside;
  }

  // ---- field and operator ----

  /// Takes `srcport`, `${srcport}` or `field("srcport")`.
  std::optional<FieldRef> take_field() {
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

  std::optional<FieldRef> take_named_field() {
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

  ExpressionPtr parse_test(const FieldRef& field) {
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

  static ExpressionPtr negate_or_null(ExpressionPtr part) {
    return part == nullptr ? nullptr : negate(std::move(part));
  }

  ExpressionPtr parse_comparison(const FieldRef& field, Comparison comparison) {
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

  /// True if a word or quoted text comes next.
  bool check_value(const FieldRef& field) {
    const FilterToken& token = peek();
    if (token.kind == Kind::quoted) return true;
    if (token.kind == Kind::word && equal_ignoring_case(token.text, "null")) {
      fail(token, "null equals nothing, not even null", field.name + " is null");
      return false;
    }
    if (token.kind == Kind::word && !is_keyword(token.text)) return true;
    const bool list = token.kind == Kind::open || token.kind == Kind::list_file;
    fail_expected("a value", list ? fmt::format("a list needs in: {} in ...", field.name) : "");
    return false;
  }

  ExpressionPtr compare_fields(const FieldRef& left, Comparison comparison, const FieldRef& right,
                               const FilterToken& place) {
    const bool comparable =
        left.type == right.type || (is_number_like(left.type) && is_number_like(right.type));
    if (comparable) return make_expression(Expression::Compared{left, comparison, right});
    return fail(place,
                fmt::format("{} holds {} and {} {}, which cannot be compared", left.name,
                            type_words(left.type), right.name, type_words(right.type)),
                left.type == FieldType::text ? "put text that is a field's name in quotes" : "");
  }

  ExpressionPtr compare_order(const FieldRef& field, Comparison comparison,
                              const FilterToken& operand) {
    ValueSetBuilder builder{ValuePlace(field)};
    if (field.type == FieldType::address) {
      auto bounds = read_addresses(builder.place(), operand.text);
      if (!bounds) return fail(operand, std::move(bounds.error()));
      if (!(bounds->low == bounds->high)) return fail_ordered_range(operand);
      // An order exists within a family only.
      const bool ipv4 = bounds->low.is_ipv4();
      const Ip first = ipv4 ? Ip::from_ipv4(0) : Ip{};
      const Ip last = ipv4 ? Ip::from_ipv4(0xffff'ffff) : Ip{.high = kLargest, .low = kLargest};
      const Ip before{.high = bounds->low.high - (bounds->low.low == 0 ? 1 : 0),
                      .low = bounds->low.low - 1};
      if (const auto range = compared_range(comparison, *bounds, first, last, before)) {
        builder.add(*range);
      }
    } else {
      auto bounds = read_numbers(builder.place(), operand.text);
      if (!bounds) return fail(operand, std::move(bounds.error()));
      if (bounds->low != bounds->high) return fail_ordered_range(operand);
      if (const auto range =
              compared_range<std::uint64_t>(comparison, *bounds, 0, kLargest, bounds->low - 1)) {
        builder.add(*range);
      }
    }
    return make_expression(Expression::InSet{field, builder.finish()});
  }

  std::nullptr_t fail_ordered_range(const FilterToken& operand) {
    return fail(operand,
                fmt::format("expected one value, '{}' is a range", shown_word(operand.text)),
                "use = or in for ranges and prefixes");
  }

  ExpressionPtr parse_pattern(const FieldRef& field) {
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

  ExpressionPtr parse_flags(const FieldRef& field) {
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

  ExpressionPtr parse_in(const FieldRef& field) {
    ValueSetBuilder builder{ValuePlace(field)};
    if (!parse_values(builder)) return nullptr;
    return make_expression(Expression::InSet{field, builder.finish()});
  }

  /// One value, one file, or several of them in parentheses.
  bool parse_values(ValueSetBuilder& builder) {
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

  bool parse_item(ValueSetBuilder& builder) {
    const FilterToken& token = peek();
    if (token.kind == Kind::list_file) {
      ++at_;
      auto added = add_list_file(token.text, budget_, builder);
      if (!added && !error_) {
        error_ = std::move(added.error());
        if (error_->excerpt.empty()) error_->excerpt = draw_excerpt(text_, token.place);
      }
      return added.has_value();
    }
    if (token.kind == Kind::field ||
        (token.kind == Kind::word && find_field(token.text) != FieldId::unknown)) {
      fail(token, fmt::format("expected a value, '{}' is a field", shown_word(token.text)),
           "compare fields with =; put text that is a field's name in quotes");
      return false;
    }
    if (!check_value(builder.place().field)) return false;
    ++at_;
    return add_value(token, builder);
  }

  bool add_value(const FilterToken& token, ValueSetBuilder& builder) {
    auto added = builder.add(token.text, token.kind == Kind::quoted);
    if (!added) fail(token, std::move(added.error()));
    return added.has_value();
  }

  // ---- shorthand ----

  ExpressionPtr parse_shorthand() {
    const FilterToken& token = peek();
    if (at_endpoint()) return parse_endpoint();
    if (take_word("proto")) return parse_protocol();
    if (ExpressionPtr word = expand_word(token.text)) {
      ++at_;
      // `tcp port 22`, as tcpdump writes it.
      const bool qualifies = is_protocol_word(token.text) && (at_endpoint() || is_word("proto"));
      if (!qualifies) return word;
      ExpressionPtr rest = take_word("proto") ? parse_protocol() : parse_endpoint();
      return rest == nullptr ? nullptr : all_of({std::move(word), std::move(rest)});
    }
    return fail_at_word(token);
  }

  bool at_endpoint() const { return is_word("src|dst|host|net|port|portrange"); }

  ExpressionPtr parse_protocol() {
    ValueSetBuilder builder{ValuePlace(FieldRef(FieldId::protocol), "proto takes")};
    take_word("in");
    if (!parse_values(builder)) return nullptr;
    return make_expression(Expression::InSet{FieldRef(FieldId::protocol), builder.finish()});
  }

  /// `[src | dst | src or dst | src and dst] [host | net | port | portrange] VALUES`
  ExpressionPtr parse_endpoint() {
    // Its long form has `and` and `or`, which may nest two levels deeper.
    if (!check_depth(peek(), depth_ + 2)) return nullptr;
    const bool source = is_word("src");
    const bool given = source || is_word("dst");
    bool both_ends = !given;
    bool joined_by_and = false;
    if (given) {
      ++at_;
      const bool either = is_word("or") || peek().kind == Kind::either;
      const bool both = is_word("and") || peek().kind == Kind::both;
      if ((either || both) && is_word(source ? "dst" : "src", 1)) {
        at_ += 2;
        both_ends = true;
        joined_by_and = both;
      }
    }
    const FilterToken& qualifier = peek();
    const bool ports = is_word("port|portrange");
    std::string subject = given ? (source ? "src" : "dst") : "host";
    if (ports || is_word("host|net")) {
      subject = qualifier.text;
      ++at_;
    } else if (peek().kind == Kind::word && !is_word("in") && !starts_like_address(peek().text)) {
      return fail_expected(
          fmt::format("host, net, port, portrange or an address after {}", subject));
    }
    take_word("in");
    const FieldId fields[] = {ports ? FieldId::srcport : FieldId::srcaddr,
                              ports ? FieldId::dstport : FieldId::dstaddr};
    ValueSetBuilder builder{ValuePlace(FieldRef(fields[0]), subject + " takes")};
    if (!parse_values(builder)) return nullptr;
    const ValueSetPtr set = builder.finish();
    if (!both_ends) {
      return make_expression(Expression::InSet{FieldRef(fields[source ? 0 : 1]), set});
    }
    std::vector<ExpressionPtr> ends = {
        make_expression(Expression::InSet{FieldRef(fields[0]), set}),
        make_expression(Expression::InSet{FieldRef(fields[1]), set})};
    return joined_by_and ? all_of(std::move(ends)) : any_of(std::move(ends));
  }

  static bool starts_like_address(std::string_view word) {
    return word.find_first_not_of("0123456789abcdefABCDEF.:/-") == std::string_view::npos;
  }

  std::string_view text_;
  std::vector<FilterToken> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int patterns_ = 0;
  ListBudget budget_;
  std::optional<Error> error_;
};

}  // namespace

Result<ExpressionPtr> parse_expression(std::string_view text) {
  if (text.size() > kMaxExpressionBytes) {
    return Unexpected(
        {.code = ErrorCode::usage,
         .message = fmt::format("the expression is longer than {} KiB", kMaxExpressionBytes >> 10),
         .where = {},
         .excerpt = draw_excerpt(text, {kMaxExpressionBytes, kMaxExpressionBytes + 1}),
         .hint = "put long lists into a file: dstaddr in @hosts.txt"});
  }
  auto tokens = tokenize_filter(text);
  if (!tokens) return Unexpected(std::move(tokens.error()));
  return Parser(text, std::move(*tokens)).run();
}

}  // namespace weir
