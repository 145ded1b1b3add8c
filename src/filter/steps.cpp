// SPDX-License-Identifier: Apache-2.0
// filter: a conjunction -> the parts that are worth asking one after the other.
#include <algorithm>
#include <array>
#include <variant>

#include "filter/expression.hpp"

namespace weir {
namespace {

using Expression = Filter::Expression;

/// What it takes to have the columns of a part; a part costs as much as its dearest field.
enum class Cost : std::uint8_t { numbers, texts, addresses };
constexpr std::size_t kCosts = 3;

Cost cost_of(const filter::FieldRef& field) {
  return field.type == FieldType::address ? Cost::addresses
         : field.type == FieldType::text  ? Cost::texts
                                          : Cost::numbers;
}

Cost cost_of(const Expression& expression);

Cost dearest(const std::vector<filter::ExpressionPtr>& parts) {
  Cost cost = Cost::numbers;
  for (const filter::ExpressionPtr& part : parts) cost = std::max(cost, cost_of(*part));
  return cost;
}

struct CostOf {
  Cost operator()(const Expression::Always&) const { return Cost::numbers; }
  Cost operator()(const Expression::AllOf& node) const { return dearest(node.parts); }
  Cost operator()(const Expression::AnyOf& node) const { return dearest(node.parts); }
  Cost operator()(const Expression::Negation& node) const { return cost_of(*node.part); }
  Cost operator()(const Expression::OfFamily&) const { return Cost::addresses; }
  Cost operator()(const Expression::Compared& node) const {
    return std::max(cost_of(node.left), cost_of(node.right));
  }
  template <class Node>
  Cost operator()(const Node& node) const {
    return cost_of(node.field);
  }
};

Cost cost_of(const Expression& expression) { return std::visit(CostOf{}, expression.node); }

}  // namespace

std::vector<Filter> Filter::steps() const {
  const auto* const all = std::get_if<Expression::AllOf>(&expression_->node);
  if (all == nullptr) return {*this};
  std::array<std::vector<filter::ExpressionPtr>, kCosts> parts;
  for (const filter::ExpressionPtr& part : all->parts) {
    parts[static_cast<std::size_t>(cost_of(*part))].push_back(part);
  }
  std::vector<Filter> steps;
  for (std::vector<filter::ExpressionPtr>& some : parts) {
    if (some.empty()) continue;
    Filter& step = steps.emplace_back();
    step.expression_ = filter::all_of(std::move(some));
    filter::add_fields(*step.expression_, step.fields_);
  }
  return steps;
}

}  // namespace weir
