// SPDX-License-Identifier: Apache-2.0
// render: format -> how each of its fields is written.
#include "render/record_plan.hpp"

#include <algorithm>

#include "render/record_columns.hpp"

namespace weir::render {
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

/// Fields whose numbers are nearly always below 256, whatever their type allows.
bool is_byte(FieldId id) noexcept {
  return id == FieldId::version || id == FieldId::protocol || id == FieldId::tcp_flags ||
         id == FieldId::traffic_path;
}

ValueKind kind_of(const FormatField& field, bool zoned) {
  const bool known = field.id != FieldId::unknown;
  switch (field.type) {
    case FieldType::number:
      return is_byte(field.id) ? ValueKind::byte : ValueKind::number;
    case FieldType::time:
      return zoned ? ValueKind::zoned_time : ValueKind::time;
    case FieldType::address:
      return ValueKind::address;
    case FieldType::text:
      break;
  }
  return known && field_info(field.id).percent_encoded ? ValueKind::tag : ValueKind::text;
}

const void* values_of(const Column& column, ValueKind kind) {
  switch (kind) {
    case ValueKind::number:
    case ValueKind::byte:
    case ValueKind::time:
    case ValueKind::zoned_time:
      return column.numbers.data();
    case ValueKind::address:
      return column.addresses.data();
    case ValueKind::text:
    case ValueKind::tag:
      break;
  }
  return column.texts.data();
}

}  // namespace

void RecordPlan::prepare(bool zoned) {
  constexpr std::size_t end_of_record = 16;
  record_bytes_ = end_of_record;
  bound_.resize(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const FieldFrame& frame = frames_[i];
    BoundField& bound = bound_[i];
    bound.kind = kind_of(fields_[i], zoned);
    bound.quotes = frame.quoted ? 1 : 0;
    bound.long_before = frame.before.data();
    bound.before_length = static_cast<std::uint32_t>(frame.before.size());
    bound.missing_length = static_cast<std::uint8_t>(frame.missing.size());
    std::copy_n(frame.before.begin(), std::min(frame.before.size(), bound.before.size()),
                bound.before.begin());
    std::copy_n(frame.missing.begin(), std::min(frame.missing.size(), bound.missing.size()),
                bound.missing.begin());
    // Numbers and addresses are shorter than the longest text; a quote and a separator follow.
    record_bytes_ += std::max(frame.before.size(), bound.before.size()) + kMostPlainText + 2;
  }
}

std::span<BoundField> RecordPlan::bind(const Batch& batch) {
  const std::vector<const Column*> columns = bind_columns(batch, fields_);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column* const column = columns[i];
    BoundField& bound = bound_[i];
    if (column == nullptr) {
      bound.nulls = &all_null();
      continue;
    }
    bound.nulls = column->nulls.any() ? &column->nulls : nullptr;
    bound.values = values_of(*column, bound.kind);
  }
  return bound_;
}

}  // namespace weir::render
