// SPDX-License-Identifier: Apache-2.0
// filter: expression, format -> operators over that format's columns.
//
// A comparison with a field that the format lacks is null on every record. Each part is known to be
// able to say yes, no, both or neither; a filter that cannot say yes need not read a record.
#include <algorithm>
#include <optional>
#include <utility>

#include "filter/expression.hpp"
#include "filter/node.hpp"

namespace weir {
namespace {

using Expression = Filter::Expression;

/// What evaluating one row takes; cheap parts of a chain go first, and leave fewer rows to others.
enum class Effort : std::uint8_t { none, bits, numbers, addresses, texts, patterns };

struct Bound {
  filter::NodePtr node;
  bool can_be_yes = true;
  bool can_be_no = true;
  Effort effort = Effort::numbers;
};

Bound constant(filter::Constant value) {
  return {.node = filter::constant_node(value),
          .can_be_yes = value == filter::Constant::yes,
          .can_be_no = value == filter::Constant::no,
          .effort = Effort::none};
}

Effort effort_of(FieldType type) {
  return type == FieldType::text      ? Effort::texts
         : type == FieldType::address ? Effort::addresses
                                      : Effort::numbers;
}

class Binder {
 public:
  Binder(const Format& format, std::vector<std::string>& missing)
      : format_(format), missing_(missing) {}

  Bound bind(const Expression& expression) { return std::visit(*this, expression.node); }

  Bound operator()(const Expression::Always&) { return constant(filter::Constant::yes); }

  Bound operator()(const Expression::AllOf& all) {
    std::vector<Bound> parts = bind_parts(all.parts);
    Bound bound = chain(parts);
    for (const Bound& part : parts) {
      bound.can_be_yes = bound.can_be_yes && part.can_be_yes;
    }
    bound.can_be_no =
        std::any_of(parts.begin(), parts.end(), [](const Bound& b) { return b.can_be_no; });
    bound.node = filter::all_of_node(nodes_of(parts));
    return bound;
  }

  Bound operator()(const Expression::AnyOf& any) {
    std::vector<Bound> parts = bind_parts(any.parts);
    Bound bound = chain(parts);
    for (const Bound& part : parts) {
      bound.can_be_no = bound.can_be_no && part.can_be_no;
    }
    bound.can_be_yes =
        std::any_of(parts.begin(), parts.end(), [](const Bound& b) { return b.can_be_yes; });
    bound.node = filter::any_of_node(nodes_of(parts));
    return bound;
  }

  Bound operator()(const Expression::Negation& negation) {
    Bound bound = bind(*negation.part);
    std::swap(bound.can_be_yes, bound.can_be_no);
    bound.node = filter::negation_node(std::move(bound.node));
    return bound;
  }

  Bound operator()(const Expression::OfFamily& family) {
    const FieldId ids[] = {FieldId::type, FieldId::srcaddr, FieldId::dstaddr};
    std::vector<filter::NodePtr> nodes;
    for (const FieldId id : ids) {
      const int column = format_.index_of(id);
      if (column >= 0)
        nodes.push_back(filter::in_set_node(static_cast<std::size_t>(column),
                                            family_set(id, family.ipv4), base::chosen_kernel()));
    }
    if (nodes.empty()) {
      for (const FieldId id : ids) report_missing(filter::FieldRef(id).name);
      return constant(filter::Constant::null);
    }
    return {.node = filter::first_known_node(std::move(nodes)), .effort = Effort::texts};
  }

  Bound operator()(const Expression::InSet& test) {
    const auto column = find_column(test.field);
    if (!column) return constant(filter::Constant::null);
    return {.node = filter::in_set_node(*column, test.set, base::chosen_kernel()),
            .effort = effort_of(test.field.type)};
  }

  Bound operator()(const Expression::Compared& test) {
    const auto left = find_column(test.left);
    const auto right = find_column(test.right);
    if (!left || !right) return constant(filter::Constant::null);
    const bool any_case = filter::holds_aws_words(test.left) && filter::holds_aws_words(test.right);
    return {.node = filter::compared_node(*left, test.comparison, *right, test.left.type, any_case),
            .effort = effort_of(test.left.type)};
  }

  Bound operator()(const Expression::HasFlags& test) {
    const auto column = find_column(test.field);
    if (!column) return constant(filter::Constant::null);
    return {.node = filter::has_flags_node(*column, test.flags)};
  }

  Bound operator()(const Expression::Matches& test) {
    const auto column = find_column(test.field);
    if (!column) return constant(filter::Constant::null);
    return {.node = filter::matches_node(*column, test.field.type, test.pattern),
            .effort = Effort::patterns};
  }

  Bound operator()(const Expression::IsNull& test) {
    const auto column = find_column(test.field);
    if (!column) return constant(filter::Constant::yes);
    return {.node = filter::is_null_node(*column), .effort = Effort::bits};
  }

 private:
  std::vector<Bound> bind_parts(const std::vector<filter::ExpressionPtr>& parts) {
    std::vector<Bound> bound;
    bound.reserve(parts.size());
    for (const filter::ExpressionPtr& part : parts) bound.push_back(bind(*part));
    std::stable_sort(bound.begin(), bound.end(),
                     [](const Bound& a, const Bound& b) { return a.effort < b.effort; });
    return bound;
  }

  static Bound chain(const std::vector<Bound>& parts) {
    Bound bound;
    bound.effort = parts.back().effort;
    return bound;
  }

  static std::vector<filter::NodePtr> nodes_of(std::vector<Bound>& parts) {
    std::vector<filter::NodePtr> nodes;
    nodes.reserve(parts.size());
    for (Bound& part : parts) nodes.push_back(std::move(part.node));
    return nodes;
  }

  /// What `type`, or else an address, holds for traffic of a family.
  static filter::ValueSetPtr family_set(FieldId id, bool ipv4) {
    filter::ValueSetBuilder builder{filter::ValuePlace(filter::FieldRef(id))};
    const std::string_view word =
        id == FieldId::type ? (ipv4 ? "IPv4" : "IPv6") : (ipv4 ? "0.0.0.0/0" : "::/0");
    (void)builder.add(word, true);  // these words are right
    return builder.finish();
  }

  std::optional<std::size_t> find_column(const filter::FieldRef& field) {
    const int index = field.id == FieldId::unknown ? format_.index_of(std::string_view(field.name))
                                                   : format_.index_of(field.id);
    if (index >= 0) return static_cast<std::size_t>(index);
    report_missing(field.name);
    return std::nullopt;
  }

  void report_missing(const std::string& name) {
    if (std::find(missing_.begin(), missing_.end(), name) == missing_.end()) {
      missing_.push_back(name);
    }
  }

  const Format& format_;
  std::vector<std::string>& missing_;
};

}  // namespace

BoundFilter Filter::bind(const FormatPtr& format) const {
  BoundFilter filter;
  const Bound root = Binder(*format, filter.missing_fields_).bind(*expression_);
  filter.root_ = root.node;
  filter.never_matches_ = !root.can_be_yes && !filter.missing_fields_.empty();
  return filter;
}

void BoundFilter::apply(const Batch& batch, Selection& selection) const {
  filter::RowBits rows = filter::RowBits::of(selection, batch.rows);
  root_->keep(batch, filter::Answer::yes, rows);
  rows.write(base::chosen_kernel(), selection);
}

}  // namespace weir
