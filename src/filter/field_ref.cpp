// SPDX-License-Identifier: Apache-2.0
// filter: what the catalogue says about a field, as far as comparing its values is concerned.
#include "filter/field_ref.hpp"

#include <algorithm>
#include <limits>

namespace weir::filter {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(' '), text.size());
    if (length > 0) words.push_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return words;
}

}  // namespace

FieldRef FieldRef::named(std::string_view name) {
  if (const FieldId id = find_field(name); id != FieldId::unknown) return FieldRef(id);
  FieldRef field;
  field.name = name;
  std::replace(field.name.begin(), field.name.end(), '_', '-');
  return field;
}

ValueNames value_names(const FieldRef& field) noexcept {
  return field.id == FieldId::unknown ? ValueNames::none : field_info(field.id).names;
}

std::uint64_t largest_number(const FieldRef& field) noexcept {
  switch (value_names(field)) {
    case ValueNames::tcp_flags:
      return 255;
    default:
      return field.id == FieldId::unknown ? std::numeric_limits<std::uint64_t>::max()
                                          : field_info(field.id).max;
  }
}

bool holds_aws_words(const FieldRef& field) {
  if (field.id == FieldId::unknown || field.type != FieldType::text) return false;
  // The catalogue lists such values as words, and describes the form of all others; a listed word
  // is then also the example.
  const FieldInfo& info = field_info(field.id);
  const std::vector<std::string_view> words = words_of(info.values);
  return std::find(words.begin(), words.end(), info.example) != words.end();
}

std::vector<std::string_view> closed_words(const FieldRef& field) {
  if (!holds_aws_words(field) || field_info(field.id).open_set) return {};
  return words_of(field_info(field.id).values);
}

}  // namespace weir::filter
