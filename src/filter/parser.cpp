// SPDX-License-Identifier: Apache-2.0
// filter: what joins conditions, and what is said where an expression is wrong.
#include "filter/parser.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "filter/shorthand.hpp"

namespace weir::filter {

std::optional<Comparison> comparison_of(FilterTokenKind kind) {
  switch (kind) {
    case FilterTokenKind::equal:
      return Comparison::equal;
    case FilterTokenKind::not_equal:
      return Comparison::not_equal;
    case FilterTokenKind::less:
      return Comparison::less;
    case FilterTokenKind::less_or_equal:
      return Comparison::less_or_equal;
    case FilterTokenKind::greater:
      return Comparison::greater;
    case FilterTokenKind::greater_or_equal:
      return Comparison::greater_or_equal;
    default:
      return std::nullopt;
  }
}

Result<ExpressionPtr> FilterParser::run() {
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

// ---- errors ----

std::nullptr_t FilterParser::fail(base::Place place, std::string message, std::string hint) {
  if (!error_) {
    error_ = Error{.code = ErrorCode::usage,
                   .message = std::move(message),
                   .excerpt = base::draw_excerpt(text_, place),
                   .hint = std::move(hint)};
  }
  return nullptr;
}

std::nullptr_t FilterParser::fail(const FilterToken& token, std::string message, std::string hint) {
  return fail(token.place, std::move(message), std::move(hint));
}

std::nullptr_t FilterParser::fail(const FilterToken& token, Error error) {
  return fail(token, std::move(error.message), std::move(error.hint));
}

std::nullptr_t FilterParser::fail_expected(std::string_view what, std::string hint) {
  const FilterToken& token = peek();
  std::string found =
      token.kind == Kind::end
          ? "the end"
          : fmt::format("'{}'", base::shown_word(text_.substr(
                                    token.place.begin, token.place.end - token.place.begin)));
  return fail(token, fmt::format("expected {}, found {}", what, found), std::move(hint));
}

std::nullptr_t FilterParser::fail_behind_condition() {
  const FilterToken& token = peek();
  if (token.kind == Kind::close) return fail(token, "this ) has no ( before it");
  return fail_expected(depth_ > 0 ? "and, or or )" : "and, or or the end",
                       token.kind == Kind::comma ? "several values need a list: dstport in (22, 80)"
                                                 : "two conditions are joined by and, or");
}

std::nullptr_t FilterParser::fail_at_word(const FilterToken& token) {
  if (comparison_of(peek(1).kind) || peek(1).kind == Kind::match ||
      peek(1).kind == Kind::no_match || is_word("in|is|not|has|not-in|is-null|is-not-null", 1)) {
    const auto near = near_field_names(token.text);
    return fail(token, fmt::format("unknown field '{}'", base::shown_word(token.text)),
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
  return fail(token, fmt::format("unknown field or word '{}'", base::shown_word(token.text)),
              near.empty() ? "a condition is `field = value`, or a shorthand such as `dst port 22`"
                           : fmt::format("did you mean {}?", fmt::join(near, " or ")));
}

// ---- and, or, not, ( ) ----

ExpressionPtr FilterParser::parse_or() {
  std::vector<ExpressionPtr> parts;
  do {
    parts.push_back(parse_and());
    if (parts.back() == nullptr) return nullptr;
  } while (take_kind(Kind::either) || take_word("or"));
  return any_of(std::move(parts));
}

ExpressionPtr FilterParser::parse_and() {
  std::vector<ExpressionPtr> parts;
  do {
    parts.push_back(parse_not());
    if (parts.back() == nullptr) return nullptr;
  } while (take_kind(Kind::both) || take_word("and"));
  return all_of(std::move(parts));
}

ExpressionPtr FilterParser::parse_not() {
  bool negated = false;
  while (take_kind(Kind::negation) || take_word("not")) negated = !negated;
  ExpressionPtr part = parse_condition();
  return part != nullptr && negated ? negate(std::move(part)) : part;
}

ExpressionPtr FilterParser::parse_condition() {
  const FilterToken& token = peek();
  if (token.kind == Kind::open) return parse_parentheses();
  if (const auto field = take_field()) return parse_test(*field);
  if (error_) return nullptr;
  if (token.kind != Kind::word) return fail_expected("a condition");
  return parse_shorthand();
}

bool FilterParser::check_depth(const FilterToken& token, int depth) {
  if (depth <= kMaxDepth) return true;
  fail(token, fmt::format("conditions are nested more than {} levels deep", kMaxDepth));
  return false;
}

ExpressionPtr FilterParser::parse_parentheses() {
  const FilterToken& open = take();
  if (!check_depth(open, ++depth_)) return nullptr;
  ExpressionPtr inside = parse_or();
  if (inside == nullptr) return nullptr;
  if (peek().kind == Kind::end) return fail(open, "this ( is never closed");
  if (!take_kind(Kind::close)) return fail_behind_condition();
  --depth_;
  return inside;
}

Result<ExpressionPtr> parse_expression(std::string_view text, std::span<const Cidr> own) {
  if (text.size() > kMaxExpressionBytes) {
    return Unexpected(
        {.code = ErrorCode::usage,
         .message = fmt::format("the expression is longer than {} KiB", kMaxExpressionBytes >> 10),
         .excerpt = base::draw_excerpt(text, {kMaxExpressionBytes, kMaxExpressionBytes + 1}),
         .hint = "put long lists into a file: dstaddr in @hosts.txt"});
  }
  auto tokens = tokenize_filter(text);
  if (!tokens) return Unexpected(std::move(tokens.error()));
  return FilterParser(text, std::move(*tokens), own).run();
}

}  // namespace weir::filter
