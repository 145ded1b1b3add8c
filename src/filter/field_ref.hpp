// SPDX-License-Identifier: Apache-2.0
// filter: a field as an expression names it.
#pragma once

#include <string>
#include <string_view>

#include "weir/field.hpp"

namespace weir::filter {

/// A field of the catalogue, or a text field under a name that the catalogue lacks.
struct FieldRef {
  FieldId id = FieldId::unknown;
  FieldType type = FieldType::text;
  std::string name;  ///< with hyphens

  explicit FieldRef(FieldId known)
      : id(known), type(field_info(known).type), name(field_info(known).name) {}
  /// Takes any name; the ones that the catalogue has become fields of the catalogue.
  static FieldRef named(std::string_view name);

 private:
  FieldRef() = default;
};

/// How the numbers of a field are named; none for what is not a number of the catalogue.
ValueNames value_names(const FieldRef& field) noexcept;
/// Largest number that an expression may compare with the field.
std::uint64_t largest_number(const FieldRef& field) noexcept;
/// True if AWS writes the field's values as words of its own choice: these are compared without
/// regard to case, since nobody remembers whether it is `reject` or `REJECT`.
bool holds_aws_words(const FieldRef& field);
/// The words that such a field can hold; empty if AWS may add to them at any time.
std::vector<std::string_view> closed_words(const FieldRef& field);

}  // namespace weir::filter
