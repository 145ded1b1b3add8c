// SPDX-License-Identifier: Apache-2.0
// render: format -> what stands between the values of its records.
#include "render/record_plan.hpp"

#include <algorithm>
#include <utility>

#include "render/record_columns.hpp"

namespace weir {
namespace {

/// Every row lacks a column that the batch does not have.
const NullMask& all_null() {
  static const NullMask mask = [] {
    NullMask nulls;
    for (std::size_t row = 0; row < kBatchRows; ++row) nulls.set(row);
    return nulls;
  }();
  return mask;
}

}  // namespace

void RecordPlan::add(FieldFrame frame) {
  // Numbers and addresses are shorter than the longest text; a closing quote may follow.
  record_bytes_ +=
      std::max(frame.before.padded_length(), frame.missing.padded_length()) + kMostPlainText + 1;
  frames_.push_back(std::move(frame));
}

std::span<const BoundField> RecordPlan::bind(const Batch& batch) {
  const std::vector<const Column*> columns = bind_columns(batch, fields_);
  bound_.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column* const column = columns[i];
    const bool is_tag =
        fields_[i].id != FieldId::unknown && field_info(fields_[i].id).percent_encoded;
    bound_[i] = {.frame = &frames_[i],
                 .nulls = nullptr,
                 .numbers = nullptr,
                 .addresses = nullptr,
                 .texts = nullptr,
                 .type = fields_[i].type,
                 .percent_encoded = is_tag};
    if (column == nullptr) {
      bound_[i].nulls = &all_null();
      continue;
    }
    if (column->nulls.any()) bound_[i].nulls = &column->nulls;
    bound_[i].numbers = column->numbers.data();
    bound_[i].addresses = column->addresses.data();
    bound_[i].texts = column->texts.data();
  }
  return bound_;
}

}  // namespace weir
