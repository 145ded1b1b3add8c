// SPDX-License-Identifier: Apache-2.0
// explain: the values of a record as text.
#include "explain/record_view.hpp"

#include "weir/names.hpp"

namespace weir::explain {

std::optional<std::string> RecordView::written(std::size_t position) const {
  const Column* column = &batch_->columns[position];
  if (!column->decoded) return std::nullopt;
  switch (format().fields()[position].type) {
    case FieldType::number:
    case FieldType::time:
      if (const auto value = value_at(&Column::numbers, column)) return std::to_string(*value);
      break;
    case FieldType::address:
      if (const auto value = value_at(&Column::addresses, column)) return to_string(*value);
      break;
    case FieldType::text:
      if (const auto value = value_at(&Column::texts, column); value && !value->empty()) {
        const FieldId id = format().fields()[position].id;
        const bool encoded = id != FieldId::unknown && field_info(id).percent_encoded;
        return encoded ? percent_encode_tag(*value) : std::string(*value);
      }
      break;
  }
  return std::nullopt;
}

}  // namespace weir::explain
