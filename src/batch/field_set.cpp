// SPDX-License-Identifier: Apache-2.0
// batch: which columns a question needs.
#include <algorithm>
#include <string>

#include "weir/batch.hpp"

namespace weir {

void FieldSet::add(std::string_view name) {
  const FieldId id = find_field(name);
  if (id != FieldId::unknown) return add(id);
  if (std::find(others_.begin(), others_.end(), name) == others_.end()) others_.emplace_back(name);
}

void FieldSet::add(const FieldSet& other) {
  everything_ = everything_ || other.everything_;
  for (std::size_t i = 0; i < known_.size(); ++i) known_[i] = known_[i] || other.known_[i];
  for (const std::string& name : other.others_) add(name);
}

bool FieldSet::contains(const FormatField& field) const {
  if (everything_) return true;
  if (field.id != FieldId::unknown) return known_[static_cast<std::size_t>(field.id)];
  return std::find(others_.begin(), others_.end(), field.name) != others_.end();
}

}  // namespace weir
