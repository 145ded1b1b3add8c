// SPDX-License-Identifier: Apache-2.0
// filter: building expression trees, the fields they read, and their canonical spelling.
#include "filter/expression.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/token.hpp"
#include "weir/filter.hpp"

namespace weir::filter {
namespace {

using Expression = Filter::Expression;

template <class Node>
ExpressionPtr join(std::vector<ExpressionPtr> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  std::vector<ExpressionPtr> flat;
  for (ExpressionPtr& part : parts) {
    if (const auto* same = std::get_if<Node>(&part->node)) {
      flat.insert(flat.end(), same->parts.begin(), same->parts.end());
    } else {
      flat.push_back(std::move(part));
    }
  }
  return make_expression(Node{std::move(flat)});
}

bool is_joined(const Expression& expression) {
  return std::holds_alternative<Expression::AllOf>(expression.node) ||
         std::holds_alternative<Expression::AnyOf>(expression.node);
}

std::string spell_field(const FieldRef& field) {
  if (field.id != FieldId::unknown) return field.name;
  return fmt::format("field({})", quote_text(field.name));
}

/// Writes an expression with no more parentheses than `not` before `and` before `or` asks for.
class Speller {
 public:
  std::string operator()(const Expression::Always&) const { return "any"; }
  std::string operator()(const Expression::AllOf& all) const {
    std::string text;
    for (const ExpressionPtr& part : all.parts) {
      if (!text.empty()) text += " and ";
      const bool is_any = std::holds_alternative<Expression::AnyOf>(part->node);
      text += is_any ? in_parentheses(*part) : spell(*part);
    }
    return text;
  }
  std::string operator()(const Expression::AnyOf& any) const {
    std::string text;
    for (const ExpressionPtr& part : any.parts) {
      if (!text.empty()) text += " or ";
      text += spell(*part);
    }
    return text;
  }
  std::string operator()(const Expression::OfFamily& family) const {
    return family.ipv4 ? "ipv4" : "ipv6";
  }
  std::string operator()(const Expression::InSet& test) const {
    return fmt::format("{} {}", spell_field(test.field), test.set->spelling);
  }
  std::string operator()(const Expression::Compared& test) const {
    return fmt::format("{} {} {}", spell_field(test.left), comparison_symbol(test.comparison),
                       spell_field(test.right));
  }
  std::string operator()(const Expression::HasFlags& test) const {
    return fmt::format("{} has {}", spell_field(test.field), test.flags);
  }
  std::string operator()(const Expression::Matches& test) const {
    return fmt::format("{} ~ {}", spell_field(test.field), quote_text(test.pattern->pattern()));
  }
  std::string operator()(const Expression::IsNull& test) const {
    return spell_field(test.field) + " is null";
  }
  std::string operator()(const Expression::Negation& negation) const {
    const Expression& part = *negation.part;
    if (const auto* test = std::get_if<Expression::InSet>(&part.node)) {
      const std::string_view spelling = test->set->spelling;
      if (spelling.starts_with("= "))
        return fmt::format("{} !{}", spell_field(test->field), spelling);
      if (spelling.starts_with("in ")) {
        return fmt::format("{} not {}", spell_field(test->field), spelling);
      }
    }
    if (const auto* test = std::get_if<Expression::Matches>(&part.node)) {
      return fmt::format("{} !~ {}", spell_field(test->field),
                         quote_text(test->pattern->pattern()));
    }
    if (const auto* test = std::get_if<Expression::IsNull>(&part.node)) {
      return spell_field(test->field) + " is not null";
    }
    return "not " + (is_joined(part) ? in_parentheses(part) : spell(part));
  }

 private:
  static std::string in_parentheses(const Expression& expression) {
    return '(' + spell(expression) + ')';
  }
};

class FieldCollector {
 public:
  explicit FieldCollector(FieldSet& fields) : fields_(fields) {}

  void operator()(const Expression::Always&) {}
  void operator()(const Expression::AllOf& all) { add_parts(all.parts); }
  void operator()(const Expression::AnyOf& any) { add_parts(any.parts); }
  void operator()(const Expression::Negation& negation) { add_fields(*negation.part, fields_); }
  void operator()(const Expression::OfFamily&) {
    for (const FieldId id : {FieldId::type, FieldId::srcaddr, FieldId::dstaddr}) fields_.add(id);
  }
  void operator()(const Expression::Compared& test) {
    fields_.add(test.left.name);
    fields_.add(test.right.name);
  }
  void operator()(const auto& test) { fields_.add(test.field.name); }

 private:
  void add_parts(const std::vector<ExpressionPtr>& parts) {
    for (const ExpressionPtr& part : parts) add_fields(*part, fields_);
  }

  FieldSet& fields_;
};

}  // namespace

std::string_view comparison_symbol(Comparison comparison) noexcept {
  constexpr std::string_view kSymbols[] = {"=", "!=", "<", "<=", ">", ">="};
  return kSymbols[static_cast<std::size_t>(comparison)];
}

ExpressionPtr all_of(std::vector<ExpressionPtr> parts) {
  return join<Expression::AllOf>(std::move(parts));
}

ExpressionPtr any_of(std::vector<ExpressionPtr> parts) {
  return join<Expression::AnyOf>(std::move(parts));
}

ExpressionPtr negate(ExpressionPtr part) {
  if (const auto* negation = std::get_if<Expression::Negation>(&part->node)) return negation->part;
  return make_expression(Expression::Negation{std::move(part)});
}

void add_fields(const Expression& expression, FieldSet& fields) {
  std::visit(FieldCollector(fields), expression.node);
}

std::string spell(const Expression& expression) { return std::visit(Speller{}, expression.node); }

}  // namespace weir::filter

namespace weir {

Result<Filter> Filter::parse(std::string_view expression, std::span<const Cidr> own) {
  auto parsed = filter::parse_expression(expression, own);
  if (!parsed) return Unexpected(std::move(parsed.error()));
  Filter filter;
  filter.expression_ = std::move(*parsed);
  filter::add_fields(*filter.expression_, filter.fields_);
  return filter;
}

Filter Filter::all_of(std::span<const Filter> filters) {
  Filter joined;
  std::vector<filter::ExpressionPtr> parts;
  for (const Filter& each : filters) {
    parts.push_back(each.expression_);
    joined.fields_.add(each.fields_);
  }
  joined.expression_ = parts.empty() ? filter::make_expression(Expression::Always{})
                                     : filter::all_of(std::move(parts));
  return joined;
}

std::string Filter::to_string() const { return filter::spell(*expression_); }

}  // namespace weir
