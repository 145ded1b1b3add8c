// SPDX-License-Identifier: Apache-2.0
// filter: expression text -> Filter.
#include "weir/filter.hpp"

#include "filter/expression.hpp"

namespace weir {

Result<Filter> Filter::parse(std::string_view expression) {
  auto parsed = filter::parse_expression(expression);
  if (!parsed) return Unexpected(std::move(parsed.error()));
  Filter filter;
  filter.expression_ = std::move(*parsed);
  filter::add_fields(*filter.expression_, filter.fields_);
  return filter;
}

std::string Filter::to_string() const { return filter::spell(*expression_); }

}  // namespace weir
