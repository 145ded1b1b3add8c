// SPDX-License-Identifier: Apache-2.0
// explain: one row of a batch, field by field.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/batch.hpp"

namespace weir::explain {

/// Typed access to one record. A field that is missing, empty or not in the format has no value.
/// Lifetime: that of the batch.
class RecordView {
 public:
  RecordView(const Batch& batch, std::size_t row) : batch_(&batch), row_(row) {}

  std::optional<std::uint64_t> number(FieldId id) const noexcept {
    return value_at(&Column::numbers, batch_->find(id));
  }
  std::optional<Ip> address(FieldId id) const noexcept {
    return value_at(&Column::addresses, batch_->find(id));
  }
  std::optional<std::string_view> text(FieldId id) const noexcept {
    const auto value = value_at(&Column::texts, batch_->find(id));
    return value && !value->empty() ? value : std::nullopt;
  }

  const Format& format() const noexcept { return *batch_->format; }
  /// True if someone asked for the column at this position of the format.
  bool decoded(std::size_t position) const noexcept { return batch_->columns[position].decoded; }
  /// The value at a position of the format as it stands in a log; nothing if it is missing.
  std::optional<std::string> written(std::size_t position) const;

 private:
  template <class T>
  std::optional<T> value_at(std::vector<T> Column::*values, const Column* column) const noexcept {
    if (column == nullptr || column->nulls.test(row_)) return std::nullopt;
    if (row_ >= (column->*values).size()) return std::nullopt;
    return (column->*values)[row_];
  }

  const Batch* batch_;
  std::size_t row_;
};

}  // namespace weir::explain
